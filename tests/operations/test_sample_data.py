"""Sample data as rows: what the desk, the pages and the engines read, and no mail about history."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.booking.models import Booking, BusyPeriod
from consult.contact import escalation
from consult.contact.models import Enquiry, Message, MessageKind
from consult.contact.rules.versions import current_version, faults_of, rules_of
from consult.links.models import ReferenceCounter
from consult.operations import sample_data
from consult.operations.sample.plan import plan
from consult.outbox.models import OutgoingMail
from consult.people.accounts import Account
from consult.people.models import Advisor, Organisation
from consult.routing.decision import Decision
from consult.statistics.areas import figures
from consult.statistics.figures import Period

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.operations.sample.shapes import SamplePlan
    from consult.settings import Settings

pytestmark = [pytest.mark.both_databases, pytest.mark.proof]
PASSWORD = "een lang genoeg wachtwoord"


@pytest.fixture
def planned() -> SamplePlan:
    now = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    return plan(7, date(2026, 11, 20), enquiries=80, bookings=40, now=now)


@pytest.fixture
def loaded(session: DbSession, planned: SamplePlan, settings: Settings) -> sample_data.Loaded:
    return sample_data.load(session, planned, settings=settings, password=PASSWORD)


def test_what_was_planned_is_stored_and_mails_are_about_now_only(
    session: DbSession, planned: SamplePlan, loaded: sample_data.Loaded
) -> None:
    assert (loaded.enquiries, loaded.bookings, loaded.organisations) == (80, 40, 342)
    # Two questions, one talk and one group session that five people sign up for happen now; the rest is history.
    assert session.scalar(select(func.count()).select_from(Enquiry)) == 82
    assert session.scalar(select(func.count()).select_from(Booking)) == 41
    assert session.scalar(select(func.count()).select_from(Organisation)) == 342
    about = {
        (kind, key)
        for kind, key in session.execute(select(OutgoingMail.subject_kind, OutgoingMail.subject_id))
    }
    assert Counter(kind for kind, _ in about) == {"enquiry": 2, "booking": 1, "group_session": 1, "seat": 5}
    replies = sum(entry.kind == "reply" for one in planned.enquiries for entry in one.entries)
    stored = session.scalar(
        select(func.count()).select_from(Message).where(Message.kind == MessageKind.REPLY)
    )
    assert stored == replies + 1


def test_everybody_has_an_account_and_one_coordinates(session: DbSession, loaded: sample_data.Loaded) -> None:
    accounts = session.scalars(select(Account)).all()
    assert len(accounts) == len(loaded.sign_ins) == 6
    assert Counter(role.name for account in accounts for role in account.roles) == {
        "advisor": 6,
        "coordinator": 1,
    }
    assert all(account.advisor for account in accounts)
    assert loaded.sign_ins[0][2] == "coordinator"


def test_every_question_tells_why_it_went_where_it_went(
    session: DbSession, planned: SamplePlan, loaded: sample_data.Loaded
) -> None:
    slugs = {one.id: one.slug for one in session.scalars(select(Advisor))}
    stored = session.scalars(select(Enquiry).order_by(Enquiry.id).limit(80)).all()
    for one, enquiry in zip(planned.enquiries, stored, strict=True):
        decision = Decision.from_json(enquiry.decision)
        first = next((entry.to for entry in one.entries if entry.kind == "assigned"), None)
        assert slugs.get(decision.advisor_id or 0) == first
        assert slugs.get(enquiry.advisor_id or 0) == one.advisor


def test_a_talk_that_stands_takes_its_time_and_a_cancelled_one_takes_none(
    session: DbSession, planned: SamplePlan, loaded: sample_data.Loaded
) -> None:
    standing = sum(one.state == "confirmed" for one in planned.bookings)
    busy = session.scalars(select(BusyPeriod).join(Booking)).all()
    assert len(busy) == standing + 1
    for period in busy:
        booking = session.get_one(Booking, period.booking_id)
        assert period.counted_minute == booking.starts_at.timestamp() // 60
        assert period.start_minute <= period.counted_minute
        assert period.talk_end_minute <= period.end_minute


def test_numbers_go_on_where_the_sample_ends(session: DbSession, loaded: sample_data.Loaded) -> None:
    given = Counter(
        reference.rpartition("-")[0]
        for column in (Enquiry.reference, Booking.reference)
        for reference in session.scalars(select(column))
    )
    assert {each.series: each.last for each in session.scalars(select(ReferenceCounter))} == given


def test_a_database_in_which_somebody_works_is_left_alone(
    session: DbSession, planned: SamplePlan, settings: Settings, loaded: sample_data.Loaded
) -> None:
    with pytest.raises(sample_data.NotEmpty):
        sample_data.load(session, planned, settings=settings, password=PASSWORD)


def test_promises_run_and_what_was_told_is_not_told_again(
    session: DbSession, planned: SamplePlan, loaded: sample_data.Loaded, settings: Settings
) -> None:
    assert loaded.enquiries
    running = session.scalars(select(Enquiry).where(Enquiry.due_soon_at.is_not(None))).all()
    assert {each.state for each in running} == {"open"}
    assert any(each.answer_by < planned.now for each in running)
    assert any(each.answer_by > planned.now for each in running)
    before = session.scalar(select(func.count()).select_from(OutgoingMail))
    for act in (escalation.warn, escalation.tell_overdue, escalation.tell_coordinators):
        act(session, settings=settings, now=planned.now)
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == before


def test_the_coordinator_has_rules_without_faults_and_organisations_with_owners(
    session: DbSession, planned: SamplePlan, loaded: sample_data.Loaded
) -> None:
    assert loaded.organisations
    version = current_version(session)
    assert version is not None
    assert version.number == 2
    assert len(version.rules) == 4
    assert faults_of(session, rules_of(version), now=planned.now) == ()
    owned = session.scalar(select(func.count()).where(Organisation.owner_id.is_not(None)))
    assert owned == 17


def test_every_figure_of_the_office_has_something_to_count(
    session: DbSession, planned: SamplePlan, settings: Settings, loaded: sample_data.Loaded
) -> None:
    period = Period.of_weeks(13, today=date(2026, 11, 20))
    told = {each.key: each for each in figures(session, period, settings=settings, now=planned.now)}
    assert [key for key, each in told.items() if each.is_empty] == []
    assert told["handouts"].total is not None
