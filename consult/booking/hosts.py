"""Which advisors hold a talk: usually one; of a kind of talk with hosts of its own, all of these together.

The advisor whose talk it is leads: the talk is in that one's list and the visitor's mail comes in that one's name. The
others are invited as hosts, and their time is taken by the same talk.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from babel.lists import format_list
from sqlalchemy import or_, select

from consult.booking.models import Booking, Invitation, InviteeRole, MeetingType
from consult.booking.offering import Wish, bookable_advisors
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import ColumnElement

    from consult.booking.placing import NewBooking
    from consult.booking.storing import Holder, Talk
    from consult.database import DbSession

HOSTING = frozenset({InviteeRole.ADVISOR, InviteeRole.HOST})


def candidates(
    session: DbSession,
    kind: MeetingType,
    *,
    named: int | None = None,
    page_ids: tuple[int, ...] = (),
    topic_id: int | None = None,
) -> tuple[int, ...]:
    """With whom a talk of this kind may be: who is named, else those of the page, else all with the topic.

    Of a kind with hosts of its own it is these and nobody else, in their order; nobody at all when somebody else was
    named, or when one of them does not work here any more.
    """
    if kind.host_ids:
        is_theirs = named is None or named in kind.host_ids
        stands = is_theirs and set(kind.host_ids) <= set(bookable_advisors(session))
        return tuple(kind.host_ids) if stands else ()
    if named is not None:
        return (named,)
    return page_ids or bookable_advisors(session, topic_id=topic_id)


def held_with(kinds: Sequence[MeetingType], advisor_id: int | None) -> list[MeetingType]:
    """The kinds of talk that can be had with this advisor; all of them when nobody is named."""
    return [kind for kind in kinds if advisor_id is None or not kind.host_ids or advisor_id in kind.host_ids]


def wish_again(booking: Booking, zone: str, *, urgent: bool = False) -> Wish:
    """What to look for when this very talk is to be at another moment: with the same hosts, all of them."""
    ids = host_ids(booking)
    return Wish(
        booking.meeting_type,
        ids,
        zone,
        together=len(ids) > 1,
        urgent=urgent,
        without_booking=booking.id,
        far=booking.series_id is not None,
    )


def host_ids(booking: Booking) -> tuple[int, ...]:
    """The advisors who hold the talk, the leading one first."""
    others = (each.advisor_id for each in booking.invitations if each.role == InviteeRole.HOST)
    return (booking.advisor_id, *(each for each in others if each is not None))


def with_whom(booking: Talk, language: str) -> str:
    """``Rik de Wit en Mirte Smit``: the names of those who hold the talk."""
    others = (each.name for each in booking.invitations if each.role == InviteeRole.HOST)
    return in_words([booking.advisor.name, *others], language)


def in_words(names: Sequence[str], language: str) -> str:
    """``Rik, Mirte en Sam``."""
    return names[0] if len(names) == 1 else str(format_list(names, locale=language))


def invitation_of(booking: Booking, advisor_id: int) -> Invitation | None:
    """The invitation of one of those who hold the talk; None for anybody else."""
    for each in booking.invitations:
        owner = booking.advisor_id if each.role == InviteeRole.ADVISOR else each.advisor_id
        if each.role in HOSTING and owner == advisor_id:
            return each
    return None


def held_by(advisor_ids: Sequence[int]) -> ColumnElement[bool]:
    """The talks that any of these advisors holds, leading or not: for a WHERE over ``Booking``."""
    hosted = select(Invitation.booking_id).where(Invitation.advisor_id.in_(tuple(advisor_ids)))
    return or_(Booking.advisor_id.in_(tuple(advisor_ids)), Booking.id.in_(hosted))


def others_who_host(session: DbSession, ids: Sequence[int]) -> Sequence[Advisor]:
    """The advisors with these ids but the first one, in the same order."""
    if len(ids) < 2:
        return ()
    found = {each.id: each for each in session.scalars(select(Advisor).where(Advisor.id.in_(ids[1:])))}
    return [found[each] for each in ids[1:]]


def people_in(
    new: NewBooking, advisor: Holder, others: Sequence[Advisor], *, language: str
) -> list[dict[str, Any]]:
    """The columns of an invitation for everybody in a new talk.

    Each has a token of its own, so that an answer names who gave it. ``language`` is that of the firm, for those who
    hold the talk.
    """
    people = [
        (InviteeRole.VISITOR, new.name, new.email, new.language, None),
        (InviteeRole.ADVISOR, advisor.name, advisor.email, language, None),
        *((InviteeRole.HOST, each.name, each.email, language, each.id) for each in others),
        *((InviteeRole.GUEST, address[:128], address, new.language, None) for address in new.guests),
    ]
    return [
        {
            "role": role,
            "name": name,
            "address": address,
            "language": language,
            "advisor_id": advisor_id,
            "reply_token": secrets.token_hex(16),
        }
        for role, name, address, language, advisor_id in people
    ]
