"""What the desk's lists show, as rows of columns: one statement per list, whatever the history.

Leans on the indexes (advisor, state, answer by) and (state, answer by) of questions; knows no words for a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (a NamedTuple keeps its annotations)
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, union_all

from consult.contact.models import Channel, Enquiry, EnquiryState, Message, MessageKind
from consult.contact.search.index import holds
from consult.desk.inbox.views_of import COUNTED, OURS, View, in_view
from consult.people.models import Advisor, Organisation
from consult.sealing.types import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession
    from consult.desk.guard import Colleague

PER_PAGE = 25
# Nobody leafs through more pages than this; it bounds what counting costs.
MOST_PAGES = 40
ON_TODAY = 25
# How much of a question a line shows.
OPENING = 200


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
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: its rows, which page it is, and how many there are."""

    rows: Sequence[EnquiryRow]
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the inbox: a view, and what narrows it."""

    view: View = View.MINE
    search: str = ""
    channel: Channel | None = None
    topic_id: int | None = None
    urgent: bool = False
    late: bool = False
    number: int = 1


def counters(session: DbSession, who: Colleague, *, now: datetime) -> dict[View, int]:
    """How much stands in each view that asks for something, in one statement."""
    row = session.execute(
        select(*(func.count().filter(in_view(view, who, now=now)) for view in COUNTED))
        .select_from(Enquiry)
        .where(Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)))
    ).one()
    return dict(zip(COUNTED, row, strict=True))


def inbox(session: DbSession, who: Colleague, asked: Asked, *, now: datetime) -> Listed:
    """A page of one view: what waits for us by when it is promised, the rest newest first."""
    order = _order(asked.view)
    # Looked for once, and bounded; what a row costs is paid for the few that are shown.
    found = select(Enquiry.id).where(*_conditions(session, who, asked, now=now)).order_by(order)
    ids = session.scalars(found.limit(PER_PAGE * MOST_PAGES)).all()
    total = max(1, -(-len(ids) // PER_PAGE))
    number = min(asked.number, total)
    shown = ids[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = session.execute(_rows().where(Enquiry.id.in_(shown)).order_by(order))
    return Listed([_row(row) for row in rows], number, total)


def to_do(session: DbSession, who: Colleague, *, now: datetime) -> list[EnquiryRow]:
    """My questions that wait for us, the earliest promise first."""
    return _listed(session, in_view(View.MINE, who, now=now))


def of_nobody(session: DbSession, who: Colleague, *, now: datetime) -> list[EnquiryRow]:
    """Questions that have no advisor yet, the earliest promise first."""
    return _listed(session, in_view(View.NOBODY, who, now=now))


def to_take_back(session: DbSession, advisor_id: int) -> list[EnquiryRow]:
    """Questions that somebody took while this advisor was away and that are not closed, the earliest promise first."""
    unfinished = Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING))
    return _listed(session, and_(Enquiry.stand_in_for_id == advisor_id, unfinished))


def earlier(
    session: DbSession, enquiry: Enquiry, *, most: int = 5
) -> tuple[list[EnquiryRow], list[EnquiryRow]]:
    """Other questions of the same person, and of others at the organisation; newest first, in one statement."""
    same = or_(false(), *_of_person(enquiry))
    there = and_(Enquiry.organisation_id == enquiry.organisation_id, ~func.coalesce(same, false()))
    wanted = [same, *([there] if enquiry.organisation_id is not None else [])]
    newest = [
        select(Enquiry.id, literal(number).label("part"))
        .where(condition, *_but(enquiry))
        .order_by(Enquiry.id.desc())
        .limit(most)
        .subquery()
        for number, condition in enumerate(wanted)
    ]
    chosen = union_all(*(select(each) for each in newest)).subquery()
    query = _rows().add_columns(chosen.c.part).join(chosen, chosen.c.id == Enquiry.id)
    found: tuple[list[EnquiryRow], list[EnquiryRow]] = ([], [])
    for row in session.execute(query.order_by(Enquiry.id.desc())):
        found[row[-1]].append(_row(row[:-1]))
    return found


def row_of(enquiry: Enquiry) -> EnquiryRow:
    """One question that is at hand, as a line; what only a list shows is left out."""
    return EnquiryRow(
        enquiry.reference,
        enquiry.name,
        None,
        "",
        enquiry.channel,
        enquiry.state,
        enquiry.urgent,
        enquiry.asked_at,
        enquiry.answer_by,
        enquiry.answered_at,
        None,
        None,
        enquiry.snoozed_until,
    )


def _of_person(enquiry: Enquiry) -> list[ColumnElement[bool]]:
    return [
        *([Enquiry.contact_id == enquiry.contact_id] if enquiry.contact_id else []),
        *([Enquiry.email == enquiry.email] if enquiry.email else []),
    ]


def _but(enquiry: Enquiry) -> tuple[ColumnElement[bool], ...]:
    return (Enquiry.id != enquiry.id, Enquiry.state != EnquiryState.HELD, Enquiry.merged_into_id.is_(None))


def _conditions(
    session: DbSession, who: Colleague, asked: Asked, *, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = [in_view(asked.view, who, now=now)]
    if asked.search:
        conditions.append(holds(session, asked.search))
    if asked.channel is not None:
        conditions.append(Enquiry.channel == asked.channel)
    if asked.topic_id is not None:
        conditions.append(Enquiry.topic_id == asked.topic_id)
    if asked.urgent:
        conditions.append(Enquiry.urgent.is_(True))
    if asked.late:
        conditions.append(and_(Enquiry.state == EnquiryState.OPEN, Enquiry.answer_by < now))
    return conditions


def _order(view: View) -> Any:
    if view is View.SNOOZED:
        return Enquiry.snoozed_until
    if view in OURS:
        return Enquiry.answer_by
    return (Enquiry.id if view is View.ALL else Enquiry.answer_by).desc()


def _listed(session: DbSession, condition: ColumnElement[bool]) -> list[EnquiryRow]:
    query = _rows().where(condition).order_by(Enquiry.answer_by).limit(ON_TODAY)
    return [_row(row) for row in session.execute(query)]


def _row(row: Any) -> EnquiryRow:
    found = EnquiryRow(*row)
    return found._replace(opening=found.opening[:OPENING])


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
            beginning(Enquiry.question, OPENING),
            Enquiry.channel,
            Enquiry.state,
            Enquiry.urgent,
            Enquiry.asked_at,
            Enquiry.answer_by,
            Enquiry.answered_at,
            wrote_at,
            Advisor.name,
            Enquiry.snoozed_until,
        )
        .outerjoin(Enquiry.organisation)
        .outerjoin(Enquiry.advisor)
    )
