"""What the pages of a series share: the series behind a link, its dates in words, and that a page is private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort

from consult import clock
from consult.booking.models import BookingState
from consult.booking.series.services import series_by_link
from consult.booking.series.words import rhythm_words, skipped_words
from consult.database import db
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.booking.series.dates import Dates, Skipped
    from consult.booking.series.models import TalkSeries
    from consult.people.models import Advisor


@dataclass(frozen=True, slots=True)
class ShownDates:
    """Dates to agree to: the talks that will be planned, and in words those that are skipped."""

    spans: tuple[tuple[datetime, datetime], ...]
    skipped: tuple[str, ...]
    mark: str
    enough: bool


def shown_dates(found: Dates, like: Booking) -> ShownDates:
    """Dates for talks like this one, as a page shows them."""
    spans = tuple((start, start + like.length) for start in found.free)
    return ShownDates(spans, in_words(found.skipped, like.advisor), found.mark, found.enough)


def in_words(skipped: Iterable[Skipped], advisor: Advisor) -> tuple[str, ...]:
    """The dates that are skipped, each with its reason."""
    language = current.language()
    return tuple(skipped_words(each, advisor.timezone, advisor.first_name, language) for each in skipped)


def how_often(frequency: str, first: datetime, zone: str) -> str:
    """A rhythm in the language of the page."""
    return rhythm_words(frequency, first, zone, current.language())


def find_series(token: str) -> TalkSeries:
    """The series behind the link, or a page that does not exist."""
    return series_by_link(db.session, token, now=clock.now()) or abort(404)


def to_come(series: TalkSeries, now: datetime) -> Sequence[Booking]:
    """The talks that still come, in order of time."""
    standing = (
        talk for talk in series.talks if talk.state == BookingState.CONFIRMED and talk.starts_at > now
    )
    return sorted(standing, key=lambda talk: talk.starts_at)
