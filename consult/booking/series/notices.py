"""Ask a visitor a week before a series ends whether to go on with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from consult.booking.emails import VISITOR_ONLY
from consult.booking.series.emails import SeriesNews, coming, tell_of_series
from consult.booking.series.link import own_series_link
from consult.booking.series.models import SeriesState, TalkSeries

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

BEFORE_END = timedelta(days=7)
AT_ONCE = 50


def tell_of_ends(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Queue the question for each series that ends within a week, at most 50 a round; gives how many were told.

    Once for each end: a series that was extended is asked about again. Who ended it in person is not asked.
    """
    due = session.scalars(
        select(TalkSeries)
        .where(
            TalkSeries.state == SeriesState.RUNNING,
            TalkSeries.until_at > now,
            TalkSeries.until_at <= now + BEFORE_END,
            or_(TalkSeries.told_until_at.is_(None), TalkSeries.told_until_at != TalkSeries.until_at),
        )
        .order_by(TalkSeries.until_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for series in due:
        series.told_until_at = series.until_at
        news = SeriesNews(
            event="series-ending",
            roles=VISITOR_ONLY,
            calendar=False,
            dates=coming(series, now),
            expires_at=series.until_at,
        )
        token = own_series_link(session, series, now=now)
        tell_of_series(session, series, news, token, settings=settings, now=now)
    session.flush()
    return len(due)
