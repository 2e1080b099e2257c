"""Ask the routing engine who gets a question: gathers what it looks at, in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.contact.models import ContactPage, Enquiry, EnquiryState, PageAdvisor
from consult.people.services import Workload, for_routing
from consult.routing.balance import WINDOW, Traffic, with_fair_shares
from consult.routing.engine import decide
from consult.routing.question import Question
from consult.routing.roster import Page, Roster
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.database import DbSession
    from consult.routing.decision import Decision

DAY = timedelta(days=1)


def choose_advisor(session: DbSession, enquiry: Enquiry, *, now: datetime) -> Decision:
    """Who should get this question at this moment, with every step that led there. Changes nothing."""
    workloads, traffic = _handed_out(session, now=now)
    advisors, fallback = for_routing(session, now=now, workloads=workloads)
    organisation = enquiry.organisation
    question = Question(
        at=now,
        channel=enquiry.channel,
        text=enquiry.question,
        urgent=enquiry.urgent,
        topic_id=enquiry.topic_id,
        page_id=enquiry.page_id,
        chosen_advisor_id=enquiry.wanted_advisor_id,
        contact_owner_id=enquiry.contact.owner_id if enquiry.contact else None,
        organisation_owner_id=organisation.owner_id if organisation else None,
        organisation_domain=(enquiry.email or "").rpartition("@")[2] or None,
        municipality_code=organisation.code if organisation else None,
        province=organisation.province if organisation else None,
        language=enquiry.language,
    )
    roster = Roster(
        advisors=with_fair_shares(advisors, traffic),
        pages=tuple(_page(session, enquiry.page_id)),
        fallback_ids=fallback,
    )
    return decide(question, roster)


def _page(session: DbSession, page_id: int | None) -> Iterable[Page]:
    if page_id is None:
        return
    page = session.execute(
        select(ContactPage.topic_id, ContactPage.in_order).where(ContactPage.id == page_id)
    ).one()
    advisors = session.scalars(
        select(PageAdvisor.advisor_id).where(PageAdvisor.page_id == page_id).order_by(PageAdvisor.position)
    ).all()
    yield Page(
        id=page_id, advisor_ids=tuple(advisors), topic_id=page.topic_id, page_order_decides=page.in_order
    )


def _handed_out(session: DbSession, *, now: datetime) -> tuple[dict[int, Workload], tuple[Traffic, ...]]:
    """The load of each advisor, and how many questions were handed out per day of the window."""
    unfinished = {
        row.advisor_id: row.number
        for row in session.execute(
            select(Enquiry.advisor_id, func.count().label("number"))
            .where(
                Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)), Enquiry.advisor_id.is_not(None)
            )
            .group_by(Enquiry.advisor_id)
        )
    }
    day = func.date(Enquiry.asked_at)
    rows = session.execute(
        select(Enquiry.advisor_id, day, func.count(), func.max(Enquiry.asked_at))
        .where(Enquiry.asked_at > now - WINDOW, Enquiry.advisor_id.is_not(None))
        .group_by(Enquiry.advisor_id, day)
    ).all()
    given: defaultdict[int, int] = defaultdict(int)
    last: dict[int, datetime] = {}
    per_day: defaultdict[str, int] = defaultdict(int)
    for advisor_id, on, count, latest in rows:
        given[advisor_id] += count
        last[advisor_id] = max(latest, last.get(advisor_id, latest))
        per_day[str(on)] += count
    workloads = {
        advisor_id: Workload(unfinished.get(advisor_id, 0), given[advisor_id], last.get(advisor_id))
        for advisor_id in {*unfinished, *given}
    }
    return workloads, tuple(Traffic(_whole_day(on), count) for on, count in per_day.items())


def _whole_day(on: str) -> Span:
    start = datetime.combine(datetime.fromisoformat(on).date(), time(), UTC)
    return Span(start, start + DAY)
