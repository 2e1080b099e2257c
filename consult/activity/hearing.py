"""What was written down in a transaction, told just before it is committed: who listens stores its own rows with it.

What a savepoint took back is not told. Knows neither who listens nor what for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from sqlalchemy.orm import SessionTransaction

    from consult.database import DbSession

_PILE = "consult_told"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of ``Activity``: its subject (kind and id), code, moment and facts."""

    subject: tuple[str, int]
    what: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


if TYPE_CHECKING:
    Listener: TypeAlias = Callable[[Session, Sequence[Told]], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener`` before each commit with what was written down, oldest first. Twice is once.

    What it raises stops the commit.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def tell(session: DbSession, told: Told) -> None:
    """Remember this until the transaction ends."""
    own: Session = session() if isinstance(session, scoped_session) else session
    own.info.setdefault(_PILE, []).append((_savepoints(own.get_nested_transaction()), told))


def _savepoints(inner: SessionTransaction | None) -> tuple[SessionTransaction, ...]:
    """The savepoint of now, and those around it."""
    found = []
    while inner is not None and inner.nested:
        found.append(inner)
        inner = inner.parent
    return tuple(found)


@event.listens_for(Session, "before_commit")
def _pass_on(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pile = session.info.pop(_PILE, None)
    if pile:
        for listener in _listeners:
            listener(session, [told for _savepoint, told in pile])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    pile = session.info.pop(_PILE, None)
    if pile and ended.nested:
        session.info[_PILE] = [each for each in pile if ended not in each[0]]
