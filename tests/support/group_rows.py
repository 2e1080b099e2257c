"""Group sessions and seats for tests, planned and filled through the services, as real ones are."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from consult.activity.services import SYSTEM
from consult.booking.groups import planning as group_planning
from consult.booking.groups import seats as group_seats
from consult.booking.groups.seats import NewSeat
from consult.booking.models import Place
from tests.support.rows import NOW, create_advisor

if TYPE_CHECKING:
    from consult.booking.groups.models import GroupSession, Seat
    from consult.booking.groups.seats import SignedUp
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

# Thursday 3 December, 10.00 to 12.00 in Amsterdam: two weeks after NOW.
STARTS = NOW.replace(month=12, day=3, hour=9)
_numbers = count(1)


def plan(
    session: DbSession,
    settings: Settings,
    hosts: tuple[Advisor, ...] = (),
    *,
    starts_at: datetime = STARTS,
    hours: float = 2,
    now: datetime = NOW,
    **params: Any,
) -> GroupSession:
    """A session of two hours by video, hosted by a new advisor when no host is named."""
    hosts = hosts or (create_advisor(session, "Rik de Wit"),)
    ordinary: dict[str, Any] = {
        "slug": "wijkgesprek",
        "title": "Kennissessie: het wijkgesprek",
        "title_en": "Knowledge session: neighbourhood talks",
        "description": "Wat werkt, en wat niet?",
        "place": Place.VIDEO,
        "conference_url": "https://video.example/wijk",
        "capacity": 2,
        "waiting_capacity": 3,
    }
    new = group_planning.NewGroupSession(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        host_ids=tuple(host.id for host in hosts),
        **ordinary | params,
    )
    return group_planning.create(session, new, actor=SYSTEM, settings=settings, now=now)


def ask_seat(
    session: DbSession,
    settings: Settings,
    group: GroupSession,
    who: str,
    *,
    now: datetime = NOW,
    **params: Any,
) -> SignedUp:
    """Somebody signs up; known by first name in the mail address."""
    ordinary = {
        "form_key": f"seat-{next(_numbers)}",
        "name": who,
        "email": f"{who.lower()}@gemeente.example",
    }
    return group_seats.sign_up(session, group.id, NewSeat(**ordinary | params), settings=settings, now=now)


def seat(
    session: DbSession,
    settings: Settings,
    group: GroupSession,
    who: str,
    *,
    now: datetime = NOW,
    **params: Any,
) -> Seat:
    """The seat of somebody who signs up."""
    found = ask_seat(session, settings, group, who, now=now, **params).seat
    assert found is not None
    return found
