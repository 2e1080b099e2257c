"""A mail as bytes: composed once, when it is queued, and carried unchanged through Flask-Mail.

``compose`` makes the final SMTP bytes of a letter without any app; ``StoredMessage`` hands such bytes to a
Flask-Mail connection. Knows nothing of who is told what, nor of the server that will take it.

Headers are encoded here and never assigned to an ``EmailMessage``: Python 3.11's decodes an encoded word in a
name or subject into line breaks, and so into a header of somebody else's making.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email import policy
from email.header import Header, decode_header, make_header
from email.parser import BytesParser
from email.utils import format_datetime, quote
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from flask_mail import Message

from consult.scheduling.text import checked_address, many_lines, one_line

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage
    from email.mime.base import MIMEBase

CALENDAR_METHODS = frozenset({"REQUEST", "CANCEL", "DECLINECOUNTER", "PUBLISH"})
LONGEST_LINE = 76
MOST_REFERENCES = 20

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f\x41-\x7e]{1,120}@[\x21-\x3b\x3d\x3f\x41-\x7e]{1,120}>")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person, in words.

    ``date`` is aware. ``calendar`` holds the bytes of a calendar object, ``calendar_method`` the METHOD that
    stands in it. ``in_reply_to`` and ``references`` are Message-IDs with their angle brackets; they may come
    from strangers, and what is not a Message-ID is left out. ``auto_submitted`` marks what no person typed
    (RFC 3834), so that other machines do not answer it.
    """

    from_name: str
    from_address: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    reply_to: str | None = None
    calendar: bytes | None = None
    calendar_method: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: bool = False


def compose(letter: Letter) -> bytes:
    """The final bytes of the letter for SMTP: ASCII only, CRLF, no line over 998 octets (RFC 5322 2.1.1).

    The same letter gives the same bytes. Structure: CALENDAR.md section 3.

    Raises:
        ValueError: an address that a header cannot carry, a Message-ID that is none, a date without a zone,
            or a calendar part whose METHOD is not the one named.
    """
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise ValueError("not a Message-ID")
    if letter.date.utcoffset() is None:
        raise ValueError("a mail is dated with an aware instant")
    return _headers(letter) + _body(letter)


def ascii_address(address: str) -> str:
    """The address with its domain in the form DNS and every mail server know (IDNA).

    Raises:
        ValueError: not an address, or a local part beyond ASCII, which few servers take (RFC 6531).
    """
    local, _, domain = checked_address(address).rpartition("@")
    if not local.isascii():
        raise ValueError("a mail address with letters beyond a-z before the @")
    return address if domain.isascii() else f"{local}@{domain.encode('idna').decode('ascii')}"


def header_text(name: str, text: str) -> str:
    """The value of the unstructured header ``name``, folded with CRLF, encoded where it must (RFC 2047)."""
    shown = one_line(text)
    if _PLAIN.fullmatch(shown) and "=?" not in shown and len(name) + 2 + len(shown) <= LONGEST_LINE:
        return shown
    return Header(shown, "utf-8", LONGEST_LINE, name).encode(linesep="\r\n")


def mailbox(header: str, name: str, address: str) -> str:
    """The value of an address header: the name quoted or encoded, and the address always kept (RFC 5322 3.4).

    Raises:
        ValueError: the address is not one that can be mailed to.
    """
    bare, shown = ascii_address(address), one_line(name)
    if not shown:
        return bare
    if not _PLAIN.fullmatch(shown) or "=?" in shown or len(shown) > LONGEST_LINE - len(header) - 4:
        phrase = Header(shown, "utf-8", LONGEST_LINE, header).encode(linesep="\r\n")
    else:
        phrase = shown if _ATOMS.fullmatch(shown) else f'"{quote(shown)}"'
    last = len(phrase.rpartition("\r\n")[2]) + ("\r\n" not in phrase) * (len(header) + 2)
    return f"{phrase}\r\n <{bare}>" if last + len(bare) + 3 > LONGEST_LINE else f"{phrase} <{bare}>"


def _headers(letter: Letter) -> bytes:
    lines = {
        "From": mailbox("From", letter.from_name, letter.from_address),
        "To": mailbox("To", letter.to_name, letter.to_address),
    }
    if letter.reply_to:
        lines["Reply-To"] = mailbox("Reply-To", letter.from_name, letter.reply_to)
    lines["Subject"] = header_text("Subject", letter.subject)
    lines["Date"] = format_datetime(letter.date)
    lines["Message-ID"] = letter.message_id
    answered = _known_ids((letter.in_reply_to or "",))
    if answered:
        lines["In-Reply-To"] = answered[0]
    thread = _known_ids(letter.references) or answered
    if thread:
        lines["References"] = "\r\n ".join(thread[-MOST_REFERENCES:])
    if letter.auto_submitted:
        lines["Auto-Submitted"] = "auto-generated"
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("ascii")


