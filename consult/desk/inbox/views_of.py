"""Which questions stand in which view of the inbox, for whom: conditions, and no statement."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from consult.contact.alarms import is_nobodys
from consult.contact.models import Enquiry, EnquiryState
from consult.people.models import team_member

if TYPE_CHECKING:
    from datetime import datetime

    from consult.desk.guard import Colleague


class View(StrEnum):
    """The views of the inbox, as they stand in its address."""

    MINE = "mijn"
    NOBODY = "niemand"
    TEAM = "team"
    WAITING = "wacht"
    SNOOZED = "uitgesteld"
    DONE = "klaar"
    ALL = "alles"
    SPAM = "spam"


# What waits for us, by when it was promised; the others are sorted by what is newest.
OURS = frozenset({View.MINE, View.NOBODY, View.TEAM})
COUNTED = (View.MINE, View.NOBODY, View.TEAM, View.WAITING, View.SNOOZED)


def in_view(view: View, who: Colleague, *, now: datetime) -> ColumnElement[bool]:
    """The condition that a question stands in this view of this person."""
    asleep = Enquiry.snoozed_until > now
    awake = or_(Enquiry.snoozed_until.is_(None), Enquiry.snoozed_until <= now)
    is_open = and_(Enquiry.state == EnquiryState.OPEN, awake)
    mine = Enquiry.advisor_id == who.advisor_id if who.advisor else false()
    # A coordinator without questions of their own looks at everybody's.
    whose = mine if who.advisor else true()
    conditions: dict[View, ColumnElement[bool]] = {
        View.MINE: is_open & mine,
        View.NOBODY: is_open & is_nobodys(),
        View.TEAM: is_open & of_colleagues(who),
        View.WAITING: and_(Enquiry.state == EnquiryState.WAITING, awake) & whose,
        View.SNOOZED: and_(Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)), asleep) & whose,
        View.DONE: and_(Enquiry.state == EnquiryState.CLOSED, Enquiry.merged_into_id.is_(None)) & whose,
        View.ALL: Enquiry.state != EnquiryState.HELD,
        View.SPAM: _spam() & _may_judge(who),
    }
    return conditions[view]


def of_colleagues(who: Colleague) -> ColumnElement[bool]:
    """Of somebody else in my teams; a coordinator, and who is in no team, sees everybody's."""
    if who.advisor is None:
        return Enquiry.advisor_id.is_not(None)
    others = Enquiry.advisor_id != who.advisor.id
    if who.coordinator:
        return others
    my_teams = select(team_member.c.team_id).where(team_member.c.advisor_id == who.advisor.id)
    members = select(team_member.c.advisor_id).where(team_member.c.team_id.in_(my_teams))
    return others & (Enquiry.advisor_id.in_(members) | ~my_teams.exists())


def _spam() -> ColumnElement[bool]:
    """Called spam at the desk; what was held on its way in is the coordinators' list."""
    judged = and_(Enquiry.state == EnquiryState.HELD, Enquiry.spam_at.is_not(None))
    return and_(judged, Enquiry.held_for.is_(None))


def _may_judge(who: Colleague) -> ColumnElement[bool]:
    return true() if who.coordinator else Enquiry.advisor_id == who.advisor_id
