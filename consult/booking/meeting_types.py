"""Kinds of talk as a coordinator keeps them. Writes no history."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.booking.models import Booking, MeetingType
from consult.booking.series.models import TalkSeries
from consult.people.slugs import free_slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """What can be set down about a kind of talk; see ``MeetingType`` for the units. ``host_ids``: the leader first."""

    name: str
    name_en: str
    description: str
    description_en: str
    minutes: int
    step_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    notice_minutes: int
    horizon_days: int
    per_day: int | None
    per_week: int | None
    per_visitor: int | None
    approval: bool
    series: bool
    active: bool
    places: tuple[str, ...]
    host_ids: tuple[int, ...]


class HasTalks(Exception):
    """Talks of this kind were planned, so it stays; ``talks`` says how many."""

    def __init__(self, talks: int) -> None:
        super().__init__("has talks")
        self.talks = talks


def all_meeting_types(session: DbSession) -> Sequence[MeetingType]:
    """Every kind in the order in which visitors see them, those that are off too."""
    return session.scalars(select(MeetingType).order_by(MeetingType.position, MeetingType.minutes)).all()


def save_meeting_type(session: DbSession, kind: MeetingType | None, facts: MeetingFacts) -> MeetingType:
    """Change a kind of talk, or make one at the end; talks that were planned stay as they are."""
    if kind is None:
        last = session.scalar(select(func.max(MeetingType.position)))
        slug = free_slug(session, MeetingType.slug, facts.name)
        kind = MeetingType(slug=slug, position=(last if last is not None else -1) + 1)
        session.add(kind)
        _set(kind, facts)
        session.flush()
    # On a row that is not there yet, None means a column's default; here it means no limit.
    _set(kind, facts)
    session.flush()
    return kind


def move_meeting_type(session: DbSession, kind: MeetingType, places: int) -> None:
    """Put the kind so many places further down (up below zero); visitors choose from the list in this order."""
    listed = list(all_meeting_types(session))
    at = listed.index(kind)
    listed.insert(max(0, at + places), listed.pop(at))
    for position, each in enumerate(listed):
        each.position = position
    session.flush()


def _set(kind: MeetingType, facts: MeetingFacts) -> None:
    for field in fields(MeetingFacts):
        value = getattr(facts, field.name)
        setattr(kind, field.name, list(value) if isinstance(value, tuple) else value)


def hosted_by(session: DbSession, advisor_id: int) -> list[MeetingType]:
    """The kinds that this advisor always takes part in."""
    return [each for each in all_meeting_types(session) if advisor_id in each.host_ids]


def replace_host(session: DbSession, old_id: int, new_id: int) -> None:
    """Let another advisor take part in every kind in the place of this one."""
    for kind in hosted_by(session, old_id):
        named = (new_id if each == old_id else each for each in kind.host_ids)
        kind.host_ids = list(dict.fromkeys(named))
    session.flush()


def delete_meeting_type(session: DbSession, kind: MeetingType) -> None:
    """Delete a kind that nobody ever planned.

    Raises:
        HasTalks: somebody did.
    """
    counts = (
        select(func.count()).select_from(table).where(table.meeting_type_id == kind.id)
        for table in (Booking, TalkSeries)
    )
    talks = sum(session.scalar(count) or 0 for count in counts)
    if talks:
        raise HasTalks(talks)
    session.delete(kind)
    session.flush()
