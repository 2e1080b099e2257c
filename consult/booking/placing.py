"""Put a talk into the database: who of the free advisors gets it, and the time it takes; or say what else is free.

The rows of the advisors are locked first, so that a limit per day holds when many book at once; the database
itself refuses an overlap on top of that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from consult.activity.services import VISITOR
from consult.availability import Days, VisitorLimit
from consult.booking.advisor_choice import KnownVisitor, choose_advisor
from consult.booking.hosts import others_who_host, people_in
from consult.booking.models import BookingState
from consult.booking.offering import Wish, able, hosts_for, nearest, offer
from consult.booking.standing import Standing, standing_of
from consult.booking.storing import store_talk
from consult.booking.taking import hold_hash, take_for_booking
from consult.booking.waiting import answer_by
from consult.links.services import next_reference
from consult.people.services import remember
from consult.timespan import Span
from consult.web.dates import local_date
from consult.web.spam_signs import are_enough, signs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.availability import Host, Slot
    from consult.booking.models import MeetingType, Place
    from consult.booking.storing import NewTalk
    from consult.database import DbSession
    from consult.settings import Settings

SEARCH_AROUND_DAYS = 14


class SlotTaken(Exception):
    """The moment was free when it was shown and is not any more; ``alternatives`` are."""

    def __init__(self, alternatives: Sequence[Slot]) -> None:
        super().__init__("the moment is taken")
        self.alternatives = tuple(alternatives)


class NotOffered(Exception):
    """This moment, place or advisor was never on offer."""


class Withdrawn(NotOffered):
    """Visitors cannot plan this kind of talk any more."""


class TooMany(NotOffered):
    """This visitor has as many talks open as one may have; ``limit`` is that number."""

    def __init__(self, limit: int) -> None:
        super().__init__("the visitor has too many talks open")
        self.limit = limit


class Known(Exception):
    """The form was stored before, as the booking with this id."""

    def __init__(self, booking_id: int) -> None:
        super().__init__("the same form arrived again")
        self.booking_id = booking_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking:
    """What a visitor chose, checked and cleaned; any one of ``advisor_ids`` will do (see ``hosts.candidates``).

    Of a kind of talk with hosts of its own it is all of them.
    ``guests`` are addresses of colleagues. ``hold_key`` is the key under which the moment is held for this form.
    ``pot`` is what stood in the field that people leave empty.
    ``freely``: an advisor chose the moment in person, so it need not be on offer; it may overlap nothing all the same.
    """

    form_key: str
    meeting_type: MeetingType
    advisor_ids: tuple[int, ...]
    starts_at: datetime
    place: Place
    name: str
    email: str
    phone: str | None = None
    location: str | None = None
    note: str | None = None
    organisation: str | None = None
    topic_id: int | None = None
    page_id: int | None = None
    enquiry_id: int | None = None
    language: str = "nl"
    guests: tuple[str, ...] = ()
    urgent: bool = False
    freely: bool = False
    hold_key: str | None = None
    pot: str | None = None

    @property
    def doubt(self) -> str:
        """The signs of spam, when they are enough to let the advisor say yes first; else nothing."""
        signs = signs_of(f"{self.note or ''}\n{self.location or ''}", self.name, pot=self.pot)
        return " ".join(signs) if are_enough(signs) else ""

    def wish(self, zone: str, actor: str) -> Wish:
        """What to look for. An advisor who plans for somebody else needs no notice."""
        return Wish(
            self.meeting_type,
            self.advisor_ids,
            zone,
            together=bool(self.meeting_type.host_ids),
            urgent=self.urgent or actor != VISITOR,
            own_hold=hold_hash(self.hold_key) if self.hold_key else None,
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A new booking (in no session: see ``storing``), and what else of ``Standing`` its mails hang on."""

    booking: NewTalk
    told_enough: frozenset[str]
    has_own_texts: bool


