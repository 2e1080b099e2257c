"""The private link to a series: works until a week after its last talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking.private_link import LINK_AFTER_TALK
from consult.links.models import Purpose
from consult.links.services import issue_link, set_expiry

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession


def own_series_link(session: DbSession, series: TalkSeries, *, now: datetime) -> str:
    """The token of a new private link to this series."""
    return issue_link(session, Purpose.SERIES, series.id, expires_at=_works_until(series), now=now)


def extend_series_links(session: DbSession, series: TalkSeries) -> None:
    """Let the links that were given out follow a series whose end changed."""
    set_expiry(session, Purpose.SERIES, series.id, _works_until(series))


def _works_until(series: TalkSeries) -> datetime:
    return max([series.until_at, *(talk.ends_at for talk in series.talks)]) + LINK_AFTER_TALK
