from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.operations.sample.moments import OfficeClock
from consult.operations.sample.plan import plan
from consult.people.municipalities import by_code

if TYPE_CHECKING:
    from consult.operations.sample.shapes import PlannedEnquiry, SamplePlan

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FRIDAY = date(2026, 11, 20)
DAYS = [
    pytest.param(FRIDAY, id="an ordinary Friday"),
    pytest.param(date(2026, 11, 22), id="a Sunday"),
    pytest.param(date(2026, 3, 30), id="the Monday after the clocks went forward"),
    pytest.param(date(2026, 10, 26), id="the Monday after the clocks went back"),
    pytest.param(date(2027, 1, 1), id="New Year's Day"),
    pytest.param(date(2028, 2, 29), id="a leap day"),
]


def unanswered(made: SamplePlan) -> list[PlannedEnquiry]:
    return [one for one in made.enquiries if one.state == "open" and one.answered_at is None]


def check_agenda(made: SamplePlan) -> None:
    """Talks lie in working hours and outside absences, and no two of an advisor overlap, buffers included."""
    by_slug = {advisor.slug: advisor for advisor in made.advisors}
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for talk in made.bookings:
        starts, ends = talk.starts_at.astimezone(AMSTERDAM), talk.ends_at.astimezone(AMSTERDAM)
        assert any(
            block.weekday == starts.weekday() and block.starts <= starts.time() and ends.time() <= block.ends
            for block in by_slug[talk.advisor].hours
        ), talk
        for away in made.absences:
            assert away.advisor != talk.advisor or not away.first_on <= starts.date() <= away.last_on, talk
        before, after = timedelta(minutes=talk.buffer_before), timedelta(minutes=talk.buffer_after)
        busy.setdefault(talk.advisor, []).append((talk.starts_at - before, talk.ends_at + after))
    for spans in busy.values():
        for (_, end), (start, _) in pairwise(sorted(spans)):
            assert end <= start


def check_references(made: SamplePlan) -> None:
    """Every slug, code, place and number names something in the plan."""
    texts = made.content
    advisors = {advisor.slug for advisor in made.advisors}
    topics, pages = {topic.slug for topic in texts.topics}, {page.slug for page in texts.pages}
    kinds = {kind.slug: kind for kind in texts.meeting_types}
    assert [one.number for one in made.enquiries] == list(range(1, len(made.enquiries) + 1))
    assert [one.number for one in made.bookings] == list(range(1, len(made.bookings) + 1))
    for one in made.enquiries:
        assert {one.advisor, one.wanted} <= {*advisors, None}
        assert one.topic in topics
        assert one.page in {*pages, None}
        assert one.organisation == made.contacts[one.contact].organisation
        assert {entry.author for entry in one.entries} <= {*advisors, "visitor", "house"}
        assert {entry.to for entry in one.entries} <= {*advisors, None}
    for talk in made.bookings:
        assert talk.advisor in advisors
        assert talk.topic in topics
        assert talk.place in kinds[talk.meeting_type].places
        assert talk.ends_at - talk.starts_at == timedelta(minutes=kinds[talk.meeting_type].minutes)
        if talk.enquiry:
            enquiry = made.enquiries[talk.enquiry - 1]
            assert enquiry.contact == talk.contact
            assert enquiry.asked_at < talk.created_at


def check_times(made: SamplePlan) -> None:
    """What happened is in order, and nothing of it is later than now."""
    for one in made.enquiries:
        moments = [one.asked_at, *(entry.at for entry in one.entries)]
        assert moments == sorted(moments)
        assert moments[-1] <= made.now
        assert one.answer_by > one.asked_at
        assert (one.closed_at is not None) == (one.state == "closed")
        assert one.snoozed_until is None or one.snoozed_until > made.now
        if one.state != "open":
            assert one.answered_at is not None
    for talk in made.bookings:
        assert talk.created_at < made.now
        assert talk.created_at <= talk.starts_at
        for moment in (talk.answered_at, talk.cancelled_at, *(move.at for move in talk.moves)):
            assert moment is None or talk.created_at <= moment <= made.now
        assert (talk.held is not None) == (talk.ends_at <= made.now and talk.state == "confirmed")
        assert (talk.answered_at is None) == (talk.participation == "NEEDS-ACTION")
        assert (talk.cancelled_at is None) == (talk.state == "confirmed")


def test_the_same_seed_and_day_give_the_same_plan() -> None:
    assert plan(7, FRIDAY, enquiries=60, bookings=30) == plan(7, FRIDAY, enquiries=60, bookings=30)


def test_another_seed_gives_other_people() -> None:
    assert (
        plan(7, FRIDAY, enquiries=30, bookings=9).contacts
        != plan(8, FRIDAY, enquiries=30, bookings=9).contacts
    )


def test_a_plan_has_as_much_as_was_asked_for() -> None:
    made = plan(1, FRIDAY, advisors=9, enquiries=123, bookings=45)
    assert (len(made.advisors), len(made.enquiries), len(made.bookings)) == (9, 123, 45)
    assert len({advisor.slug for advisor in made.advisors}) == 9
    assert sorted(slug for team in made.teams for slug in team.members) == sorted(
        a.slug for a in made.advisors
    )


