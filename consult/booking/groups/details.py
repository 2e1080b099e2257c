"""Change what a group session is without changing when: its words, its place, its hand-out.

What stands in calendars (title, place, link) is told to everybody; other words are simply the page's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from consult.activity.services import record
from consult.booking.groups.changing import NotPlanned, raise_sequence, tell_everybody
from consult.booking.groups.finding import locked, seats
from consult.booking.groups.models import STANDING, GroupState
from consult.booking.groups.planning import SUBJECT
from consult.booking.groups.queue import is_open

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.groups.models import GroupSession
    from consult.booking.models import Place
    from consult.database import DbSession
    from consult.settings import Settings

IN_CALENDARS = ("title", "title_en", "place", "location", "conference_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a session is, checked and cleaned; ``handout`` is a path under static/."""

    title: str
    title_en: str
    description: str
    description_en: str
    place: Place
    location: str | None
    conference_url: str | None
    handout: str | None
    handout_title: str | None


def change_details(
    session: DbSession,
    group: GroupSession,
    details: Details,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Let the session be this; who has a seat or waits hears of another title or place. Twice is once.

    A hand-out can be set after the end too, and is then mailed; the rest cannot be changed any more.

    Raises:
        NotPlanned: it was called off, or has begun and more than the hand-out differs.
    """
    locked(session, group.id)
    before = {name: getattr(group, name) for name in asdict(details)}
    wanted = asdict(details) | {"place": str(details.place)}
    differs = {name for name, value in wanted.items() if before[name] != value}
    if not differs:
        return
    over = group.state == GroupState.PLANNED and differs <= {"handout", "handout_title"}
    if not (is_open(group, now=now) or over):
        raise NotPlanned
    for name in differs:
        setattr(group, name, wanted[name])
    record(
        session, (SUBJECT, group.id), "group_session.changed", actor=actor, now=now, changed=sorted(differs)
    )
    if differs & set(IN_CALENDARS):
        standing = seats(session, group, *STANDING)
        raise_sequence(group, standing, now)
        session.flush()
        tell_everybody(session, group, standing, "seat-changed", settings=settings, now=now)
    session.flush()
