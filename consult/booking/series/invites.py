"""A whole series as one calendar object: its rhythm, the dates that are left out, and the talks that differ from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consult.booking.invites import as_meeting
from consult.booking.models import BookingState, Invitation
from consult.booking.series.models import SeriesState, TalkSeries
from consult.booking.series.rhythm import recurrence_of, starts_of
from consult.scheduling import writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.scheduling.values import Meeting
    from consult.settings import Settings


def series_invite(
    series: TalkSeries, invitation: Invitation, settings: Settings, link: str | None
) -> tuple[str, bytes]:
    """The method and bytes of what one person's calendar must hear of the series now: REQUEST, or CANCEL for good.

    ``invitation`` is one of the first talk. A REQUEST holds the talks that differ as well.
    """
    whole = as_series(series, invitation, settings, link)
    if series.state == SeriesState.CANCELLED:
        return "CANCEL", writer.cancel(whole)
    changed = (
        as_meeting(talk, own, settings, link)
        for talk, own in _standing(series, invitation)
        if _differs(talk, series.lead)
    )
    return "REQUEST", writer.request(whole, tuple(changed))


def as_series(series: TalkSeries, invitation: Invitation, settings: Settings, link: str | None) -> Meeting:
    """The series as one receiver's calendar holds it: RRULE with UNTIL, and EXDATE for each date without a talk."""
    return replace(
        as_meeting(series.lead, invitation, settings, link),
        sequence=series.sequence,
        start=series.starts_at,
        end=series.ends_at,
        zone=series.zone,
        created_at=series.created_at,
        changed_at=series.changed_at,
        recurrence_id=None,
        recurrence=recurrence_of(series),
        excluded=() if series.state == SeriesState.CANCELLED else excluded(series, invitation),
    )


def excluded(series: TalkSeries, invitation: Invitation) -> tuple[datetime, ...]:
    """The dates of the rhythm on which this person has no talk: skipped, cancelled, or taken over by a colleague."""
    standing = {talk.original_start for talk, _own in _standing(series, invitation)}
    return tuple(start for start in starts_of(series) if start not in standing)


def _standing(series: TalkSeries, invitation: Invitation) -> Iterator[tuple[Booking, Invitation]]:
    """The talks that stand and to which the same person is invited, each with that invitation."""
    for talk in series.talks:
        if talk.state == BookingState.CONFIRMED:
            for own in talk.invitations:
                if (own.role, own.address) == (invitation.role, invitation.address):
                    yield talk, own


def _differs(talk: Booking, lead: Booking) -> bool:
    """Whether a talk is not as the rhythm and the first talk say: at another moment, place or with another advisor."""
    is_moved = talk.starts_at != talk.original_start
    return is_moved or (talk.advisor_id, talk.place, talk.location) != (
        lead.advisor_id,
        lead.place,
        lead.location,
    )
