"""What is known of a visitor before a talk is stored: an earlier arrival of the same form, and what is open.

An address that was told of three new talks in a day is told of no more that day: whoever types the address of somebody
else cannot have them flooded. The talk stands all the same, because who plans anew after cancelling is no nuisance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, cast, func, null, select

from consult.booking.advisor_choice import ALONE, Described
from consult.booking.models import Booking, BookingState
from consult.database import UtcDateTime
from consult.outbox.models import OutgoingMail
from consult.outbox.texts.services import ANY_IN_USE
from consult.people.models import Advisor, Contact, Organisation
from consult.people.services import Recognised, organisation_named

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from consult.booking.placing import NewBooking
    from consult.database import DbSession

OPEN_STATES = (BookingState.PENDING, BookingState.CONFIRMED)
MAILS_A_DAY = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The booking that the same form made before, how many talks are open, the contact, and the organisation.

    ``only`` is the advisor when just one was asked for.

    ``has_own_texts``: whether the firm has texts of its own for mails, which are looked up only then.
    ``told_enough``: which of the visitor and the guests get no mail of a visitor's new talk, in lower case.
    """

    known_id: int | None
    open_talks: int
    told_enough: frozenset[str]
    contact: Recognised | None
    only: Described | None
    organisation_id: int | None
    organisation_owner_id: int | None
    has_own_texts: bool


def standing_of(session: DbSession, new: NewBooking, *, now: datetime) -> Standing:
    """All that must be known of the visitor, in one statement (two when an organisation is named)."""
    email = new.email.lower()
    only = new.advisor_ids[0] if len(new.advisor_ids) == 1 else 0
    asked = {"only": only, "form_key": new.form_key, "email": email, "domain": email.rpartition("@")[2]}
    guests = {"guests": [each.lower() for each in new.guests]} if new.guests else {}
    query = _standing(with_guests=bool(new.guests))
    row = session.connection().execute(query, asked | guests | {"now": now, "yesterday": now - DAY}).one()
    organisation = (row.organisation_id, row.owner_id)
    if new.organisation:
        named = organisation_named(session, new.organisation, new.email)
        organisation = (named.id, named.owner_id) if named else (None, None)
    told_enough = frozenset((row.often_invited or "").split())
    if row.made_today >= MAILS_A_DAY:
        told_enough |= {email}
    contact = Recognised(*row[6:10]) if row.contact_id is not None else None
    described = Described(*row[10:-1]) if len(new.advisor_ids) == 1 else None
    return Standing(
        row.known_id, row.open_talks, told_enough, contact, described, *organisation, row.has_own_texts
    )


@lru_cache(maxsize=2)
def _standing(*, with_guests: bool) -> Select[tuple[Any, ...]]:
    """The question; made once, because making it costs more than asking it."""
    known = select(Booking.id).where(Booking.form_key == bindparam("form_key"))
    # By the person and not by the address as it was typed: no index finds that one in any case.
    person = select(Contact.id).where(Contact.email == bindparam("email")).scalar_subquery()
    theirs = select(func.count()).where(Booking.contact_id == person, Booking.series_id.is_(None))
    open_talks = theirs.where(
        Booking.state.in_(OPEN_STATES), Booking.ends_at > bindparam("now", type_=UtcDateTime)
    )
    made_today = theirs.where(Booking.created_at > bindparam("yesterday", type_=UtcDateTime))
    facts = select(
        known.scalar_subquery().label("known_id"),
        open_talks.scalar_subquery().label("open_talks"),
        made_today.scalar_subquery().label("made_today"),
        (_often_invited() if with_guests else cast(null(), String)).label("often_invited"),
        ANY_IN_USE.label("has_own_texts"),
    ).subquery()
    return (
        select(
            facts.c.known_id,
            facts.c.open_talks,
            facts.c.made_today,
            facts.c.often_invited,
            Organisation.id.label("organisation_id"),
            Organisation.owner_id,
            Contact.id.label("contact_id"),
            Contact.phone,
            Contact.organisation_id.label("contact_of"),
            Contact.owner_id.label("contact_owner"),
            *ALONE,
            facts.c.has_own_texts,
        )
        .select_from(facts)
        .outerjoin(Contact, Contact.email == bindparam("email"))
        .outerjoin(Advisor, Advisor.id == bindparam("only"))
        .outerjoin(Organisation, Organisation.domain == bindparam("domain"))
        .limit(1)
    )


def _often_invited() -> ColumnElement[str | None]:
    """Which of the guests were told of as many new talks in a day as anybody may be, with spaces in between."""
    address = func.lower(OutgoingMail.recipient)
    often = (
        select(address.label("address"))
        .where(
            OutgoingMail.event == "booking-confirmed",
            OutgoingMail.created_at > bindparam("yesterday", type_=UtcDateTime),
            address.in_(bindparam("guests", expanding=True)),
        )
        .group_by(address)
        .having(func.count() >= MAILS_A_DAY)
        .subquery()
    )
    return select(func.aggregate_strings(often.c.address, " ")).scalar_subquery()
