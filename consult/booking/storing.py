"""A new talk and its invitations as rows, written past the unit of work: that would cost more than all the rest.

Knows the tables and no rule. What is made here is in no session yet, and good for telling people of the talk at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from consult.booking.models import Booking, Invitation
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.booking.models import MeetingType
    from consult.database import DbSession
    from consult.people.models import Advisor

_TALK = Booking.metadata.tables[Booking.__tablename__]
_NEW_TALK = insert(_TALK).returning(_TALK.c.id)
_NEW_INVITATION = insert(Invitation.metadata.tables[Invitation.__tablename__])


def store_talk(
    session: DbSession,
    values: dict[str, Any],
    kind: MeetingType,
    advisor: Advisor,
    people: Sequence[dict[str, Any]],
) -> Booking:
    """Write the talk and an invitation for each of ``people`` (see ``hosts.people_in``); gives the talk detached.

    Raises:
        sqlalchemy.exc.IntegrityError: the same form was stored just before.
    """
    connection = session.connection()
    number = connection.execute(_NEW_TALK, values).scalar_one()
    invited = [each | {"booking_id": number, "participation": Participation.NEEDS_ACTION} for each in people]
    connection.execute(_NEW_INVITATION, invited)
    talk = Booking(**values, id=number, meeting_type=kind, advisor=advisor)
    talk.invitations = [Invitation(**each) for each in invited]
    return talk
