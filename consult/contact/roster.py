"""Everyone and everything routing looks at, gathered in a handful of statements whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.contact.models import Channel, ContactPage, Enquiry, EnquiryState, PageAdvisor
from consult.people.models import Team as TeamRow
from consult.people.models import Topic, team_member
from consult.people.municipalities import municipalities
from consult.people.services import Workload, for_routing
from consult.routing.balance import WINDOW, Traffic, with_fair_shares
from consult.routing.roster import Page, Roster, Team, Vocabulary
from consult.timespan import Span

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.routing.rules import RuleSet

DAY = timedelta(days=1)
LANGUAGES = frozenset({"nl", "en"})


def roster_for(session: DbSession, page_id: int | None, rules: RuleSet, *, now: datetime) -> Roster:
    """What deciding one question from this page takes."""
    workloads, traffic = _handed_out(session, now=now)
    # Fair shares look back over the window, and who was away in it had no part in what came then.
    advisors, fallback = for_routing(session, now=now - WINDOW, workloads=workloads)
    return Roster(
        advisors=with_fair_shares(advisors, traffic),
        teams=_teams(session) if any(each.team_id is not None for each in rules.rules) else (),
        pages=_pages(session, page_id) if page_id is not None else (),
        rules=rules,
        fallback_ids=fallback,
    )


def everybody(session: DbSession, *, now: datetime, since: datetime | None = None) -> Roster:
    """All advisors, teams and pages, and what exists to ask for, to judge rules by; absences ``since`` then."""
    workloads, traffic = _handed_out(session, now=now)
    advisors, fallback = for_routing(session, now=min(since or now, now - WINDOW), workloads=workloads)
    return Roster(
        advisors=with_fair_shares(advisors, traffic),
        teams=_teams(session),
        pages=_pages(session),
        fallback_ids=fallback,
        vocabulary=Vocabulary(
            topic_ids=frozenset(session.scalars(select(Topic.id))),
            province_of={each.code: each.province for each in municipalities()},
            languages=LANGUAGES,
            channels=frozenset(Channel),
            page_ids=frozenset(session.scalars(select(ContactPage.id))),
        ),
    )


def _teams(session: DbSession) -> tuple[Team, ...]:
    """All teams, those without members too."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    for team_id, advisor_id in session.execute(select(team_member.c.team_id, team_member.c.advisor_id)):
        members[team_id].add(advisor_id)
    ids = session.scalars(select(TeamRow.id).order_by(TeamRow.id))
    return tuple(Team(team_id, frozenset(members[team_id])) for team_id in ids)


def _pages(session: DbSession, page_id: int | None = None) -> tuple[Page, ...]:
    """One page with its advisors in order, or all."""
    query = (
        select(ContactPage.id, ContactPage.topic_id, ContactPage.in_order, PageAdvisor.advisor_id)
        .outerjoin(PageAdvisor, PageAdvisor.page_id == ContactPage.id)
        .order_by(ContactPage.id, PageAdvisor.position)
    )
    if page_id is not None:
        query = query.where(ContactPage.id == page_id)
    shown: defaultdict[tuple[int, int | None, bool], list[int]] = defaultdict(list)
    for number, topic_id, in_order, advisor_id in session.execute(query):
        # An outer join: a page without advisors has one row without any.
        shown[number, topic_id, in_order].extend(filter(None, (advisor_id,)))
    return tuple(
        Page(id=number, advisor_ids=tuple(ids), topic_id=topic_id, page_order_decides=in_order)
        for (number, topic_id, in_order), ids in shown.items()
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
