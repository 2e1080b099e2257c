"""Organisations that nobody spoke to for a while: questions, messages and talks all count as contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, union_all

from consult.booking.models import Booking, BookingState
from consult.contact.models import Enquiry, Message, MessageKind
from consult.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

WEEKS = 12
MOST = 10


class Silence(NamedTuple):
    """An organisation and when it was last in contact; None when it never was."""

    organisation_id: int
    name: str
    last_at: datetime | None


def silent_organisations(
    session: DbSession, owner_id: int, *, now: datetime, weeks: int = WEEKS, most: int = MOST
) -> Sequence[Silence]:
    """The organisations of this owner without contact for ``weeks``, the longest silence first; one statement.

    Who has a talk planned is not silent.
    """
    own = select(Organisation.id).where(Organisation.owner_id == owner_id)
    asked = select(Enquiry.organisation_id.label("id"), Enquiry.asked_at.label("at"))
    wrote = select(Enquiry.organisation_id, Message.at).join(Message, Message.enquiry_id == Enquiry.id)
    talked = select(Booking.organisation_id, Booking.starts_at)
    contacts = union_all(
        asked.where(Enquiry.organisation_id.in_(own)),
        wrote.where(Enquiry.organisation_id.in_(own), Message.kind != MessageKind.NOTE),
        talked.where(Booking.organisation_id.in_(own), Booking.state != BookingState.CANCELLED),
    ).subquery()
    last_at = func.max(contacts.c.at)
    query = (
        select(Organisation.id, Organisation.name, last_at)
        .outerjoin(contacts, contacts.c.id == Organisation.id)
        .where(Organisation.owner_id == owner_id)
        .group_by(Organisation.id, Organisation.name)
        .having((last_at < now - timedelta(weeks=weeks)) | last_at.is_(None))
        .order_by(last_at.is_not(None), last_at, Organisation.name)
        .limit(most)
    )
    return [Silence(*row) for row in session.execute(query)]
