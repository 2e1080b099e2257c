"""A promise that is kept: made by topic and urgency on the business clock, told when it is about to break, paused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult.contact import escalation
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.services import add_visitor_message, close, reopen, reply
from consult.contact.tending.snoozing import snooze
from consult.outbox.models import OutgoingMail
from consult.people.accounts import RoleName
from consult.people.models import Advisor, Topic
from consult.people.signin import create_account
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")
EVENTS = ("enquiry-due-soon", "enquiry-overdue")
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on the clock of Amsterdam, which is an hour ahead of UTC."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def people(session: DbSession, firm: None) -> dict[str, Advisor]:
    """The advisors by first name, and Anna, who coordinates."""
    create_account(
        session, "anna@bureau.example", "een lang wachtwoord", {RoleName.COORDINATOR}, now=rows.NOW
    )
    return {advisor.first_name: advisor for advisor in session.scalars(select(Advisor))}


def a_round(session: DbSession, settings: Settings, now: datetime) -> list[tuple[str, str]]:
    """What the worker tells at this moment: event and receiver of each new mail."""
    before = len(told(session))
    for act in (escalation.warn, escalation.tell_overdue, escalation.tell_coordinators):
        act(session, settings=settings, now=now)
    return told(session)[before:]


def told(session: DbSession) -> list[tuple[str, str]]:
    query = select(OutgoingMail).where(OutgoingMail.event.in_(EVENTS)).order_by(OutgoingMail.id)
    return [
        (mail.event.removeprefix("enquiry-"), mail.recipient.partition("@")[0])
        for mail in session.scalars(query)
    ]


@pytest.mark.parametrize(
    ("topic", "asked", "due", "due_soon"),
    [
        ({}, {}, at(19, 17), at(19, 13, 30)),
        ({"answer_days": 3}, {}, at(23, 17), at(23, 9, 30)),
        ({}, {"urgent": True}, at(18, 13), at(18, 12, 30)),
        ({"urgent_minutes": 480}, {"urgent": True}, at(19, 11), at(18, 17)),
    ],
    ids=[
        "the end of the next working day; three quarters of fourteen hours of work are ten and a half",
        "three working days, the weekend not counted",
        "two hours of work when it cannot wait",
        "what the topic says when it cannot wait: eight hours of work run on into tomorrow",
    ],
)
def test_a_promise_follows_topic_and_haste_on_the_clock_of_the_advisor(
    session: DbSession,
    settings: Settings,
    people: dict[str, Advisor],
    topic: dict[str, Any],
    asked: dict[str, Any],
    due: datetime,
    due_soon: datetime,
) -> None:
    known = session.scalars(select(Topic).where(Topic.name == "Polarisatie")).one()
    for name, value in topic.items():
        setattr(known, name, value)
    enquiry = rows.ask(session, settings, topic_id=known.id, **asked).enquiry
    assert (enquiry.advisor, enquiry.answer_by) == (people["Rik"], due)
    assert enquiry.due_soon_at == due_soon


@pytest.mark.both_databases
def test_the_advisor_is_warned_once_then_told_with_the_coordinators_and_then_no_more(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    assert enquiry.due_soon_at is not None
    assert a_round(session, settings, enquiry.due_soon_at - timedelta(minutes=1)) == []
    assert a_round(session, settings, enquiry.due_soon_at) == [("due-soon", "rik")]
    assert a_round(session, settings, enquiry.due_soon_at + timedelta(minutes=1)) == []
    assert a_round(session, settings, enquiry.answer_by) == [("overdue", "rik"), ("overdue", "anna")]
    assert a_round(session, settings, enquiry.answer_by + timedelta(days=3)) == []


def test_a_stand_in_is_told_before_the_coordinators(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    rows.create_absence(session, people["Rik"], at(18, 12), at(25, 12), stand_in=people["Sam"])
    assert a_round(session, settings, at(19, 16)) == [("due-soon", "sam")]
    assert a_round(session, settings, enquiry.answer_by) == [("overdue", "rik"), ("overdue", "sam")]
    assert a_round(session, settings, at(19, 18, 30)) == [], (
        "the office is closed: no hour of work has passed"
    )
    assert a_round(session, settings, at(20, 10)) == [("overdue", "anna")]
    assert a_round(session, settings, at(20, 11)) == []


def test_a_question_of_nobody_is_the_coordinators_from_the_start(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings).enquiry
    enquiry.advisor = None
    assert a_round(session, settings, at(19, 16)) == [("due-soon", "anna")]
    assert a_round(session, settings, enquiry.answer_by) == [("overdue", "anna")]


def test_nothing_runs_while_the_visitor_is_to_answer_and_what_comes_then_is_a_new_promise(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    a_round(session, settings, at(19, 16))
    reply(
        session, enquiry, people["Rik"], "Wanneer?", form_key="reply", settings=settings, now=at(19, 16, 30)
    )
    assert a_round(session, settings, at(20, 12)) == []
    add_visitor_message(session, enquiry, "Maandag.", form_key="more", settings=settings, now=at(20, 14))
    assert enquiry.state == EnquiryState.OPEN
    assert enquiry.answer_by == at(23, 17)
    assert a_round(session, settings, at(23, 16)) == [("due-soon", "rik")]
    assert a_round(session, settings, at(23, 17)) == [("overdue", "rik"), ("overdue", "anna")]


def test_a_question_that_was_answered_and_is_opened_again_breaks_no_promise(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    reply(session, enquiry, people["Rik"], "Ja.", form_key="reply", settings=settings, now=at(18, 14))
    close(session, enquiry, actor="advisor:1", now=at(18, 15))
    reopen(session, enquiry, actor="advisor:1", now=at(20, 15))
    assert a_round(session, settings, at(27, 15)) == []


def test_a_question_that_was_closed_by_mistake_still_has_its_promise(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    close(session, enquiry, actor="advisor:1", now=at(18, 15))
    assert a_round(session, settings, at(19, 16)) == []
    reopen(session, enquiry, actor="advisor:1", now=at(20, 15))
    assert a_round(session, settings, at(20, 16)) == [("overdue", "rik"), ("overdue", "anna")]


def test_what_is_put_off_comes_back_when_its_promise_is_almost_due(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    snooze(session, enquiry, at(27, 7), actor="advisor:1", now=at(18, 15))
    assert a_round(session, settings, at(19, 16)) == [("due-soon", "rik")]
    assert enquiry.snoozed_until is None
    snooze(session, enquiry, at(27, 7), actor="advisor:1", now=at(19, 16, 30))
    assert a_round(session, settings, at(19, 17)) == [("overdue", "rik"), ("overdue", "anna")]
    assert enquiry.snoozed_until is None


@pytest.mark.both_databases
def test_two_workers_at_the_same_moment_tell_once(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        for number in range(6):
            rows.ask(session, settings, email=f"{number}@gemeente.example")
    start = threading.Barrier(4)

    def work(_number: int) -> None:
        start.wait()
        escalation.run_round(transaction, settings, now=at(27, 15))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with transaction() as session:
        mails = session.scalars(
            select(OutgoingMail.subject_id).where(OutgoingMail.event == "enquiry-overdue")
        ).all()
        assert sorted(mails) == sorted(session.scalars(select(Enquiry.id)))


def test_a_mail_names_the_number_and_the_time_and_nothing_of_the_question(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id, question="Een geheim.").enquiry
    a_round(session, settings, enquiry.answer_by)
    raw = session.scalars(select(OutgoingMail.raw).where(OutgoingMail.event == "enquiry-overdue")).all()
    for each in raw:
        assert enquiry.reference.encode() in each
        assert b"19 november, 17.00 uur" in each.replace(b"=\r\n", b"").replace(b"=\n", b"")
        assert b"geheim" not in each
        assert b"Joke" not in each