@pytest.mark.parametrize("today", DAYS)
def test_a_plan_holds_together_on_any_day(today: date) -> None:
    made = plan(1, today)
    check_agenda(made)
    check_references(made)
    check_times(made)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    advisors=st.integers(1, 12),
    enquiries=st.integers(0, 40),
    bookings=st.integers(0, 60),
    days=st.integers(2, 120),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_a_plan_holds_together_whatever_is_asked(
    seed: int, today: date, advisors: int, enquiries: int, bookings: int, days: int, minute: int
) -> None:
    now = datetime(today.year, today.month, today.day, minute // 60, minute % 60, tzinfo=AMSTERDAM)
    made = plan(seed, today, advisors=advisors, enquiries=enquiries, bookings=bookings, days=days, now=now)
    assert (len(made.enquiries), len(made.bookings)) == (enquiries, bookings)
    check_agenda(made)
    check_references(made)
    check_times(made)


@pytest.mark.parametrize("seed", range(5))
def test_a_desk_has_something_of_everything_on_a_working_day(seed: int) -> None:
    made = plan(seed, FRIDAY)
    waiting_for_us = unanswered(made)
    today = [talk for talk in made.bookings if talk.starts_at.astimezone(AMSTERDAM).date() == FRIDAY]
    coming = [talk for talk in made.bookings if talk.starts_at > made.now]
    facts = {
        "overdue": any(one.answer_by < made.now for one in waiting_for_us),
        "due today": any(
            one.answer_by >= made.now and one.answer_by.astimezone(AMSTERDAM).date() == FRIDAY
            for one in waiting_for_us
        ),
        "unassigned": any(one.advisor is None for one in waiting_for_us),
        "urgent": any(one.urgent for one in waiting_for_us),
        "snoozed": any(one.snoozed_until for one in made.enquiries),
        "visitor wrote again": any(
            one.entries[-1].kind == "visitor" for one in made.enquiries if one.entries
        ),
        "asked today": sum(one.asked_at.astimezone(AMSTERDAM).date() == FRIDAY for one in made.enquiries)
        >= 5,
        "talks today": len(today) >= 4,
        "talks to come": len(coming) >= 20,
        "proposal": any(talk.proposed_start for talk in coming),
        "declined": any(talk.participation == "DECLINED" for talk in coming),
        "moved": any(talk.moves for talk in made.bookings),
        "cancelled": any(talk.state == "cancelled" for talk in made.bookings),
        "no-show": any(talk.held is False for talk in made.bookings),
        "somebody away today": any(away.first_on <= FRIDAY <= away.last_on for away in made.absences),
    }
    assert [name for name, there in facts.items() if not there] == []


def test_most_first_answers_are_on_time_and_some_are_not() -> None:
    answered = [one for one in plan(1, FRIDAY).enquiries if one.answered_at is not None]
    on_time = sum(one.answered_at <= one.answer_by for one in answered if one.answered_at) / len(answered)
    assert 0.8 < on_time < 0.98


def test_most_questions_come_in_on_working_hours() -> None:
    local = [one.asked_at.astimezone(AMSTERDAM) for one in plan(1, FRIDAY).enquiries]
    office = sum(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in local)
    assert office / len(local) > 0.8


def test_an_advisor_has_at_most_four_talks_a_day_and_twelve_a_week_and_the_rest_lies_further_back() -> None:
    made = plan(1, FRIDAY, advisors=2, enquiries=0, bookings=300, days=30)
    local = [(talk.advisor, talk.starts_at.astimezone(AMSTERDAM).date()) for talk in made.bookings]
    assert max(Counter(local).values()) <= 4
    assert max(Counter((advisor, *day.isocalendar()[:2]) for advisor, day in local).values()) <= 12
    assert min(day for _, day in local) < FRIDAY - timedelta(days=30)
    check_agenda(made)


def test_a_larger_firm_holds_together_as_well() -> None:
    made = plan(1, FRIDAY, advisors=30, enquiries=3000, bookings=1500)
    check_agenda(made)
    check_references(made)
    check_times(made)


def test_contacts_are_invented_and_reachable_at_nobody_real() -> None:
    contacts = plan(1, FRIDAY, enquiries=1500).contacts
    assert len({contact.email for contact in contacts}) == len(contacts)
    for contact in contacts:
        assert contact.email.endswith((".example.nl", "@example.org"))
        assert contact.email.isascii()
        assert phonenumbers.is_valid_number_for_region(phonenumbers.parse(contact.phone), "NL")
        assert contact.organisation is None or by_code(contact.organisation) is not None


def test_a_promise_counts_working_hours_and_leaves_out_holidays() -> None:
    clock = OfficeClock(date(2026, 12, 1), date(2027, 1, 31))
    cases = {
        "asked on Friday morning, due on Monday morning": ((12, 18, 10), (12, 21, 10)),
        "asked in the evening, due at the end of the next day": ((12, 21, 20), (12, 22, 17)),
        "asked before Christmas, due after both days and the weekend": ((12, 24, 12), (12, 28, 12)),
    }
    for name, ((month, day, hour), (due_month, due_day, due_hour)) in cases.items():
        asked = datetime(2026, month, day, hour, tzinfo=AMSTERDAM)
        due = datetime(2026, due_month, due_day, due_hour, tzinfo=AMSTERDAM)
        assert clock.deadline(clock.position(asked) + 480) == due, name


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"advisors": 0}, id="nobody to advise"),
        pytest.param({"days": 1}, id="fewer than two days"),
        pytest.param({"now": datetime(2026, 11, 20, 9, 0)}, id="a moment without a zone"),  # noqa: DTZ001 (that is what is refused)
        pytest.param(
            {"now": datetime(2026, 11, 20, 23, 30, tzinfo=UTC)}, id="a moment on the next day in Amsterdam"
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(asked: dict[str, int | datetime]) -> None:
    with pytest.raises(ValueError, match=r"a plan needs|now is"):
        plan(1, FRIDAY, **asked)  # type: ignore[arg-type]  # (wrong on purpose)
