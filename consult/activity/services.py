"""Write down what happened, and read it back."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from consult.activity.hearing import Told, tell
from consult.activity.models import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from consult.database import DbSession

# Past the unit of work: nobody needs the row as an object.
_NEW = insert(Activity.metadata.tables[Activity.__tablename__])
VISITOR = "visitor"
SYSTEM = "system"
# The program that acts in the name of an advisor, where one does.
_program: ContextVar[str | None] = ContextVar("consult_program", default=None)


def advisor_actor(advisor_id: int) -> str:
    """How an advisor is named as the one who acted."""
    return f"advisor:{advisor_id}"


def account_actor(account_id: int) -> str:
    """How a coordinator is named as the one who acted in the office."""
    return f"account:{account_id}"


@contextmanager
def by_program(actor: str) -> Iterator[None]:
    """What an advisor does inside is told as done by this program ``in_name_of`` that advisor; the rest, ``via`` it."""
    token = _program.set(actor)
    try:
        yield
    finally:
        _program.reset(token)


def record(
    session: DbSession,
    subject: tuple[str, int],
    what: str,
    *,
    actor: str,
    now: datetime,
    why: str | None = None,
    **data: Any,
) -> None:
    """Add one row about ``subject`` (kind and id) in the running transaction."""
    kind, subject_id = subject
    if (program := _program.get()) is not None:
        actor, data = _told_of(program, actor, data)
    row = {"at": now, "subject_kind": kind, "subject_id": subject_id, "what": what}
    session.connection().execute(_NEW, row | {"actor": actor, "why": why, "data": data})
    tell(session, Told(subject, what, now, data))


def _told_of(program: str, actor: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    advisor_id = actor.removeprefix("advisor:")
    if advisor_id == actor:
        return actor, data | {"via": program}
    return program, data | {"in_name_of": int(advisor_id)}


def of_subject(session: DbSession, subject: tuple[str, int]) -> Sequence[Activity]:
    """Everything that happened to one subject, oldest first."""
    kind, subject_id = subject
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == kind, Activity.subject_id == subject_id)
        .order_by(Activity.at, Activity.id)
    ).all()
