"""What happened, as the desk shows it: a question's thread with the state of its mails, and the events of a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consult.desk.event_words import sentence
from consult.desk.items import stamp
from consult.outbox.models import MailState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consult.activity.models import Activity
    from consult.contact.thread import Entry

# State of a mail → what the badge macro calls it.
MAIL_BADGES = {
    MailState.PENDING: "queued",
    MailState.SENT: "sent",
    MailState.FAILED: "failed",
    MailState.EXPIRED: "failed",
}


def shown(entries: Iterable[Entry], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Entries of a thread for the ``thread`` macro; ``names`` are those of the advisors by id."""
    return [_entry(number, entry, names) for number, entry in enumerate(entries, 1)]


def events(rows: Iterable[Activity], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What happened to a talk, for the ``thread`` macro."""
    return [
        {
            "kind": "event",
            "at": row.at,
            "when": stamp(row.at),
            "text": sentence(row.what, row.actor, row.data, row.why, names),
        }
        for row in rows
    ]


def _entry(number: int, entry: Entry, names: Mapping[int, str]) -> dict[str, Any]:
    is_event = entry.kind == "event"
    return {
        "kind": entry.kind,
        "author": entry.author,
        "at": entry.at,
        "when": stamp(entry.at),
        "text": sentence(entry.text, entry.author, entry.data or {}, entry.why, names)
        if is_event
        else entry.text,
        "state": MAIL_BADGES[MailState(entry.mail_state)] if entry.mail_state else None,
        "id": f"bericht-{number}",
    }
