"""Which Dutch holidays the office keeps: each can be switched off. Every schedule hears of a switch at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from consult.people.models import Advisor, HolidaySetting, new_schedule_version
from consult.worktime import HOLIDAY_KEYS

if TYPE_CHECKING:
    from consult.database import DbSession


def switched_off(session: DbSession) -> frozenset[str]:
    """The keys of the holidays on which the office works."""
    return frozenset(session.scalars(select(HolidaySetting.key)))


def switch_holiday(session: DbSession, key: str, *, kept: bool) -> None:
    """Keep a holiday, or work on it. All schedules get a new version, so that none that was kept is used again.

    Raises:
        ValueError: there is no such holiday.
    """
    if key not in HOLIDAY_KEYS:
        raise ValueError(f"not a Dutch holiday: {key}")
    session.execute(delete(HolidaySetting).where(HolidaySetting.key == key))
    if not kept:
        session.add(HolidaySetting(key=key))
    session.flush()
    for advisor_id in session.scalars(select(Advisor.id).order_by(Advisor.id)).all():
        session.execute(
            update(Advisor).where(Advisor.id == advisor_id).values(schedule_version=new_schedule_version())
        )
