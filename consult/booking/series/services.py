"""Go on with a series of talks, end it early, cancel it, and find it again.

What moves or cancels a single talk of it is the same as for any other (``consult.booking.services``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from consult.activity.services import VISITOR, record
from consult.booking.emails import ADVISOR_ONLY, News, tell
from consult.booking.ending import end_talk
from consult.booking.models import Booking, BookingState
from consult.booking.series.dates import Dates, judge
from consult.booking.series.emails import SeriesNews, coming, tell_of_series
from consult.booking.series.link import extend_series_links, own_series_link
from consult.booking.series.models import SeriesState, TalkSeries
from consult.booking.series.planning import DatesChanged, NotPossible, check_agreed, wish_for
from consult.booking.series.rhythm import starts_after
from consult.booking.series.talks import add_talks, references
from consult.booking.taking import is_overlap, lock_advisors
from consult.links.models import Purpose
from consult.links.services import open_link

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings


def series_by_link(session: DbSession, token: str, *, now: datetime) -> TalkSeries | None:
    """The series behind a private link that still works: its own link, or that of one of its talks."""
    series_id = open_link(session, Purpose.SERIES, token, now=now)
    if series_id is None:
        talk_id = open_link(session, Purpose.BOOKING, token, now=now)
        series_id = (
            session.scalar(select(Booking.series_id).where(Booking.id == talk_id)) if talk_id else None
        )
    if series_id is None:
        return None
    talks = selectinload(TalkSeries.talks).selectinload(Booking.invitations)
    return session.get(TalkSeries, series_id, options=[talks])


def more_dates(
    session: DbSession, series: TalkSeries, count: int, *, settings: Settings, now: datetime
) -> Dates:
    """Which of the next dates are free when a series goes on; none at all when it reaches a year ahead already."""
    wish = wish_for(series.lead, settings, actor=VISITOR)
    return judge(session, wish, starts_after(series, count, now), now=now)


def extend(
    session: DbSession,
    series: TalkSeries,
    count: int,
    *,
    form_key: str,
    mark: str | None = None,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Go on with a series for so many dates, and tell everybody. The same form twice is once.

    ``mark`` is the ``Dates.mark`` of the dates that were agreed to; None takes what is free.

    Raises:
        NotPossible: the series was cancelled, or reaches a year ahead already.
        TooFewFree: fewer than half of the dates are free.
        DatesChanged: other dates are free than those of ``mark``.
    """
    wish = wish_for(series.lead, settings, actor=actor)
    lock_advisors(session, wish.advisor_ids)
    _reload(session, series)
    if any(talk.form_key == f"{form_key}:0" for talk in series.talks):
        return
    starts = starts_after(series, count, now)
    if series.state == SeriesState.CANCELLED or not starts:
        raise NotPossible
    dates = judge(session, wish, starts, now=now, to_take=True)
    check_agreed(dates, mark)
    numbers = references(session, len(dates.free), settings=settings, now=now)
    try:
        with session.begin_nested():
            add_talks(
                session,
                series,
                series.lead,
                dates.free,
                numbers,
                form_key=form_key,
                actor=actor,
                now=now,
            )
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        raise DatesChanged(judge(session, wish, starts, now=now)) from None
    series.until_at, series.told_until_at = starts[-1], None
    series.skipped = [*series.skipped, *(each.to_json() for each in dates.skipped)]
    news = SeriesNews(event="series-extended", dates=coming(series, now), skipped=dates.skipped)
    _tell(session, series, news, "series.extended", actor=actor, settings=settings, now=now)


def end_after(
    session: DbSession, series: TalkSeries, last: Booking, *, actor: str, settings: Settings, now: datetime
) -> None:
    """Let ``last`` be the last talk of a series: cancel what comes after it, and tell everybody. Twice is once.

    The visitor is not asked again whether to go on.
    """
    _reload(session, series)
    gone = [each for each in _to_come(series, now) if _planned(each) > _planned(last)]
    _cut(session, series, gone, reason=None, actor=actor, settings=settings, now=now)


def cancel_all(
    session: DbSession,
    series: TalkSeries,
    *,
    reason: str | None,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Cancel every talk of a series that is still to come, and tell everybody. Twice is once.

    Talks that were held stay in the calendars: the series then ends with the last of them.
    """
    _reload(session, series)
    _cut(session, series, _to_come(series, now), reason=reason, actor=actor, settings=settings, now=now)


def _cut(
    session: DbSession,
    series: TalkSeries,
    gone: Sequence[Booking],
    *,
    reason: str | None,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    if not gone:
        series.told_until_at = series.until_at
        return
    for talk in gone:
        end_talk(session, talk, "booking.cancelled", reason=reason, actor=actor, now=now)
        if talk.advisor_id != series.advisor_id:
            # Whoever took this talk over knows of no series.
            news = News(event="booking-cancelled", why=reason, roles=ADVISOR_ONLY)
            tell(session, talk, news, "", settings=settings, now=now)
    standing = [talk for talk in series.talks if talk.state == BookingState.CONFIRMED]
    if standing:
        series.until_at = max(_planned(talk) for talk in standing)
    else:
        series.state = SeriesState.CANCELLED
    series.told_until_at = series.until_at
    left = coming(series, now)
    told = SeriesNews(event="series-ended" if left else "series-cancelled", dates=left, why=reason)
    what = "series.ended" if left else "series.cancelled"
    _tell(session, series, told, what, actor=actor, settings=settings, now=now)


def _tell(
    session: DbSession,
    series: TalkSeries,
    news: SeriesNews,
    what: str,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    series.changed(now)
    record(session, ("series", series.id), what, actor=actor, now=now)
    extend_series_links(session, series)
    token = own_series_link(session, series, now=now)
    tell_of_series(session, series, news, token, settings=settings, now=now)
    session.flush()


def _to_come(series: TalkSeries, now: datetime) -> list[Booking]:
    return [each for each in series.talks if each.state == BookingState.CONFIRMED and each.starts_at > now]


def _planned(talk: Booking) -> datetime:
    """Where the rhythm has a talk, wherever it was moved to."""
    return talk.original_start or talk.starts_at


def _reload(session: DbSession, series: TalkSeries) -> None:
    """Read a series and its talks as they are now, and keep the series to this transaction."""
    session.scalars(
        select(TalkSeries)
        .where(TalkSeries.id == series.id)
        .options(selectinload(TalkSeries.talks).selectinload(Booking.invitations))
        .with_for_update(of=TalkSeries)
        .execution_options(populate_existing=True)
    ).one()
