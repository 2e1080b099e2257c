"""Rows for tests: ``create_x(session, **what the test is about)`` gives one row; what is not named is ordinary.

Each flushes, so that it has an id. Questions and talks go through the services, as real ones do.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from consult.availability import minute_of
from consult.booking import services as booking
from consult.booking.models import MeetingType, Place
from consult.booking.placing import NewBooking
from consult.contact import intake
from consult.contact.models import Channel, ContactPage, PageAdvisor
from consult.people.calendars import BusyCalendar, ForeignBusy
from consult.people.models import Absence, Advisor, Contact, Organisation, Topic, WorkingHours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consult.booking.services import Booked
    from consult.contact.intake import Asked
    from consult.database import DbSession
    from consult.settings import Settings

# A Wednesday, 11.00 in Amsterdam: winter time, and no holiday near.
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
MONDAY_TO_FRIDAY = range(5)
_numbers = count(1)
Row = TypeVar("Row")


def create_topic(session: DbSession, name: str = "Polarisatie", **params: Any) -> Topic:
    """A subject people ask about."""
    return _add(session, Topic(**{"slug": name.lower(), "name": name, "name_en": f"{name} (en)"} | params))


def create_advisor(
    session: DbSession,
    name: str = "Rik de Wit",
    *,
    hours: tuple[time, time] = (time(9), time(17)),
    weekdays: Iterable[int] = MONDAY_TO_FRIDAY,
    **params: Any,
) -> Advisor:
    """Somebody who works from nine to five, here for a year; known by the first name in addresses."""
    first = name.split(maxsplit=1)[0]
    ordinary = {
        "slug": first.lower(),
        "name": name,
        "first_name": first,
        "email": f"{first.lower()}@bureau.example",
        "joined_at": NOW - timedelta(days=365),
        "role": "Adviseur",
    }
    advisor = _add(session, Advisor(**ordinary | params))
    session.add_all(
        WorkingHours(advisor_id=advisor.id, weekday=weekday, starts=hours[0], ends=hours[1])
        for weekday in weekdays
    )
    session.flush()
    return advisor


def create_absence(
    session: DbSession,
    advisor: Advisor,
    starts_at: datetime,
    ends_at: datetime,
    *,
    stand_in: Advisor | None = None,
) -> Absence:
    """Time in which an advisor is away."""
    return _add(
        session,
        Absence(
            advisor_id=advisor.id,
            starts_at=starts_at,
            ends_at=ends_at,
            stand_in_id=stand_in.id if stand_in else None,
        ),
    )


def create_page(
    session: DbSession,
    slug: str = "polarisatie",
    *,
    advisors: Iterable[Advisor] = (),
    hidden: Sequence[tuple[Advisor, str]] = (),
    **params: Any,
) -> ContactPage:
    """A contact page with these advisors in order; ``hidden`` names channels the page does not show (``by_phone``)."""
    page = ContactPage(**{"slug": slug, "title": "Omgaan met polarisatie"} | params)
    off = {(advisor.id, channel): False for advisor, channel in hidden}
    for position, advisor in enumerate(advisors):
        channels = {name: value for (owner, name), value in off.items() if owner == advisor.id}
        page.people.append(PageAdvisor(advisor=advisor, position=position, **channels))
    return _add(session, page)


def create_organisation(session: DbSession, name: str = "Utrecht", **params: Any) -> Organisation:
    """An organisation that asks."""
    return _add(session, Organisation(**{"name": name} | params))


def create_contact(session: DbSession, email: str = "joke@gemeente.example", **params: Any) -> Contact:
    """A person at an organisation."""
    return _add(session, Contact(**{"name": "Joke Jansen", "email": email, "created_at": NOW} | params))


def create_meeting_type(session: DbSession, slug: str = "sparren", **params: Any) -> MeetingType:
    """Half an hour by video, without notice; every quarter of an hour, ten minutes of rest after it."""
    ordinary: dict[str, Any] = {
        "slug": slug,
        "name": "Sparsessie",
        "name_en": "Sparring session",
        "places": [Place.VIDEO],
        "notice_minutes": 0,
        "horizon_days": 28,
    }
    return _add(session, MeetingType(**ordinary | params))


def ask(session: DbSession, settings: Settings, *, now: datetime = NOW, **params: Any) -> Asked:
    """A question that came in, to be answered by mail."""
    ordinary: dict[str, Any] = {
        "form_key": f"question-{next(_numbers)}",
        "question": "Hoe begin ik een wijkgesprek?",
        "name": "Joke Jansen",
        "channel": Channel.EMAIL,
        "email": "joke@gemeente.example",
    }
    return intake.ask(session, intake.NewEnquiry(**ordinary | params), settings=settings, now=now)


def book(
    session: DbSession,
    settings: Settings,
    kind: MeetingType,
    advisors: Iterable[Advisor],
    starts_at: datetime,
    *,
    now: datetime = NOW,
    **params: Any,
) -> Booked:
    """A talk that was planned by video."""
    ordinary: dict[str, Any] = {
        "form_key": f"talk-{next(_numbers)}",
        "place": Place.VIDEO,
        "name": "Joke Jansen",
        "email": "joke@gemeente.example",
    }
    new = NewBooking(
        meeting_type=kind,
        advisor_ids=tuple(advisor.id for advisor in advisors),
        starts_at=starts_at,
        **ordinary | params,
    )
    return booking.book(session, new, settings=settings, now=now)


def mark_busy(
    session: DbSession, advisor_id: int, at: datetime, hours: float = 1, *, now: datetime = NOW
) -> None:
    """Another calendar of this advisor, read well just now, with an appointment in it."""
    read = {"created_at": now, "next_fetch_at": now, "last_ok_at": now}
    calendar = _add(
        session, BusyCalendar(advisor_id=advisor_id, kind="ics", host="elders.example", sealed="-", **read)
    )
    times = {"start_minute": minute_of(at), "end_minute": minute_of(at + timedelta(hours=hours))}
    _add(session, ForeignBusy(advisor_id=advisor_id, calendar_id=calendar.id, **times))


def _add(session: DbSession, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
