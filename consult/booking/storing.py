"""A new talk and its invitations as rows, written past the unit of work: that would cost more than all the rest.

Knows the tables and no rule. What is given back are values, good for telling people of the talk at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import insert

from consult.booking.models import Booking, Invitation
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.models import MeetingType
    from consult.database import DbSession

_TALK = Booking.metadata.tables[Booking.__tablename__]
_NEW_TALK = insert(_TALK).returning(_TALK.c.id)
_NEW_INVITATION = insert(Invitation.metadata.tables[Invitation.__tablename__])


class Holder(NamedTuple):
    """The advisor who gets a new talk, as far as its mails and invitations tell."""

    id: int
    name: str
    first_name: str
    email: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was stored just now; see ``Invitation``. Nobody has answered it."""

    role: str
    name: str
    address: str
    language: str
    reply_token: str
    advisor_id: int | None = None
    id: None = None
    participation: str = Participation.NEEDS_ACTION
    answered_sequence: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTalk:
    """A talk that was stored just now; see ``Booking``."""

    id: int
    reference: str
    uid: str
    state: str
    meeting_type: MeetingType
    advisor: Holder
    advisor_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    location: str | None
    name: str
    phone: str | None
    created_at: datetime
    changed_at: datetime
    approve_by: datetime | None
    invitations: tuple[Invited, ...]
    sequence: int = 0
    series: None = None
    original_start: None = None


# What can be told of: a talk that was read, or one that was stored just now.
Talk: TypeAlias = Booking | NewTalk
Invitee: TypeAlias = Invitation | Invited
_KEPT = frozenset(NewTalk.__dataclass_fields__)


def store_talk(
    session: DbSession,
    values: dict[str, Any],
    kind: MeetingType,
    advisor: Holder,
    people: Sequence[dict[str, Any]],
) -> NewTalk:
    """Write the talk and an invitation for each of ``people`` (see ``hosts.people_in``).

    Raises:
        sqlalchemy.exc.IntegrityError: the same form was stored just before.
    """
    connection = session.connection()
    number = connection.execute(_NEW_TALK, values).scalar_one()
    its = {"booking_id": number, "participation": Participation.NEEDS_ACTION}
    connection.execute(_NEW_INVITATION, [each | its for each in people])
    return NewTalk(
        id=number,
        meeting_type=kind,
        advisor=advisor,
        invitations=tuple(Invited(**each) for each in people),
        **{name: value for name, value in values.items() if name in _KEPT},
    )
