"""The trail of what happened is only added to: the database refuses everything else, but for what is opened here.

Erasing and redacting take out what somebody wrote in it (``why`` and words in ``data``); retention takes out what is
too old. Who did what and when is never changed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from consult.activity.models import Activity
from consult.privacy.codes import codes_only
from consult.privacy.models import TrailOpening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

    from consult.database import DbSession

TRAIL = Activity.__table__


@contextmanager
def opened(session: DbSession) -> Iterator[None]:
    """Inside, this transaction may take out of the trail what nobody may keep."""
    opening = TrailOpening()
    session.add(opening)
    session.flush()
    yield
    session.delete(opening)
    session.flush()


def forget_texts(session: DbSession, which: ColumnElement[bool]) -> int:
    """Take out what people wrote in these rows; codes, numbers and moments stay. Gives how many rows had any."""
    columns = (Activity.id, Activity.why, Activity.data)
    rows = session.execute(select(*columns).where(which)).all()
    changed: list[dict[str, Any]] = [
        {"row": row.id, "data": facts}
        for row in rows
        if (facts := codes_only(row.data)) != row.data or row.why is not None
    ]
    if not changed:
        return 0
    statement = (
        update(TRAIL).where(TRAIL.c.id == bindparam("row")).values(why=None, data=bindparam("data"))  # type: ignore[arg-type]  # (a table)
    )
    with opened(session):
        session.execute(statement, changed)
    return len(changed)


def forget_rows(session: DbSession, which: ColumnElement[bool]) -> int:
    """Take whole rows out of the trail; gives how many."""
    ids = session.scalars(select(Activity.id).where(which)).all()
    if ids:
        with opened(session):
            session.execute(delete(Activity).where(Activity.id.in_(ids)))
    return len(ids)
