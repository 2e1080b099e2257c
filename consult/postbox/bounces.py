"""A mail that says that one of ours did not arrive: which one, for whom, and why (RFC 3464, and what came before).

A bounce carries our own invite back; that is why it is looked for before any answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.postbox.mime import leaves
from consult.scheduling.text import address_of, one_line

if TYPE_CHECKING:
    from consult.postbox.addresses import Own
    from consult.postbox.mime import Part

MOST_REPORT = 64 * 1024
LONGEST_REASON = 300

_STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_KINDS = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
        "message/rfc822-headers",
    }
)
_FIELD = re.compile(
    r"^(action|status|final-recipient|original-recipient|diagnostic-code):[ \t]*(.{0,900}(?:\n[ \t].{0,300}){0,5})",
    re.IGNORECASE | re.MULTILINE,
)
_PERMANENT = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b")
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back. ``message_ids`` are ours that it names; ``recipient`` is "" when it names nobody."""

    message_ids: tuple[str, ...]
    recipient: str
    status: str
    reason: str


def is_report(mail: Part) -> bool:
    """Whether it is a report on a mail of ours (RFC 6522): failed, late, delivered, read."""
    return mail.kind == "multipart/report"


def failure(mail: Part, sender: str, own: Own) -> Bounce | None:
    """What failed for good; None when nothing did: a delay, a receipt, or no bounce at all."""
    if is_report(mail):
        return _reported(mail, own)
    if sender.partition("@")[0].lower() in _DAEMONS:
        return _told_in_words(mail, own)
    return None


def _reported(mail: Part, own: Own) -> Bounce | None:
    status: dict[str, str] = {}
    ids: list[str] = []
    for part in leaves(mail):
        if part.kind in _STATUS_KINDS:
            status = status or _failed_fields(part.text(MOST_REPORT))
        elif part.kind in _RETURNED_KINDS:
            ids += own.message_id.findall(part.text(MOST_REPORT))
    if not status:
        return None
    ids += own.message_id.findall(" ".join((mail.plain("in-reply-to"), mail.plain("references"))))
    recipient = status.get("original-recipient") or status.get("final-recipient") or ""
    return Bounce(
        tuple(dict.fromkeys(each.lower() for each in ids)),
        address_of(recipient.rpartition(";")[2]),
        status.get("status", "")[:20],
        status.get("diagnostic-code", "")[:LONGEST_REASON],
    )


def _failed_fields(report: str) -> dict[str, str]:
    """The fields of the first receiver for whom it failed; each receiver has a block of lines."""
    for block in re.split(r"\r?\n[ \t]*\r?\n", report.replace("\r\n", "\n"))[:50]:
        fields = {name.lower(): one_line(value) for name, value in _FIELD.findall(block)}
        if fields.get("action", "").lower() == "failed":
            return fields
    return {}


def _told_in_words(mail: Part, own: Own) -> Bounce | None:
    text = " ".join(part.text(MOST_REPORT) for part in leaves(mail))
    ids = own.message_id.findall(text)
    status = _PERMANENT.search(text)
    if not ids or status is None:
        return None
    return Bounce(tuple(dict.fromkeys(each.lower() for each in ids)), "", status.group(), "")
