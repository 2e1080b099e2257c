"""Write down what happened, and read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from consult.activity.models import Activity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

# Past the unit of work: nobody needs the row as an object.
_NEW = insert(Activity.metadata.tables[Activity.__tablename__])
VISITOR = "visitor"
SYSTEM = "system"


def advisor_actor(advisor_id: int) -> str:
    """How an advisor is named as the one who acted."""
    return f"advisor:{advisor_id}"


def account_actor(account_id: int) -> str:
    """How a coordinator is named as the one who acted in the office."""
    return f"account:{account_id}"


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
    row = {"at": now, "subject_kind": kind, "subject_id": subject_id, "what": what}
    session.connection().execute(_NEW, row | {"actor": actor, "why": why, "data": data})


def of_subject(session: DbSession, subject: tuple[str, int]) -> Sequence[Activity]:
    """Everything that happened to one subject, oldest first."""
    kind, subject_id = subject
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == kind, Activity.subject_id == subject_id)
        .order_by(Activity.at, Activity.id)
    ).all()
