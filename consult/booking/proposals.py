"""Another moment that a visitor asks for: stored, told to the advisor, taken or turned down.

Until then the talk stands where it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from consult.activity.services import VISITOR, record
from consult.booking.emails import ADVISOR_ONLY, VISITOR_ONLY, News, tell
from consult.booking.hosts import host_ids
from consult.booking.models import BookingState, Proposal, ProposalState
from consult.booking.private_link import own_link
from consult.booking.services import Cancelled, TooLate, move
from consult.booking.taking import lock_advisors

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.settings import Settings

BY_VISITOR = "visitor"
BY_CALENDAR = "calendar"
AHEAD = timedelta(days=366)


class NotPossible(Exception):
    """No talk can ever be held then: it has passed, lies over a year ahead, or is the moment that it has already."""


def open_proposals(session: DbSession, booking: Booking) -> list[Proposal]:
    """What waits for the advisor's answer, oldest first."""
    query = select(Proposal).where(Proposal.booking_id == booking.id, Proposal.state == ProposalState.OPEN)
    return list(session.scalars(query.order_by(Proposal.at, Proposal.id)))


def propose(
    session: DbSession,
    booking: Booking,
    starts_at: datetime,
    *,
    comment: str | None,
    settings: Settings,
    now: datetime,
    by: str = BY_VISITOR,
) -> Proposal:
    """Store a proposal in place of an earlier one that waits, and tell the advisor. The same one twice is told once.

    Raises:
        Cancelled, TooLate: there is no talk, or it has begun.
        NotPossible: no talk can be held then.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if now >= booking.starts_at:
        raise TooLate
    if not now < starts_at < now + AHEAD or starts_at == booking.starts_at:
        raise NotPossible
    waiting = open_proposals(session, booking)
    if waiting and waiting[-1].starts_at == starts_at and waiting[-1].comment == comment:
        return waiting[-1]
    _close(session, booking)
    proposal = Proposal(
        booking_id=booking.id,
        starts_at=starts_at,
        ends_at=starts_at + booking.length,
        by=by,
        comment=comment,
        at=now,
    )
    session.add(proposal)
    record(session, ("booking", booking.id), "booking.proposed", actor=VISITOR, now=now)
    session.flush()
    news = News(
        event="booking-proposed",
        roles=ADVISOR_ONLY,
        calendar=False,
        why=comment,
        moment=(proposal.starts_at, proposal.ends_at),
    )
    tell(session, booking, news, "", settings=settings, now=now)
    return proposal


def accept(session: DbSession, proposal: Proposal, *, actor: str, settings: Settings, now: datetime) -> None:
    """Move the talk to the moment proposed; the mail of a moved talk says so. Twice is once.

    The advisor takes it in person, so it need not be a moment on offer; but nothing may overlap.

    Raises:
        Cancelled, TooLate, SlotTaken: as ``move``.
    """
    booking = proposal.booking
    # In the order of every other change, so that two of them wait for each other in turn.
    lock_advisors(session, host_ids(booking))
    session.refresh(booking, with_for_update=True)
    session.refresh(proposal, with_for_update=True)
    if proposal.state != ProposalState.OPEN:
        return
    move(session, booking, proposal.starts_at, actor=actor, settings=settings, now=now, freely=True)
    proposal.state = ProposalState.ACCEPTED
    session.flush()
    _close(session, booking)


def decline(
    session: DbSession,
    proposal: Proposal,
    *,
    reason: str | None,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Let the talk stand as it was, and tell the visitor. Twice is once."""
    session.refresh(proposal, with_for_update=True)
    if proposal.state != ProposalState.OPEN:
        return
    proposal.state = ProposalState.DECLINED
    booking = proposal.booking
    record(session, ("booking", booking.id), "booking.proposal-declined", actor=actor, now=now)
    session.flush()
    if booking.state == BookingState.CANCELLED:
        return
    moment = (proposal.starts_at, proposal.ends_at)
    news = News(
        event="booking-proposal-declined",
        roles=VISITOR_ONLY,
        calendar=proposal.by == "calendar",
        counter_declined=proposal.by == "calendar",
        why=reason,
        moment=moment,
    )
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


def _close(session: DbSession, booking: Booking) -> None:
    """What waited is overtaken by something newer."""
    session.execute(
        update(Proposal)
        .where(Proposal.booking_id == booking.id, Proposal.state == ProposalState.OPEN)
        .values(state=ProposalState.DECLINED)
    )