def _known_ids(given: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(each for each in given if _MESSAGE_ID.fullmatch(each)))


def _body(letter: Letter) -> bytes:
    """The rest of the mail, its own Content-Type first.

    Put together by hand: the parts are always these, and the standard library's tree of parts costs ten times as much.
    """
    # "=_" cannot occur in quoted-printable or base64, so the boundary cannot occur in a part.
    told_apart = sha256(letter.message_id.encode()).hexdigest()[:32]
    texts = [_words(letter.text, "plain"), _words(letter.html, "html")]
    if letter.calendar is None and letter.calendar_method is None:
        return _multipart("alternative", f"=_alt_{told_apart}", texts, first=True)
    calendar, method = letter.calendar or b"", letter.calendar_method or ""
    if method not in CALENDAR_METHODS or f"\r\nMETHOD:{method}\r\n".encode() not in calendar:
        raise ValueError("the calendar part does not hold the METHOD that is named")
    coded = encodebytes(calendar).replace(b"\n", b"\r\n")
    # Last in the alternative and in base64: in another order or encoding Gmail and Outlook show no buttons.
    texts.append(
        b'Content-Type: text/calendar; method="%s"; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n%s" % (method.encode(), coded)
    )
    attached = (
        b'Content-Type: application/ics; name="invite.ics"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="invite.ics"\r\n\r\n%s' % coded
    )
    alternative = _multipart("alternative", f"=_alt_{told_apart}", texts)
    return _multipart("mixed", f"=_mix_{told_apart}", [alternative, attached], first=True)


def _multipart(kind: str, boundary: str, parts: list[bytes], *, first: bool = False) -> bytes:
    """A multipart with its own header (RFC 2046 5.1.1); ``first`` is the one that the whole mail is."""
    edge = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode()
    version = b"MIME-Version: 1.0\r\n" if first else b""
    inside = b"".join(b"%s\r\n%s\r\n" % (edge, part) for part in parts)
    return b"%s%s\r\n%s%s--\r\n" % (head, version, inside, edge)


def _words(text: str, subtype: str) -> bytes:
    lines = f"{many_lines(text)}\n".replace("\n", "\r\n").encode()
    return (
        b'Content-Type: text/%s; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n%s" % (subtype.encode(), b2a_qp(lines))
    )


class StoredMessage(Message):
    """A composed mail on its way through Flask-Mail: whatever asks for its bytes gets those that were stored.

    Needs no app. ``sender`` and ``recipient`` are the envelope: one mail, one receiver. Subject, text and
    html are read back from the bytes, for ``mail.record_messages()`` and whoever looks on.

    Raises:
        ValueError: an envelope address that cannot be mailed to or from.
    """

    def __init__(self, raw: bytes, *, sender: str, recipient: str) -> None:
        # Not super().__init__: it makes a Message-ID, and for that asks the network for this machine's name.
        self.raw = raw
        self.sender = ascii_address(sender)
        self.recipients = [ascii_address(recipient)]
        self.reply_to = self.date = self.charset = self.extra_headers = None
        self.cc, self.bcc, self.attachments, self.alts = [], [], [], {}
        self.mail_options, self.rcpt_options = [], []

    def as_bytes(self) -> bytes:
        """The stored bytes, unchanged."""
        return self.raw

    def as_string(self) -> str:
        """The stored bytes as text; they are ASCII."""
        return self.raw.decode("ascii")

    def _message(self) -> MIMEBase:
        return cast("MIMEBase", self.parsed())

    def parsed(self) -> EmailMessage:
        """The mail as a tree of parts, to look at; never to send."""
        return BytesParser(policy=policy.SMTP).parsebytes(self.raw)

    @property
    def subject(self) -> str:  # type: ignore[override] # what is stored is not written to
        """The subject as a reader sees it."""
        stated = BytesParser().parsebytes(self.raw, headersonly=True).get("Subject", "")
        return one_line(str(make_header(decode_header(stated))))

    @property
    def msgId(self) -> str:  # type: ignore[override] # noqa: N802 - Flask-Mail's name
        """The Message-ID that was stored."""
        return BytesParser().parsebytes(self.raw, headersonly=True).get("Message-ID", "")

    @property
    def body(self) -> str | None:  # type: ignore[override] # what is stored is not written to
        """The text/plain part."""
        return self._part("plain")

    @property  # type: ignore[misc] # what is stored is not written to
    def html(self) -> str | None:
        """The text/html part."""
        return self._part("html")

    def _part(self, kind: str) -> str | None:
        found = self.parsed().get_body((kind,))
        return None if found is None else str(found.get_content()).replace("\r\n", "\n")
