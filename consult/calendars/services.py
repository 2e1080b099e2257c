"""Give out and take back feed addresses; add and remove the calendars in which advisors' other appointments stand."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager

from consult.activity.services import record
from consult.calendars.models import FeedAddress
from consult.calendars.sealing import Access, seal
from consult.people.accounts import Account
from consult.people.calendars import BusyCalendar, CalendarKind, CalendarState
from consult.people.models import Advisor
from consult.web.outgoing_guard import target_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings

TOKEN_LENGTH = 43  # 256 random bits in URL-safe base64
MOST_CALENDARS = 10


class TooManyCalendars(Exception):
    """An advisor has as many calendars as one may have."""


def issue_feed(
    session: DbSession,
    *,
    advisor_id: int | None = None,
    team_id: int | None = None,
    actor: str,
    now: datetime,
) -> str:
    """Make the feed address of one advisor or one team and return its token, which cannot be shown twice.

    An earlier address of the same owner stops at once.
    """
    revoke_feed(session, advisor_id=advisor_id, team_id=team_id, actor=actor, now=now)
    token = secrets.token_urlsafe(32)
    session.add(FeedAddress(advisor_id=advisor_id, team_id=team_id, token_hash=_hash(token), created_at=now))
    session.flush()
    record(session, _owner(advisor_id, team_id), "feed.issued", actor=actor, now=now)
    return token


def revoke_feed(
    session: DbSession,
    *,
    advisor_id: int | None = None,
    team_id: int | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Let the feed address of this owner stop. Without one nothing happens."""
    standing = session.scalars(_standing(advisor_id, team_id).with_for_update()).all()
    for each in standing:
        each.revoked_at = now
    if standing:
        session.flush()
        record(session, _owner(advisor_id, team_id), "feed.revoked", actor=actor, now=now)


def feed_since(
    session: DbSession, *, advisor_id: int | None = None, team_id: int | None = None
) -> datetime | None:
    """Since when this owner has the feed address that works now; None without one."""
    standing = session.scalars(_standing(advisor_id, team_id)).first()
    return standing.created_at if standing is not None else None


def team_feeds_since(session: DbSession) -> dict[int, datetime]:
    """By team: since when it has the feed address that works now."""
    query = select(FeedAddress.team_id, FeedAddress.created_at).where(
        FeedAddress.team_id.is_not(None), FeedAddress.revoked_at.is_(None)
    )
    return {team_id: at for team_id, at in session.execute(query) if team_id is not None}


def open_feed(session: DbSession, token: str) -> FeedAddress | None:
    """The feed behind a token; None for one that is unknown, was taken back, or is of who may not sign in any more."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    switched_off = (
        select(Advisor.id)
        .join(Account, Account.id == Advisor.account_id)
        .where(Advisor.id == FeedAddress.advisor_id, Account.active.is_(False))
    )
    return session.scalar(
        select(FeedAddress).where(
            FeedAddress.token_hash == _hash(token), FeedAddress.revoked_at.is_(None), ~switched_off.exists()
        )
    )


def busy_calendars(session: DbSession, advisor_id: int) -> Sequence[BusyCalendar]:
    """An advisor's calendars elsewhere, the oldest first."""
    return session.scalars(
        select(BusyCalendar).where(BusyCalendar.advisor_id == advisor_id).order_by(BusyCalendar.id)
    ).all()


def failing_calendars(session: DbSession) -> Sequence[BusyCalendar]:
    """The calendars of active advisors that could not be read the last time, the one that failed longest first."""
    return session.scalars(
        select(BusyCalendar)
        .join(BusyCalendar.advisor)
        .options(contains_eager(BusyCalendar.advisor))
        .where(BusyCalendar.state == CalendarState.FAILING, Advisor.active)
        .order_by(func.coalesce(BusyCalendar.last_ok_at, BusyCalendar.created_at), BusyCalendar.id)
    ).all()


def add_calendar(
    session: DbSession,
    advisor_id: int,
    kind: CalendarKind,
    access: Access,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> BusyCalendar:
    """Let an advisor's appointments in a calendar elsewhere block that time. The worker reads it within seconds.

    ``webcal://`` in front of the address means https, as calendar programs have it.

    Raises:
        consult.web.outgoing_guard.Refused: an address that we do not speak to.
        TooManyCalendars: this advisor has ten.
    """
    scheme, colon, rest = access.address.partition("://")
    address = f"https://{rest}" if colon and scheme.lower() in {"webcal", "webcals"} else access.address
    target = target_of(address, settings.feed_allow_hosts)
    held = select(func.count()).select_from(BusyCalendar).where(BusyCalendar.advisor_id == advisor_id)
    if (session.scalar(held) or 0) >= MOST_CALENDARS:
        raise TooManyCalendars
    sealed = seal(settings, Access(address=address, username=access.username, password=access.password))
    calendar = BusyCalendar(
        advisor_id=advisor_id,
        kind=kind,
        host=target.host,
        sealed=sealed,
        created_at=now,
        next_fetch_at=now,
    )
    session.add(calendar)
    session.flush()
    record(
        session, ("advisor", advisor_id), "calendar.added", actor=actor, now=now, kind=kind, host=target.host
    )
    return calendar


def read_again(session: DbSession, advisor_id: int, calendar_id: int, *, now: datetime) -> None:
    """Let the worker read a calendar of this advisor now instead of at its next turn."""
    session.execute(
        update(BusyCalendar)
        .where(BusyCalendar.id == calendar_id, BusyCalendar.advisor_id == advisor_id)
        .values(next_fetch_at=now)
    )


def remove_calendar(
    session: DbSession, advisor_id: int, calendar_id: int, *, actor: str, now: datetime
) -> None:
    """Forget a calendar of this advisor and the time it took. Removing twice is once."""
    calendar = session.get(BusyCalendar, calendar_id)
    if calendar is None or calendar.advisor_id != advisor_id:
        return
    host = calendar.host
    session.delete(calendar)
    session.flush()
    record(session, ("advisor", advisor_id), "calendar.removed", actor=actor, now=now, host=host)


def _standing(advisor_id: int | None, team_id: int | None) -> Select[FeedAddress]:
    query = select(FeedAddress).where(FeedAddress.revoked_at.is_(None)).order_by(FeedAddress.id.desc())
    if advisor_id is not None:
        return query.where(FeedAddress.advisor_id == advisor_id)
    return query.where(FeedAddress.team_id == team_id)


def _owner(advisor_id: int | None, team_id: int | None) -> tuple[str, int]:
    if advisor_id is not None:
        return ("advisor", advisor_id)
    if team_id is None:
        raise ValueError("a feed is of an advisor or of a team")
    return ("team", team_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
