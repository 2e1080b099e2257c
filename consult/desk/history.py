"""A question's thread as the desk shows it: messages with the state of their mail, and events in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from consult.activity.services import SYSTEM, VISITOR
from consult.desk.items import stamp
from consult.outbox.models import MailState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def _entry(number: int, entry: Entry, names: Mapping[int, str]) -> dict[str, Any]:
    is_event = entry.kind == "event"
    return {
        "kind": entry.kind,
        "author": entry.author,
        "at": entry.at,
        "when": stamp(entry.at),
        "text": _event(entry, names) if is_event else entry.text,
        "state": MAIL_BADGES[MailState(entry.mail_state)] if entry.mail_state else None,
        "id": f"bericht-{number}",
    }


def _event(entry: Entry, names: Mapping[int, str]) -> str:
    who = _actor(entry.author, names)
    if entry.text == "enquiry.assigned":
        return _assigned(entry, who, names)
    known = {
        "enquiry.closed": lambda: gettext("%(who)s heeft de vraag afgerond.", who=who),
        "enquiry.reopened": lambda: gettext("%(who)s heeft de vraag heropend.", who=who),
    }
    if entry.text in known:
        return known[entry.text]()
    return gettext("%(who)s: %(what)s.", who=who, what=entry.text)


def _assigned(entry: Entry, who: str, names: Mapping[int, str]) -> str:
    data = entry.data or {}
    to = _name(data.get("advisor"), names)
    if entry.author == SYSTEM:
        if data.get("advisor") is None:
            return gettext("De vraag is nog van niemand.")
        return gettext("Toegewezen aan %(to)s.", to=to)
    if who == to and data.get("before") is None:
        return gettext("%(who)s heeft de vraag opgepakt.", who=who)
    return gettext(
        "%(who)s heeft de vraag overgedragen aan %(to)s. Reden: %(why)s", who=who, to=to, why=entry.why or "–"
    )


def _actor(actor: str | None, names: Mapping[int, str]) -> str:
    if actor == VISITOR:
        return gettext("De bezoeker")
    kind, _, advisor_id = (actor or "").partition(":")
    if kind == "advisor" and advisor_id.isdecimal():
        return _name(int(advisor_id), names)
    return gettext("Het systeem")


def _name(advisor_id: Any, names: Mapping[int, str]) -> str:
    return names.get(advisor_id) or gettext("een oud-collega")
