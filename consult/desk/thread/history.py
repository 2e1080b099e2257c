"""What happened, as the desk shows it: a question's thread with the state of its mails, and the events of a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

from consult.contact.models import CallResult
from consult.contact.thread import CALL
from consult.desk.event_words import sentence
from consult.desk.items import stamp
from consult.outbox.models import MailState
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from consult.activity.models import Activity
    from consult.contact.thread import Entry

# State of a mail → what the badge macro calls it.
MAIL_BADGES = {
    MailState.PENDING: "queued",
    MailState.SENT: "sent",
    MailState.FAILED: "failed",
    MailState.EXPIRED: "failed",
}


def shown(
    entries: Iterable[Entry], names: Mapping[int, str], *, now: datetime, reference: str, may_act: bool
) -> list[dict[str, Any]]:
    """Entries of a question's thread for its page; ``names`` are those of the advisors by id."""
    return [
        _entry(number, entry, names)
        | {
            "log_href": url_for("desk.post", over=reference) if entry.mail_state else None,
            "seconds_left": _seconds_left(entry, now) if may_act else None,
            "message_id": entry.message_id,
        }
        for number, entry in enumerate(entries, 1)
    ]


def _seconds_left(entry: Entry, now: datetime) -> int | None:
    """For how long a reply can still be taken back."""
    if entry.leaves_at is None or entry.leaves_at <= now:
        return None
    return max(1, int((entry.leaves_at - now).total_seconds()))


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
    return {
        "kind": entry.kind,
        "author": entry.author,
        "at": entry.at,
        "when": stamp(entry.at),
        "text": _text(entry, names),
        "state": MAIL_BADGES[MailState(entry.mail_state)] if entry.mail_state else None,
        "id": f"bericht-{number}",
    }


def _text(entry: Entry, names: Mapping[int, str]) -> str:
    if entry.kind == "event":
        return sentence(entry.text, entry.author, entry.data or {}, entry.why, names)
    if entry.kind != CALL:
        return entry.text
    facts = entry.data or {}
    said = {
        CallResult.SPOKE: gettext("Gesproken."),
        CallResult.NO_ANSWER: gettext("Geen gehoor."),
        CallResult.LATER: gettext("Later terugbellen."),
    }[CallResult(facts["result"])]
    if window := facts.get("window"):
        zone, language = current.settings().timezone, current.language()
        said = gettext(
            "Terugbellen op %(moment)s.", moment=dates.moment(window[0], window[1], zone, language)
        )
    return f"{said}\n{entry.text}".strip()
