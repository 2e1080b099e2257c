"""What a mail is, from its bytes alone, in the order of CALENDAR 4: too large, a bounce, our own or a machine's, an
answer of a calendar, a text. Decides nothing about what it is for, and never fails, whatever the bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.postbox.bounces import Bounce, failure, is_report
from consult.postbox.mime import MOST_BYTES, Part, leaves, whole
from consult.postbox.plain_text import from_html, typed
from consult.scheduling import reader
from consult.scheduling.text import address_of, one_line

if TYPE_CHECKING:
    from consult.postbox.addresses import Own

MOST_CALENDAR = reader.MOST_BYTES + 1
MOST_WORDS = 256 * 1024
MOST_CALENDARS = 4
MOST_NAMES = 10
MOST_TOKENS = 5

_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES = frozenset({"x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-autoreply-from"})
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_ADDRESSED = ("to", "cc", "resent-to")
_ANGLED = re.compile(r"<([^<>]{3,254})>")


class Kind(StrEnum):
    """What a mail turns out to be."""

    TOO_LARGE = "too-large"
    BOUNCE = "bounce"
    OWN = "own"
    AUTOMATIC = "automatic"
    ANSWER = "answer"
    TEXT = "text"
    BROKEN_CALENDAR = "broken-calendar"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say: for finding the mail again and for knowing who wrote. Nothing of it is proven."""

    message_id: str
    sender: str
    sender_name: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a mail is, with what belongs to that kind; ``attachments`` are names of files that are not read."""

    kind: Kind
    bounce: Bounce | None = None
    answers: tuple[reader.Answer, ...] = ()
    text: str = ""
    attachments: tuple[str, ...] = ()
    flaw: str | None = None


def envelope(raw: bytes, own: Own) -> Envelope:
    """Who wrote, and which of our tokens it was sent to: as delivered if that is told, else as addressed."""
    mail = whole(raw)
    name, address = _sender(mail)
    found: tuple[str, ...] = ()
    for headers in (_DELIVERED, _ADDRESSED):
        found = found or own.tokens(" , ".join(text for header in headers for text in mail.every(header)))
    return Envelope(mail.plain("message-id", most=255).strip(), address, name, found[:MOST_TOKENS])


def content_hash(raw: bytes, token: str | None) -> str:
    """The same for the same mail to the same address, whatever servers wrote on it on the way. Hexadecimal."""
    mail = whole(raw)
    digest = hashlib.sha256()
    for text in (token or "", mail.plain("from"), mail.plain("date"), mail.plain("subject")):
        digest.update(text.encode() + b"\0")
    # A server may end the lines or the mail differently.
    body = memoryview(raw)[mail.body_start :]
    for start in range(0, len(body), 1 << 20):
        digest.update(bytes(body[start : start + (1 << 20)]).replace(b"\r", b"").replace(b"\n", b""))
    return digest.hexdigest()


def judge(raw: bytes, own: Own) -> Judgement:
    """What the mail is. For any bytes."""
    if len(raw) > MOST_BYTES:
        return Judgement(kind=Kind.TOO_LARGE)
    mail = whole(raw)
    sender = _sender(mail)[1]
    bounce = failure(mail, sender, own)
    if bounce is not None:
        return Judgement(kind=Kind.BOUNCE, bounce=bounce)
    if is_report(mail):
        return Judgement(kind=Kind.AUTOMATIC)
    if own.includes(sender) or own.message_id.fullmatch(mail.plain("message-id").strip()):
        return Judgement(kind=Kind.OWN)
    parts = tuple(leaves(mail))
    answer = _answer(parts)
    if answer is not None and answer.kind is Kind.ANSWER:
        # Calendars and meeting rooms that answer by themselves mark their mail as automatic: it is an answer still.
        return answer
    words = _words(parts)
    if _is_automatic(mail):
        return Judgement(kind=Kind.AUTOMATIC, text=words.text)
    return answer or words


def _sender(mail: Part) -> tuple[str, str]:
    """Name and address of who wrote; "" for what cannot be read."""
    parsed = mail.parsed("from")
    addresses = getattr(parsed, "addresses", ())
    if addresses:
        address = address_of(str(addresses[0].addr_spec))
        if address:
            return one_line(str(addresses[0].display_name))[:128], address.lower()
    stated = mail.plain("from")
    angled = _ANGLED.search(stated)
    return "", address_of(angled.group(1) if angled else stated).lower()


def _is_automatic(mail: Part) -> bool:
    """Whether a machine wrote it, so that nobody waits for what we make of it (RFC 3834, and older habits)."""
    submitted = mail.plain("auto-submitted").partition(";")[0].strip().lower()
    names = mail.names()
    return (
        submitted not in {"", "no"}
        or mail.plain("precedence").strip().lower() in _BULK
        or mail.plain("return-path").strip() == "<>"
        or bool(names & _MACHINES)
        or any(name.startswith("list-") for name in names)
    )


def _answer(parts: tuple[Part, ...]) -> Judgement | None:
    """The answers of the first calendar part that holds some; None when the mail has no calendar answer at all."""
    named = [part for part in parts if part.kind == "text/calendar"]
    named += [
        part
        for part in parts
        if part not in named and (part.kind == "application/ics" or part.filename.lower().endswith(".ics"))
    ]
    flaws: list[reader.Flaw] = []
    for part in named[:MOST_CALENDARS]:
        try:
            answers = reader.read(part.content(MOST_CALENDAR), charset=part.param("charset") or None)
        except reader.Unreadable as unreadable:
            flaws.append(unreadable.flaw)
        else:
            return Judgement(kind=Kind.ANSWER, answers=tuple(dict.fromkeys(answers)))
    # Another method is somebody's own invite or a meeting to look at: a file with a text, and no answer.
    broken = next((flaw for flaw in flaws if flaw is not reader.Flaw.METHOD), None)
    return None if broken is None else Judgement(kind=Kind.BROKEN_CALENDAR, flaw=broken.value)


def _words(parts: tuple[Part, ...]) -> Judgement:
    shown = [part for part in parts if not part.is_attachment]
    plain = next((part for part in shown if part.kind == "text/plain"), None)
    text = typed(plain.text(MOST_WORDS)) if plain else ""
    if not text:
        markup = next((part for part in shown if part.kind == "text/html"), None)
        text = typed(from_html(markup.text(MOST_WORDS))) if markup else ""
    files = tuple(
        part.filename or part.kind
        for part in parts
        if part.is_attachment or not part.kind.startswith(("text/", "image/"))
    )
    kind = Kind.TEXT if text or files else Kind.EMPTY
    return Judgement(kind=kind, text=text, attachments=files[:MOST_NAMES])
