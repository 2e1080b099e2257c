"""What the figures may be narrowed down to: names for the filter, and nothing that never asked anything."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import CompoundSelect, Integer, String, cast, literal, null, or_, select, union_all

from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry
from consult.office.statistics.asking import cut_name
from consult.people.models import Organisation, Topic
from consult.statistics.figures import Cut, CutKind
from consult.statistics.scope import province_of

if TYPE_CHECKING:
    from consult.database import DbSession

    Options = list[tuple[str, str]]

_NOTHING, _NOWHERE = cast(null(), String), literal(0, Integer)
# Kind, id, name, and what else names it: the English name, or the code and the province; its place in a list.
_NAMES: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(literal(CutKind.TOPIC.value), Topic.id, Topic.name, Topic.name_en, _NOTHING, Topic.position),
    select(literal(CutKind.PAGE.value), ContactPage.id, ContactPage.title, _NOTHING, _NOTHING, _NOWHERE),
    select(
        literal(CutKind.ORGANISATION.value),
        Organisation.id,
        Organisation.name,
        Organisation.code,
        Organisation.province,
        _NOWHERE,
    ).where(
        or_(
            Organisation.id.in_(select(Enquiry.organisation_id)),
            Organisation.id.in_(select(Booking.organisation_id)),
        )
    ),
)


def choices(session: DbSession, language: str) -> list[tuple[str, Options]]:
    """Groups of names with their options, as an address names them; one statement."""
    named: defaultdict[str, list[Any]] = defaultdict(list)
    for kind, *row in session.execute(_NAMES):
        named[kind].append(row)
    asked = sorted(named[CutKind.ORGANISATION], key=itemgetter(1))
    provinces = sorted(
        filter(None, {province_of(code, province) for _id, _name, code, province, _at in asked})
    )
    topics = sorted(named[CutKind.TOPIC], key=itemgetter(4, 0))
    groups = [
        (
            gettext("Thema"),
            [
                _option(CutKind.TOPIC, id_, english if language == "en" and english else name)
                for id_, name, english, *_rest in topics
            ],
        ),
        (
            gettext("Pagina"),
            [_option(CutKind.PAGE, row[0], row[1]) for row in sorted(named[CutKind.PAGE], key=itemgetter(1))],
        ),
        (gettext("Provincie"), [_option(CutKind.PROVINCE, name, name) for name in provinces]),
        (gettext("Organisatie"), [_option(CutKind.ORGANISATION, row[0], row[1]) for row in asked]),
    ]
    return [(title, options) for title, options in groups if options]


def _option(kind: CutKind, key: int | str, name: str) -> tuple[str, str]:
    return cut_name(Cut(kind, key)), name