def store(
    session: DbSession, new: NewBooking, wish: Wish, *, actor: str, settings: Settings, now: datetime
) -> Stored:
    """Store the booking and the time it takes.

    Raises:
        Known: the form was stored before.
        TooMany: the visitor has too many talks open.
        SlotTaken: nobody of the wish is free at that moment any more.
        sqlalchemy.exc.IntegrityError: somebody else took the time, or sent the same form, just before.
    """
    hosts = _hosts_at(session, wish, new.starts_at, now=now, to_take=True)
    # The counter's row keeps all that book apart from here on, so that a limit per visitor is true as well.
    reference = next_reference(session, "A", local_date(now, settings.timezone).year)
    standing = standing_of(session, new, now=now)
    if standing.known_id is not None:
        raise Known(standing.known_id)
    _keep_to_limit(new, standing, actor)
    in_person = new.advisor_ids if new.freely and new.starts_at > now else ()
    free = able(hosts, wish, new.starts_at, now=now) or in_person
    if not free:
        raise taken(session, wish, new.starts_at, now=now)
    holding = free if wish.together else ()
    is_named = wish.together or len(new.advisor_ids) == 1
    known = _recognised(session, new, standing, now=now)
    advisor, decision = choose_advisor(
        session, holding[:1] or free, is_named=is_named, new=new, known=known, now=now
    )
    pending = actor == VISITOR and (new.meeting_type.approval or bool(new.doubt))
    values = _columns(new, known, now=now) | {
        "reference": reference,
        "uid": f"{secrets.token_hex(16)}@{settings.answer_domain}",
        "advisor_id": advisor.id,
        "decision": decision,
        "state": BookingState.PENDING if pending else BookingState.CONFIRMED,
        "approve_by": answer_by(session, advisor.id, new.starts_at, asked_at=now, now=now)
        if pending
        else None,
    }
    others = others_who_host(session, holding)
    people = people_in(new, advisor, others, language=settings.locale)
    booking = store_talk(session, values, new.meeting_type, advisor, people)
    time = Span(booking.starts_at, booking.ends_at)
    take_for_booking(session, booking, time, wish.own_hold, also=[each.id for each in others])
    return Stored(booking, standing.told_enough if actor == VISITOR else frozenset(), standing.has_own_texts)


def free_advisors(
    session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime, to_take: bool = False
) -> tuple[int, ...]:
    """Which advisors of the wish can take this very moment, see ``able``; ``to_take`` locks them, see ``hosts_for``."""
    return able(_hosts_at(session, wish, starts_at, now=now, to_take=to_take), wish, starts_at, now=now)


def taken(session: DbSession, wish: Wish, wanted: datetime, *, now: datetime) -> SlotTaken:
    """The refusal of a moment, with at most three others that are free."""
    zone = ZoneInfo(wish.zone)
    today = now.astimezone(zone).date()
    last = today + timedelta(days=wish.rules.horizon)
    on = min(max(_clipped(wanted, now).astimezone(zone).date(), today), last)
    first = max(today, on - timedelta(days=SEARCH_AROUND_DAYS))
    slots = offer(session, wish, first, on + timedelta(days=SEARCH_AROUND_DAYS), now=now)
    only = wish.advisor_ids[0] if len(wish.advisor_ids) == 1 else None
    return SlotTaken(nearest(slots, _clipped(wanted, now), only))


def _hosts_at(
    session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime, to_take: bool
) -> list[Host]:
    on = _clipped(starts_at, now).astimezone(ZoneInfo(wish.zone)).date()
    return hosts_for(session, wish, Days(on, on, ZoneInfo(wish.zone)), now=now, to_take=to_take)


def _clipped(at: datetime, now: datetime) -> datetime:
    """The moment itself, or the nearest one at which it makes sense to look."""
    return min(max(at, now - timedelta(days=1)), now + timedelta(days=4000))


def _keep_to_limit(new: NewBooking, standing: Standing, actor: str) -> None:
    """Raise TooMany for a visitor; an advisor who plans decides for oneself."""
    at_most = new.meeting_type.per_visitor
    if actor == VISITOR and at_most is not None and VisitorLimit(standing.open_talks, at_most).reached:
        raise TooMany(at_most)


def _recognised(session: DbSession, new: NewBooking, standing: Standing, *, now: datetime) -> KnownVisitor:
    learnt = {
        "name": new.name,
        "email": new.email.lower(),
        "phone": new.phone,
        "organisation_id": standing.organisation_id,
        "created_at": now,
    }
    contact = remember(session, standing.contact, learnt)
    return KnownVisitor(contact, standing.only, standing.organisation_id, standing.organisation_owner_id)


def _columns(new: NewBooking, known: KnownVisitor, *, now: datetime) -> dict[str, Any]:
    return {
        "form_key": new.form_key,
        "meeting_type_id": new.meeting_type.id,
        "starts_at": new.starts_at,
        "ends_at": new.starts_at + timedelta(minutes=new.meeting_type.minutes),
        "place": new.place,
        "location": new.location,
        "name": new.name,
        "email": new.email,
        "phone": new.phone,
        "note": new.note,
        "organisation_id": known.organisation_id,
        "contact_id": known.contact.id,
        "topic_id": new.topic_id,
        "page_id": new.page_id,
        "enquiry_id": new.enquiry_id,
        "language": new.language,
        "created_at": now,
        "changed_at": now,
    }
