"""One mail a week to each coordinator who wants it: last week's figures, held against the week before.

It leaves at eight on the first working day of the week. The row of activity is the memory, and the account's row is
held while it is looked at, so that any number of workers may try. The figures are counted once for everybody; no
person is in them.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select

from consult.activity.models import Activity
from consult.activity.services import SYSTEM, record
from consult.office.statistics.mailed import letter_of
from consult.outbox.services import Mailing, queue
from consult.people.accounts import Account, Role, RoleName
from consult.people.mornings import is_working_day, morning
from consult.statistics.areas import compared
from consult.statistics.figures import Area, Period
from consult.web.dates import local_date
from consult.web.public_urls import office_figures_url
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from consult.database import DbSession
    from consult.office.statistics.mailed import Letter
    from consult.settings import Settings

TOLD = "account.figures_told"
# As many weeks as a mail draws: enough to see where it goes.
WEEKS = 9
# What a mail shows, and where it is counted.
AREAS = (Area.VOLUME, Area.ANSWERS, Area.TALKS)
SHOWN = frozenset({"questions", "talks", "first_answer", "on_time", "no_shows"})


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], settings: Settings, *, now: datetime
) -> int:
    """Mail whoever was not mailed this week, each in a transaction of its own; gives how many mails were queued."""
    if morning(settings, now) is None:
        return 0
    monday = _monday(settings, now)
    with begin() as session:
        if not is_working_day(session, settings, now):
            return 0
        waiting = session.scalars(select(Account.id).where(_wants_it(monday)).order_by(Account.id)).all()
        if not waiting:
            return 0
        letter = last_week(session, settings=settings, now=now)
    told = 0
    for account_id in waiting:
        with begin() as session:
            told += tell(session, account_id, letter, settings=settings, now=now)
    return told


def last_week(session: DbSession, *, settings: Settings, now: datetime) -> Letter:
    """The figures of the last whole week as a mail shows them, in the firm's language."""
    period = Period.of_weeks(WEEKS, today=local_date(now, settings.timezone))
    found, _none = compared(session, AREAS, (period, None), settings=settings, now=now, only=SHOWN)
    return letter_of(found, period, settings.locale)


def tell(session: DbSession, account_id: int, letter: Letter, *, settings: Settings, now: datetime) -> bool:
    """Queue the mail of this week for one account, unless that was done or is no longer wanted."""
    account = session.get(Account, account_id, with_for_update={"of": Account}, populate_existing=True)
    if account is None or not session.scalar(
        select(exists().where(Account.id == account_id, _wants_it(_monday(settings, now))))
    ):
        return False
    record(session, ("account", account.id), TOLD, actor=SYSTEM, now=now)
    mailing = Mailing(
        event="weekly-figures",
        about=("account", account.id),
        to_name=account.advisor.name if account.advisor else "",
        to_address=account.email,
        from_name=settings.firm_name,
        language=settings.locale,
        expires_at=now + timedelta(days=2),
        context={
            "letter": letter,
            "name": account.advisor.first_name if account.advisor else "",
            "link": office_figures_url(settings),
        },
    )
    queue(session, mailing, settings=settings, now=now)
    return True


def _monday(settings: Settings, now: datetime) -> datetime:
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    return instant_of(today - timedelta(days=today.weekday()), time(0), zone)


def _wants_it(monday: datetime) -> ColumnElement[bool]:
    """That an account coordinates, wants the mail, and was not mailed since ``monday``."""
    told = exists().where(
        Activity.subject_kind == "account",
        Activity.subject_id == Account.id,
        Activity.what == TOLD,
        Activity.at >= monday,
    )
    return (
        Account.active & Account.weekly_figures & Account.roles.any(Role.name == RoleName.COORDINATOR) & ~told
    )
