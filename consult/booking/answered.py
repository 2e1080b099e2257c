"""Which invitations an answer of a calendar is about: one talk, one talk of a series, or every talk of a series.

Looks and decides; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from consult.booking.models import Booking, Invitation
from consult.booking.series.models import TalkSeries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation to a talk as its calendar object stands now: ``sequence`` is what an answer must have seen."""

    booking: Booking
    invitation: Invitation
    sequence: int


def invitation_of(session: DbSession, mail: Arrived, answer: Answer) -> Invitation | None:
    """The invitation that a mail was sent to: by its token, and without one by UID and sender."""
    if mail.token is not None:
        return session.scalar(select(Invitation).where(Invitation.reply_token == mail.token))
    return session.scalars(
        select(Invitation)
        .join(Booking, Booking.id == Invitation.booking_id)
        .outerjoin(TalkSeries, TalkSeries.id == Booking.series_id)
        .where(
            or_(Booking.uid == answer.uid, TalkSeries.uid == answer.uid),
            func.lower(Invitation.address) == mail.sender,
        )
        .order_by(Booking.original_start, Invitation.id)
        .limit(1)
    ).first()


def asked(session: DbSession, invitation: Invitation, answer: Answer) -> tuple[Asked, ...]:
    """What the answer is about, locked; nothing when it names another meeting than its invitation does."""
    booking = session.get_one(Booking, invitation.booking_id)
    series = booking.series
    if series is None or answer.uid != series.uid:
        matches = answer.uid == booking.uid and answer.recurrence_id in {None, booking.starts_at}
        return tuple(_locked(session, [(booking, invitation)])) if matches else ()
    same = [
        (talk, each)
        for talk in sorted(series.talks, key=lambda talk: talk.id)
        for each in talk.invitations
        if (each.role, each.address) == (invitation.role, invitation.address)
    ]
    if answer.recurrence_id is None:
        # An answer to the rhythm does not speak for a talk that was moved out of it.
        same = [(talk, each) for talk, each in same if talk.starts_at == talk.original_start]
    else:
        same = [(talk, each) for talk, each in same if talk.original_start == answer.recurrence_id]
    return tuple(_locked(session, same))


def is_old(answer: Answer, one: Asked) -> bool:
    """Whether it answers a message from before the last change of that talk (RFC 5546 2.1.5)."""
    series = one.booking.series
    whole = series is not None and answer.uid == series.uid and answer.recurrence_id is None
    return answer.sequence < (series.sequence if series is not None and whole else one.sequence)


def _locked(session: DbSession, found: list[tuple[Booking, Invitation]]) -> Iterator[Asked]:
    for booking, invitation in found:
        session.refresh(booking, with_for_update=True)
        session.refresh(invitation)
        more = booking.series.sequence if booking.series is not None else 0
        yield Asked(booking, invitation, booking.sequence + more)
