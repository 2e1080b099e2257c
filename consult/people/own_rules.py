"""The rules that an advisor sets for oneself, on top of those of each kind of talk. Writes no history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from consult import availability
from consult.people.models import Advisor, OwnRules, new_schedule_version

if TYPE_CHECKING:
    from collections.abc import Collection

    from consult.database import DbSession


def own_rules(session: DbSession, advisor_ids: Collection[int]) -> dict[int, availability.OwnRules]:
    """The own rules by advisor, as the engine wants them; who has none is not there."""
    rows = session.execute(
        select(OwnRules.__table__).where(OwnRules.advisor_id.in_(tuple(advisor_ids)))
    ).mappings()
    return {
        row["advisor_id"]: availability.OwnRules(
            _length(row["rest_before_minutes"]),
            _length(row["rest_after_minutes"]),
            _length(row["notice_minutes"]),
            row["horizon_days"],
            row["per_day"],
            row["per_week"],
        )
        for row in rows
    }


def set_own_rules(session: DbSession, advisor: Advisor, rules: availability.OwnRules) -> None:
    """Let these be the advisor's own rules; with nothing in them there are none. Offers follow at once."""
    session.execute(select(Advisor.id).where(Advisor.id == advisor.id).with_for_update())
    session.execute(delete(OwnRules).where(OwnRules.advisor_id == advisor.id))
    if rules != availability.OwnRules():
        session.add(
            OwnRules(
                advisor_id=advisor.id,
                rest_before_minutes=_minutes(rules.buffer_before),
                rest_after_minutes=_minutes(rules.buffer_after),
                notice_minutes=_minutes(rules.notice),
                horizon_days=rules.horizon,
                per_day=rules.per_day,
                per_week=rules.per_week,
            )
        )
    advisor.schedule_version = new_schedule_version()
    session.flush()


def _length(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(minutes=1)
