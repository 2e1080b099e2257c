"""What the figures may be narrowed down to: names for the filter, and nothing that never asked anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import or_, select

from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry
from consult.office.statistics.asking import cut_name
from consult.people.models import Organisation, Topic
from consult.statistics.figures import Cut, CutKind
from consult.statistics.scope import province_of

if TYPE_CHECKING:
    from consult.database import DbSession

    Options = list[tuple[str, str]]


def choices(session: DbSession, language: str) -> list[tuple[str, Options]]:
    """Groups of names with their options, as an address names them; three statements."""
    topics = session.execute(select(Topic.id, Topic.name, Topic.name_en).order_by(Topic.position, Topic.id))
    pages = session.execute(select(ContactPage.id, ContactPage.title).order_by(ContactPage.title))
    asked = session.execute(
        select(Organisation.id, Organisation.name, Organisation.code, Organisation.province)
        .where(
            or_(
                Organisation.id.in_(select(Enquiry.organisation_id)),
                Organisation.id.in_(select(Booking.organisation_id)),
            )
        )
        .order_by(Organisation.name)
    ).all()
    provinces = sorted(filter(None, {province_of(each.code, each.province) for each in asked}))
    english = language == "en"
    groups = [
        (
            gettext("Thema"),
            [_option(CutKind.TOPIC, id_, en if english and en else nl) for id_, nl, en in topics],
        ),
        (gettext("Pagina"), [_option(CutKind.PAGE, id_, title) for id_, title in pages]),
        (gettext("Provincie"), [_option(CutKind.PROVINCE, name, name) for name in provinces]),
        (gettext("Organisatie"), [_option(CutKind.ORGANISATION, each.id, each.name) for each in asked]),
    ]
    return [(title, options) for title, options in groups if options]


def _option(kind: CutKind, key: int | str, name: str) -> tuple[str, str]:
    return cut_name(Cut(kind, key)), name
