"""What the desk's lists show, as rows of columns: one statement per list, whatever the history.

Leans on the indexes (advisor, state, answer by) and (state, answer by) of questions; knows no words for a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a NamedTuple keeps its annotations)
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from consult.contact.models import Enquiry, EnquiryState, Message, MessageKind
from consult.people.models import Advisor, Organisation, team_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession
    from consult.desk.guard import Colleague

PER_PAGE = 25
# Nobody leafs through more pages than this; it bounds what counting costs.
MOST_PAGES = 40
ON_TODAY = 25


class View(StrEnum):
    """The views of the inbox, as they stand in its address."""

    MINE = "mijn"
    NOBODY = "niemand"
    TEAM = "team"
    WAITING = "wacht"
    DONE = "klaar"
    ALL = "alles"


class EnquiryRow(NamedTuple):
    """A question in a list; ``opening`` is how it begins, ``wrote_at`` when the visitor last added something."""

    reference: str
    name: str
    organisation: str | None
    opening: str
    channel: str
    state: str
    urgent: bool
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    wrote_at: datetime | None
    advisor: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: its rows, which page it is, and how many there are."""

    rows: Sequence[EnquiryRow]
    number: int
    total: int


def counters(session: DbSession, who: Colleague) -> dict[View, int]:
    """How much stands in each view that asks for something, in one statement."""
    views = (View.MINE, View.NOBODY, View.TEAM, View.WAITING)
    row = session.execute(
        select(*(func.count().filter(_in_view(view, who)) for view in views))
        .select_from(Enquiry)
        .where(Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)))
    ).one()
    return dict(zip(views, row, strict=True))


def inbox(session: DbSession, who: Colleague, view: View, *, search: str, number: int) -> Listed:
    """A page of one view: what waits for us by when it is promised, the rest newest first."""
    conditions = [_in_view(view, who), *([_holds(search)] if search else [])]
    found = select(Enquiry.id).outerjoin(Enquiry.organisation).where(*conditions).limit(PER_PAGE * MOST_PAGES)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    total = max(1, -(-count // PER_PAGE))
    number = min(number, total)
    ours = view in {View.MINE, View.NOBODY, View.TEAM}
    order: Any = Enquiry.answer_by if ours else (Enquiry.id if view is View.ALL else Enquiry.answer_by).desc()
    rows = session.execute(
        _rows().where(*conditions).order_by(order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    )
    return Listed([EnquiryRow(*row) for row in rows], number, total)


def to_do(session: DbSession, who: Colleague) -> list[EnquiryRow]:
    """My questions that wait for us, the earliest promise first."""
    return _listed(session, _in_view(View.MINE, who))


def of_nobody(session: DbSession, who: Colleague) -> list[EnquiryRow]:
    """Questions that have no advisor yet, the earliest promise first."""
    return _listed(session, _in_view(View.NOBODY, who))


def earlier(session: DbSession, enquiry: Enquiry, *, most: int = 5) -> list[EnquiryRow]:
    """Other questions of the same person (contact or address), newest first."""
    same = [
        *([Enquiry.contact_id == enquiry.contact_id] if enquiry.contact_id else []),
        *([Enquiry.email == enquiry.email] if enquiry.email else []),
    ]
    if not same:
        return []
    query = _rows().where(or_(*same), Enquiry.id != enquiry.id).order_by(Enquiry.id.desc()).limit(most)
    return [EnquiryRow(*row) for row in session.execute(query)]


def _listed(session: DbSession, condition: ColumnElement[bool]) -> list[EnquiryRow]:
    query = _rows().where(condition).order_by(Enquiry.answer_by).limit(ON_TODAY)
    return [EnquiryRow(*row) for row in session.execute(query)]


def _rows() -> Select[Any]:
    wrote_at = (
        select(func.max(Message.at))
        .where(Message.enquiry_id == Enquiry.id, Message.kind == MessageKind.VISITOR)
        .scalar_subquery()
    )
    return (
        select(
            Enquiry.reference,
            Enquiry.name,
            func.coalesce(Organisation.name, Enquiry.organisation_name),
            func.substr(Enquiry.question, 1, 200),
            Enquiry.channel,
            Enquiry.state,
            Enquiry.urgent,
            Enquiry.asked_at,
            Enquiry.answer_by,
            Enquiry.answered_at,
            wrote_at,
            Advisor.name,
        )
        .outerjoin(Enquiry.organisation)
        .outerjoin(Enquiry.advisor)
    )


def _in_view(view: View, who: Colleague) -> ColumnElement[bool]:
    is_open = Enquiry.state == EnquiryState.OPEN
    mine = Enquiry.advisor_id == who.advisor_id if who.advisor else false()
    # A coordinator without questions of their own looks at everybody's.
    whose = mine if who.advisor else true()
    conditions: dict[View, ColumnElement[bool]] = {
        View.MINE: is_open & mine,
        View.NOBODY: is_open & Enquiry.advisor_id.is_(None),
        View.TEAM: is_open & _of_colleagues(who),
        View.WAITING: (Enquiry.state == EnquiryState.WAITING) & whose,
        View.DONE: (Enquiry.state == EnquiryState.CLOSED) & whose,
        View.ALL: Enquiry.state != EnquiryState.HELD,
    }
    return conditions[view]


def _of_colleagues(who: Colleague) -> ColumnElement[bool]:
    """Of somebody else in my teams; a coordinator, and who is in no team, sees everybody's."""
    if who.advisor is None:
        return Enquiry.advisor_id.is_not(None)
    others = Enquiry.advisor_id != who.advisor.id
    if who.coordinator:
        return others
    my_teams = select(team_member.c.team_id).where(team_member.c.advisor_id == who.advisor.id)
    members = select(team_member.c.advisor_id).where(team_member.c.team_id.in_(my_teams))
    return others & (Enquiry.advisor_id.in_(members) | ~my_teams.exists())


def _holds(search: str) -> ColumnElement[bool]:
    columns = (
        Enquiry.name,
        Enquiry.organisation_name,
        Organisation.name,
        Enquiry.reference,
        Enquiry.question,
    )
    return or_(*(column.icontains(search, autoescape=True) for column in columns))
