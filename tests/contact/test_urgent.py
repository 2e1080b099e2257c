"""What cannot wait: several people are told at once, the first has it, the others hear of it."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact import urgent
from consult.contact.handing_over import hand_over
from consult.contact.models import Enquiry
from consult.contact.services import reply
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")
INCLUSION = ("mirte", "noor", "rik", "sam")


@pytest.fixture
def people(session: DbSession, firm: None) -> dict[str, Advisor]:
    """The advisors by first name."""
    return {advisor.first_name: advisor for advisor in session.scalars(select(Advisor))}


def ask(session: DbSession, settings: Settings) -> Enquiry:
    page = rows.create_page(
        session,
        "haast",
        advisors=session.scalars(select(Advisor).where(Advisor.active).order_by(Advisor.id)).all(),
    )
    return rows.ask(session, settings, urgent=True, needs="Een gesprek vandaag", page_id=page.id).enquiry


def told(session: DbSession, event: str) -> list[str]:
    query = select(OutgoingMail.recipient).where(OutgoingMail.event == event)
    return sorted(address.partition("@")[0] for address in session.scalars(query))


def test_three_people_hear_of_it_at_once_with_a_link_to_take_it(
    session: DbSession, settings: Settings
) -> None:
    enquiry = ask(session, settings)
    assert told(session, "enquiry-urgent") == ["mirte", "rik", "sam"]
    assert told(session, "enquiry-assigned") == []
    assert enquiry.advisor is not None, "until somebody takes it, it is never nobody's"
    raw = session.scalars(select(OutgoingMail.raw).where(OutgoingMail.event == "enquiry-urgent")).first()
    assert f"/werkplek/vragen/{enquiry.reference}/haast".encode() in (raw or b"").replace(b"=\r\n", b"")


def test_who_takes_it_has_it_and_the_others_and_the_visitor_are_told(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = ask(session, settings)
    assert enquiry.advisor == people["Rik"]
    for _twice in range(2):
        urgent.take(session, enquiry, people["Sam"], settings=settings, now=rows.NOW)
    assert (enquiry.advisor, enquiry.taken_at) == (people["Sam"], rows.NOW)
    assert told(session, "enquiry-taken") == ["mirte", "rik"]
    assert told(session, "enquiry-handed-over") == ["joke"]
    with pytest.raises(urgent.AlreadyTaken) as refused:
        urgent.take(session, enquiry, people["Rik"], settings=settings, now=rows.NOW)
    assert refused.value.owner == people["Sam"]


def test_whoever_answers_or_passes_it_on_has_taken_it(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    answered = ask(session, settings)
    reply(session, answered, people["Rik"], "Ik bel u.", form_key="reply", settings=settings, now=rows.NOW)
    assert told(session, "enquiry-taken") == ["mirte", "sam"]
    handed = rows.ask(session, settings, urgent=True, advisor_id=people["Rik"].id, email="b@gemeente.example")
    hand_over(
        session,
        handed.enquiry,
        people["Sam"],
        by=people["Rik"],
        why="Sam is al daar.",
        note="Ze bellen om vier uur.",
        settings=settings,
        now=rows.NOW,
    )
    for enquiry, other in ((answered, "Mirte"), (handed.enquiry, "Rik")):
        with pytest.raises(urgent.AlreadyTaken):
            urgent.take(session, enquiry, people[other], settings=settings, now=rows.NOW)


def test_a_question_that_can_wait_is_not_for_the_taking(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    with pytest.raises(urgent.AlreadyTaken):
        urgent.take(session, enquiry, people["Sam"], settings=settings, now=rows.NOW)


@pytest.mark.both_databases
def test_of_eight_who_press_at_once_one_has_it(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        number = ask(session, settings).id
        ids = session.scalars(select(Advisor.id).where(Advisor.active)).all()
    start = threading.Barrier(8)

    def press(place: int) -> int | None:
        start.wait()
        try:
            with transaction() as session:
                enquiry, taker = session.get_one(Enquiry, number), session.get_one(Advisor, ids[place % 4])
                urgent.take(session, enquiry, taker, settings=settings, now=rows.NOW)
                return taker.id
        except urgent.AlreadyTaken:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(press, range(8)))
    assert answers == {None: 6, next(each for each in answers if each): 2}, "the winner pressed twice"
    with transaction() as session:
        enquiry = session.get_one(Enquiry, number)
        assert answers[enquiry.advisor_id] == 2
        alerted = enquiry.decision["alert"]
        others = [each for each in alerted if each != enquiry.advisor_id]
        assert len(told(session, "enquiry-taken")) == len(others)
