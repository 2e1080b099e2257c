"""What a row of the trail is about, by name: a number, an address, a title; visitors are never named.

A subject that is gone is told by kind and number. One statement for all kinds together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, literal, select, union_all

from consult.booking.groups.models import GroupSession
from consult.booking.models import Booking, MeetingType
from consult.contact.models import ContactPage, Enquiry
from consult.people.accounts import Account
from consult.people.keys.models import ApiKey
from consult.people.models import Advisor, Organisation, Team, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consult.activity.models import Activity
    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is about: ``kind`` and ``name`` in words, and where it can be looked at (or None)."""

    kind: str
    name: str
    href: str | None


# Kind → what it is called, and the column that names it (None: only its number is told).
LABELLED: Mapping[str, tuple[Any, Any]] = {
    "enquiry": (_l("Vraag"), Enquiry.reference),
    "booking": (_l("Gesprek"), Booking.reference),
    "group_session": (_l("Bijeenkomst"), GroupSession.title),
    "seat": (_l("Aanmelding"), None),
    "series": (_l("Reeks gesprekken"), None),
    "contact": (_l("Contactpersoon"), None),
    "organisation": (_l("Organisatie"), Organisation.name),
    "account": (_l("Account"), Account.email),
    "advisor": (_l("Adviseur"), Advisor.name),
    "team": (_l("Team"), Team.name),
    "topic": (_l("Thema"), Topic.name),
    "page": (_l("Pagina"), ContactPage.title),
    "meeting_type": (_l("Soort gesprek"), MeetingType.name),
    "api_key": (_l("API-sleutel"), ApiKey.name),
    "text": (_l("Tekst"), None),
    "rules": (_l("Regels"), None),
}
PRIVACY = _l("Privacy")


def subjects_of(session: DbSession, rows: Iterable[Activity]) -> dict[tuple[str, int], Subject]:
    """What each of these rows is about."""
    asked = {(row.subject_kind, row.subject_id) for row in rows}
    wanted: dict[str, set[int]] = {}
    for kind, number in asked:
        if LABELLED.get(kind, (None, None))[1] is not None:
            wanted.setdefault(kind, set()).add(number)
    names: dict[tuple[str, int], str] = {}
    if wanted:
        queries = []
        for kind, numbers in sorted(wanted.items()):
            column = LABELLED[kind][1]
            model = column.class_
            queries.append(select(literal(kind), model.id, cast(column, String)).where(model.id.in_(numbers)))
        names = {(row[0], row[1]): row[2] for row in session.execute(union_all(*queries))}
    return {each: _subject(*each, names.get(each)) for each in asked}


def _subject(kind: str, number: int, name: str | None) -> Subject:
    if kind == "privacy":
        return Subject(str(PRIVACY), "", url_for("office.privacy"))
    words = str(LABELLED[kind][0]) if kind in LABELLED else kind
    return Subject(words, name or str(number), _href(kind, number, name))


def _href(kind: str, number: int, name: str | None) -> str | None:
    """Where it is; None for what is gone or has no page of its own."""
    if name is None:
        return None
    if kind in {"enquiry", "booking"}:
        return url_for(f"desk.{kind}", reference=name)
    endpoint = PLACES.get(kind)
    return url_for(endpoint, number=number) if endpoint else None


PLACES = {
    "account": "office.user",
    "advisor": "office.advisor",
    "organisation": "office.organisation",
    "team": "office.team",
    "topic": "office.topic",
    "page": "office.contact_page",
    "meeting_type": "office.meeting_type",
}
