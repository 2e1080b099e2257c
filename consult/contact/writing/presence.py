"""Who else has a question open now, or is writing about it: a trace of a minute, kept by the page's own script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select

from consult.contact.writing.models import Presence
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

HERE_FOR = timedelta(seconds=60)
FORGET_AFTER = timedelta(hours=1)


class Other(NamedTuple):
    """A colleague who has the question open."""

    name: str
    writing: bool


def others_at(
    session: DbSession, enquiry_id: int, advisor_id: int | None, *, now: datetime
) -> Sequence[Other]:
    """The colleagues who were seen here in the last minute, by name."""
    query = (
        select(Advisor.name, Presence.writing)
        .join(Presence, Presence.advisor_id == Advisor.id)
        .where(
            Presence.enquiry_id == enquiry_id,
            Presence.advisor_id != (advisor_id or 0),
            Presence.seen_at > now - HERE_FOR,
        )
        .order_by(Advisor.name)
    )
    return [Other(*row) for row in session.execute(query)]


def seen(session: DbSession, enquiry_id: int, advisor_id: int, *, writing: bool, now: datetime) -> None:
    """Note that this advisor has the question open; traces of more than an hour old go."""
    session.execute(delete(Presence).where(Presence.seen_at < now - FORGET_AFTER))
    session.merge(Presence(enquiry_id=enquiry_id, advisor_id=advisor_id, seen_at=now, writing=writing))
    session.flush()


def left(session: DbSession, enquiry_id: int, advisor_id: int) -> None:
    """The advisor has closed the question."""
    session.execute(
        delete(Presence).where(Presence.enquiry_id == enquiry_id, Presence.advisor_id == advisor_id)
    )
    session.flush()
