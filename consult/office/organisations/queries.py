"""The list of organisations: found by name, with who knows them and when there was contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from consult.booking.aftermath import talks_of_organisations
from consult.contact.silence import last_contact
from consult.people.models import Advisor, Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

PAGE = 50


class Row(NamedTuple):
    """One organisation; ``last_at`` is None when there never was contact."""

    id: int
    name: str
    province: str | None
    owner: str | None
    last_at: datetime | None


class Found(NamedTuple):
    """One page of the list, and how many there are in all."""

    rows: Sequence[Row]
    total: int


def organisations(
    session: DbSession, *, search: str, silent_weeks: int | None, number: int, now: datetime
) -> Found:
    """Organisations by name; with ``silent_weeks`` only those with an owner and so long without contact.

    Who has a talk planned is not silent. Two statements.
    """
    last_at = last_contact(talks_of_organisations())
    query = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.province,
            Advisor.name.label("owner"),
            last_at.c.at,
        )
        .outerjoin(Advisor, Advisor.id == Organisation.owner_id)
        .outerjoin(last_at, last_at.c.id == Organisation.id)
        .order_by(Organisation.name)
    )
    if search:
        query = query.where(Organisation.name.icontains(search, autoescape=True))
    if silent_weeks is not None:
        since = now - timedelta(weeks=silent_weeks)
        query = query.where(
            Organisation.owner_id.is_not(None), last_at.c.at.is_(None) | (last_at.c.at < since)
        )
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.execute(query.limit(PAGE).offset((number - 1) * PAGE))
    return Found([Row(*row) for row in rows], total)
