"""What makes a calendar know a talk as one of its series: the UID and organizer of the series, and RECURRENCE-ID.

A calendar keeps one SEQUENCE for the series and one for each talk of it that was told apart. Ours for a talk is the
sum of both counters, so that whichever of the two changes, the next message is always a later one (RFC 5546 2.1.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consult.outbox.services import answer_address
from consult.scheduling.values import Person

if TYPE_CHECKING:
    from consult.booking.series.models import TalkSeries
    from consult.booking.storing import Invitee, Talk
    from consult.scheduling.values import Meeting
    from consult.settings import Settings


def as_occurrence(
    meeting: Meeting, booking: Talk, series: TalkSeries, invitation: Invitee, settings: Settings
) -> Meeting:
    """The meeting of a talk, known by its series."""
    token = organizing(booking, invitation).reply_token
    return replace(
        meeting,
        uid=series.uid,
        sequence=series.sequence + booking.sequence,
        changed_at=max(series.changed_at, booking.changed_at),
        recurrence_id=booking.original_start,
        organizer=Person(meeting.organizer.name, answer_address(settings, token)),
    )


def organizing(booking: Talk, invitation: Invitee) -> Invitee:
    """The invitation whose token is in the organizer's address: one UID has one ORGANIZER, that of the first talk.

    Somebody who was not invited to the first talk, such as an advisor who took over, knows only this one.
    """
    if booking.series is None:
        return invitation
    same = (
        each
        for each in booking.series.lead.invitations
        if (each.role, each.address) == (invitation.role, invitation.address)
    )
    return next(same, invitation)
