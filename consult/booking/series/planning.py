"""Plan a series of talks from one talk: all of its talks are stored, or none."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import VISITOR, record
from consult.booking.hosts import host_ids, wish_again
from consult.booking.models import Booking, BookingState
from consult.booking.series.dates import Alternative, Dates, judge, left_out, other_rhythms
from consult.booking.series.emails import SeriesNews, coming, tell_of_series
from consult.booking.series.link import own_series_link
from consult.booking.series.models import SeriesState, TalkSeries
from consult.booking.series.rhythm import begin_of
from consult.booking.series.talks import add_talks, references
from consult.booking.taking import is_overlap, lock_advisors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.booking.offering import Wish
    from consult.booking.series.rhythm import Rhythm
    from consult.database import DbSession
    from consult.settings import Settings


class NotPossible(Exception):
    """This talk cannot begin a series, or this series cannot go on."""


class HasSeries(NotPossible):
    """This visitor has a series that still runs; one at a time is enough."""


class TooFewFree(Exception):
    """Fewer than half of the dates are free; ``alternatives`` are other weekdays and times."""

    def __init__(self, dates: Dates, alternatives: Sequence[Alternative] = ()) -> None:
        super().__init__("fewer than half of the dates are free")
        self.dates, self.alternatives = dates, tuple(alternatives)


class DatesChanged(Exception):
    """Other dates are free by now than the visitor was shown; ``dates`` are those of this moment."""

    def __init__(self, dates: Dates) -> None:
        super().__init__("other dates are free by now")
        self.dates = dates


class _SameForm(Exception):
    """The form was stored before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeries:
    """What was chosen. ``mark`` is the ``Dates.mark`` of the dates that were agreed to; None takes what is free."""

    form_key: str
    rhythm: Rhythm
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A stored series and the token of a private link to it."""

    series: TalkSeries
    token: str


def may_begin(booking: Booking) -> bool:
    """Whether a series may begin with this talk: its kind allows it, it stands on its own, one advisor holds it."""
    kind = booking.meeting_type
    stands = booking.state == BookingState.CONFIRMED and booking.series_id is None
    return stands and kind.may_repeat and len(host_ids(booking)) == 1


def dates_for(
    session: DbSession, booking: Booking, rhythm: Rhythm, *, settings: Settings, now: datetime
) -> Dates:
    """Which dates of a rhythm are free for talks like this one.

    Raises:
        TooFewFree: fewer than half; with up to three other weekdays or times.
    """
    wish = wish_for(booking, settings, actor=VISITOR)
    dates = judge(session, wish, rhythm.starts(), own=booking.starts_at, now=now)
    if not dates.enough:
        raise TooFewFree(dates, other_rhythms(session, wish, rhythm, now=now))
    return dates


def plan(
    session: DbSession, booking: Booking, new: NewSeries, *, actor: str, settings: Settings, now: datetime
) -> Planned:
    """Plan a series of talks like this one, and queue its mails. The same form twice is one series, told once.

    When the rhythm begins with this very talk, it becomes the first of the series and its calendar entry grows into the
    series; otherwise the talk stays on its own. Dates that are not free are skipped and told.

    Raises:
        NotPossible: see ``may_begin``; HasSeries: the visitor has one that runs.
        TooFewFree: fewer than half of the dates are free; with other weekdays and times.
        DatesChanged: other dates are free than those of ``new.mark``.
    """
    wish = wish_for(booking, settings, actor=actor)
    try:
        with session.begin_nested():
            series = _store(session, booking, new, wish, actor=actor, settings=settings, now=now)
    except _SameForm:
        series = session.scalars(select(TalkSeries).where(TalkSeries.form_key == new.form_key)).one()
        return Planned(series, own_series_link(session, series, now=now))
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        dates = judge(session, wish, new.rhythm.starts(), own=booking.starts_at, now=now)
        raise DatesChanged(dates) from None
    record(session, ("series", series.id), "series.planned", actor=actor, now=now, talks=len(series.talks))
    token = own_series_link(session, series, now=now)
    news = SeriesNews(event="series-planned", dates=coming(series, now), skipped=left_out(series))
    tell_of_series(session, series, news, token, settings=settings, now=now)
    session.flush()
    return Planned(series, token)


def wish_for(booking: Booking, settings: Settings, *, actor: str) -> Wish:
    """What to look for: talks like this one, as far ahead as a series goes."""
    return replace(wish_again(booking, settings.timezone, urgent=actor != VISITOR), far=True)


def check_agreed(dates: Dates, mark: str | None, alternatives: Sequence[Alternative] = ()) -> None:
    """Refuse dates that are too few, or others than the visitor agreed to.

    Raises:
        TooFewFree: fewer than half are free.
        DatesChanged: they are not those of ``mark``.
    """
    if not dates.enough:
        raise TooFewFree(dates, alternatives)
    if mark is not None and mark != dates.mark:
        raise DatesChanged(dates)


def _store(
    session: DbSession,
    booking: Booking,
    new: NewSeries,
    wish: Wish,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> TalkSeries:
    lock_advisors(session, wish.advisor_ids)
    session.refresh(booking, with_for_update=True)
    if session.scalar(select(TalkSeries.id).where(TalkSeries.form_key == new.form_key)) is not None:
        raise _SameForm
    if not may_begin(booking):
        raise NotPossible
    rhythm = new.rhythm
    dates = judge(session, wish, rhythm.starts(), own=booking.starts_at, now=now, to_take=True)
    check_agreed(dates, new.mark, () if dates.enough else other_rhythms(session, wish, rhythm, now=now))
    grows = rhythm.first == booking.starts_at
    starts = [start for start in dates.free if start != booking.starts_at]
    numbers = references(session, len(starts), settings=settings, now=now)
    # From here on nobody else plans a series, so that "one at a time" is true under concurrency as well.
    if actor == VISITOR and _has_series(session, booking.email, now=now):
        raise HasSeries
    series = _new(booking, new, dates, settings, now=now)
    session.add(series)
    if grows:
        series.talks.append(booking)
        booking.original_start = booking.starts_at
    add_talks(
        session,
        series,
        booking,
        starts,
        numbers,
        form_key=new.form_key,
        actor=actor,
        now=now,
    )
    return series


def _new(booking: Booking, new: NewSeries, dates: Dates, settings: Settings, *, now: datetime) -> TalkSeries:
    rhythm = new.rhythm
    grows = rhythm.first == booking.starts_at
    begin = begin_of(rhythm, dates.free[0])
    return TalkSeries(
        form_key=new.form_key,
        uid=booking.uid if grows else f"{secrets.token_hex(16)}@{settings.answer_domain}",
        sequence=booking.sequence + 1 if grows else 0,
        meeting_type_id=booking.meeting_type_id,
        advisor=booking.advisor,
        frequency=rhythm.frequency,
        zone=rhythm.zone,
        starts_at=begin,
        ends_at=begin + booking.length,
        until_at=rhythm.starts()[-1],
        skipped=[each.to_json() for each in dates.skipped],
        created_at=booking.created_at if grows else now,
        changed_at=max(now, booking.changed_at + timedelta(seconds=1)) if grows else now,
    )


def _has_series(session: DbSession, email: str, *, now: datetime) -> bool:
    query = (
        select(TalkSeries.id)
        .join(Booking, Booking.series_id == TalkSeries.id)
        .where(
            func.lower(Booking.email) == email.lower(),
            Booking.state == BookingState.CONFIRMED,
            Booking.ends_at > now,
            TalkSeries.state == SeriesState.RUNNING,
        )
        .limit(1)
    )
    return session.scalar(query) is not None
