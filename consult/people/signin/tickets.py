"""What is begun now and ended once, a little later: by the same browser, or by who reads a mail. Knows no page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from consult.people.signin.keeping import hashed
from consult.people.signin.models import Ticket

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from consult.database import DbSession
    from consult.people.signin.models import Purpose


@dataclass(frozen=True, slots=True)
class Begun:
    """What was begun: by whom, when that is known, and what its end is held against."""

    account_id: int | None
    data: dict[str, Any]


def begin(
    session: DbSession,
    purpose: Purpose,
    account_id: int | None,
    data: dict[str, Any],
    *,
    lasts: timedelta,
    now: datetime,
) -> str:
    """Give the key with which this is ended, of which only the hash is kept. Clears what was never ended."""
    key = secrets.token_urlsafe(32)
    session.execute(delete(Ticket).where(Ticket.until <= now))
    ticket = Ticket(
        key_hash=hashed(key),
        purpose=purpose,
        account_id=account_id,
        data=data,
        created_at=now,
        until=now + lasts,
    )
    session.add(ticket)
    session.flush()
    return key


def end(session: DbSession, purpose: Purpose, key: str, *, now: datetime) -> Begun | None:
    """What this key ends, and it is gone now; None for a key that is unknown, used, too late or for something else."""
    ended = session.execute(
        delete(Ticket)
        .where(Ticket.key_hash == hashed(key), Ticket.purpose == purpose, Ticket.until > now)
        .returning(Ticket.account_id, Ticket.data)
    ).one_or_none()
    return Begun(ended.account_id, ended.data) if ended else None


def look(session: DbSession, purpose: Purpose, key: str, *, now: datetime) -> Begun | None:
    """The same, and it can still be ended."""
    found = session.execute(
        select(Ticket.account_id, Ticket.data).where(
            Ticket.key_hash == hashed(key), Ticket.purpose == purpose, Ticket.until > now
        )
    ).one_or_none()
    return Begun(found.account_id, found.data) if found else None


def of_account(session: DbSession, purpose: Purpose, account_id: int) -> int:
    """How many of these an account has open."""
    return len(
        session.scalars(
            select(Ticket.id).where(Ticket.purpose == purpose, Ticket.account_id == account_id)
        ).all()
    )


def drop(session: DbSession, account_id: int) -> None:
    """Let nothing that this account began be ended any more."""
    session.execute(delete(Ticket).where(Ticket.account_id == account_id))
