"""Mails as the programs of visitors and their servers send them, shortened to the parts that matter."""

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SENT = datetime(2026, 11, 18, 10, tzinfo=UTC)
JOKE = "joke@gemeente.example"
DOMAIN = "consult.example.nl"


def address(token: str) -> str:
    """The address that carries a token, as the default settings make it."""
    return f"contact+{token}@{DOMAIN}"


def letter(text: str, *, to: str, sender: str = f"Joke Jansen <{JOKE}>", **headers: str) -> bytes:
    """A plain mail; ``x_y="z"`` adds the header X-Y, and one of the usual headers is replaced."""
    return mail(text, {"To": to, "From": sender} | {name.replace("_", "-"): v for name, v in headers.items()})


def mail(body: str, headers: dict[str, str]) -> bytes:
    """Headers and a body that holds the rest of its own."""
    usual = {
        "Return-Path": f"<{JOKE}>",
        "From": f"Joke Jansen <{JOKE}>",
        "Date": "Wed, 18 Nov 2026 11:00:00 +0100",
        "Message-ID": "<one@mail.gemeente.example>",
        "Subject": "Re: uw vraag",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    merged = usual | headers
    lines = [f"{name}: {value}" for name, value in merged.items()]
    return "\r\n".join([*lines, "", *body.splitlines(), ""]).encode()


def calendar(uid: str, partstat: str = "ACCEPTED", *, method: str = "REPLY", **changed: object) -> str:
    """The calendar object of an answer; ``stamp`` is in seconds after ``SENT``, ``start`` that of a counter."""
    given = {"sequence": 0, "stamp": 0, "attendee": JOKE, "comment": "", "start": None} | changed
    stamp = SENT + timedelta(seconds=int(str(given["stamp"])))
    lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{uid}"]
    lines += [f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", f"SEQUENCE:{given['sequence']}"]
    lines += [f"ATTENDEE;PARTSTAT={partstat};CN=Joke Jansen:mailto:{given['attendee']}"]
    if isinstance(given["start"], datetime):
        end = given["start"] + timedelta(minutes=30)
        lines += [f"DTSTART:{given['start']:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}"]
    if given["comment"]:
        lines.append(f"COMMENT:{given['comment']}")
    return "\r\n".join([*lines, "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR", ""])


def _part(kind: str, body: str, encoding: str = "7bit", **more: str) -> str:
    if encoding == "base64":
        body = base64.encodebytes(body.encode()).decode()
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body.encode()).decode()
    extra = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in more.items())
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n{extra}\n{body}"


def _multi(kind: str, name: str, *parts: str) -> str:
    inside = "".join(f"--{name}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{name}"\n\n{inside}--{name}--\n'


def _of(parts: str, headers: dict[str, str]) -> bytes:
    kind, _, body = parts.partition("\n")
    return mail(body, headers | {"Content-Type": kind.partition(": ")[2]})


def google(ics: str, to: str) -> bytes:
    """Three forms of one answer: text, html and calendar; and the calendar again as a file; marked as automatic."""
    text = _part("text/plain; charset=UTF-8", "Joke heeft deze uitnodiging geaccepteerd.", "base64")
    inner = _multi("alternative", "b2", text, _part('text/calendar; charset="UTF-8"; method=REPLY', ics))
    file = _part("application/ics; name=invite.ics", ics, "base64", Content_Disposition="attachment")
    return _of(_multi("mixed", "b1", inner, file), {"To": to, "Auto-Submitted": "auto-generated"})


def exchange(ics: str, to: str) -> bytes:
    """Text and calendar as alternatives, the calendar in base64."""
    text = _part("text/plain; charset=utf-8", "", "base64")
    part = _part('text/calendar; charset="utf-8"; method=REPLY', ics, "base64")
    return _of(_multi("alternative", "_000_x_", text, part), {"To": to})


def apple(ics: str, to: str) -> bytes:
    """Mixed inside alternative, quoted-printable, and no method at the part."""
    part = _part(
        "text/calendar; charset=utf-8; name=iCal-1.ics",
        ics,
        "quoted-printable",
        Content_Disposition="attachment; filename=iCal-1.ics",
    )
    inner = _multi("mixed", "A2", _part("text/html", "<html></html>"), part)
    return _of(_multi("alternative", "A1", _part("text/plain", ""), inner), {"To": to})


def thunderbird(ics: str, to: str) -> bytes:
    """Eight bits, the calendar among the alternatives."""
    text = _part("text/plain; charset=UTF-8", "Joke heeft de uitnodiging geaccepteerd.")
    part = _part("text/calendar; method=REPLY; charset=UTF-8", ics, "8bit")
    return _of(_multi("alternative", "T1", text, part), {"To": to})


SHAPES: dict[str, Callable[[str, str], bytes]] = {
    "google": google,
    "exchange": exchange,
    "apple": apple,
    "thunderbird": thunderbird,
}


def bounce(
    message_id: str, *, to: str, recipient: str = JOKE, action: str = "failed", invite: str = ""
) -> bytes:
    """A mail server's report, with our own mail in it."""
    words = _part("text/plain", "Your message could not be delivered.")
    status = _part(
        "message/delivery-status",
        "Reporting-MTA: dns; mx.gemeente.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n here\n",
    )
    invited = _part("text/calendar; method=REQUEST", invite) if invite else _part("text/plain", "Dag")
    ours = f"Content-Type: message/rfc822\n\nMessage-ID: {message_id}\nFrom: {to}\n{invited}"
    parts = _multi("report; report-type=delivery-status", "r1", words, status, ours)
    headers = {
        "To": to,
        "From": "Mail Delivery System <MAILER-DAEMON@mx.gemeente.example>",
        "Return-Path": "<>",
    }
    return _of(
        parts, headers | {"Auto-Submitted": "auto-replied", "Message-ID": "<bounce@mx.gemeente.example>"}
    )
