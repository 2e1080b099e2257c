"""What other programs hear of: every act that is an event, in the API's words, with the change itself or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.services import advisor_actor
from consult.booking import approving
from consult.booking import services as booking
from consult.booking.models import Booking
from consult.contact import answering, calls, chats, handing_over, services
from consult.contact.held.services import release
from consult.contact.models import CallResult, Enquiry
from consult.contact.tending.merging import merge
from consult.people.models import Advisor
from consult.privacy.erasure import erase_person
from consult.privacy.redaction import redact
from consult.webhooks.models import Webhook, WebhookDelivery
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.database import DbSession
    from tests.webhooks.conftest import Listening

TOMORROW = NOW + timedelta(days=1)


def who(session: DbSession, slug: str) -> Advisor:
    return session.scalars(select(Advisor).where(Advisor.slug == slug)).one()


def question(session: DbSession, reference: str) -> Enquiry:
    return session.scalars(select(Enquiry).where(Enquiry.reference == reference)).one()


def talk(session: DbSession, reference: str) -> Booking:
    return session.scalars(select(Booking).where(Booking.reference == reference)).one()


def test_a_question_is_told_as_the_api_tells_it(listening: Listening) -> None:
    reference = listening.office.asked(ago=timedelta(0), email="joke@gemeente.example")
    assert listening.tell() == 2
    assert sorted(listening.events()) == ["enquiry.assigned", "enquiry.created"]
    told = next(each.told for each in listening.receiver.heard if each.told["type"] == "enquiry.created")
    assert (told["timestamp"], set(told)) == ("2026-11-18T10:00:00Z", {"type", "timestamp", "data"})
    key = listening.office.enter("anna").open("/beheer/api-sleutels/nieuw").form("Maak de sleutel")
    key.fill({"Naam": "Lezer"}).choose("Lezen: vragen, gesprekken en de lijsten van Beheer")
    text = next(each.text for each in key.submit().tree.all("code"))
    answer = listening.office.app.test_client().get(
        f"/api/v1/enquiries/{reference}", headers={"Authorization": f"Bearer {text}"}
    )
    assert told["data"] == answer.get_json()
    assert told["data"]["advisor"]["name"] == "Rik de Wit"


@dataclass(frozen=True)
class Scene:
    """A question of Rik's, and who is there."""

    session: DbSession
    asked: Enquiry
    rik: Advisor
    sam: Advisor
    at: dict[str, Any]

    def call(self, result: CallResult) -> None:
        call = calls.NewCall(form_key="c", result=result)
        calls.record_call(self.session, self.asked, self.rik, call, **self.at)


ACTS: dict[str, tuple[Callable[[Scene], Any], list[str]]] = {
    "an answer by mail": (
        lambda s: answering.reply(s.session, s.asked, s.rik, "Zo.", form_key="a", **s.at),
        ["enquiry.answered"],
    ),
    "a call in which somebody was spoken to": (lambda s: s.call(CallResult.SPOKE), ["enquiry.answered"]),
    "a call that nobody took": (lambda s: s.call(CallResult.NO_ANSWER), []),
    "a chat that was the answer": (
        lambda s: chats.record_chat(s.session, s.asked, s.rik, "Dag", answered=True, form_key="d", **s.at),
        ["enquiry.answered"],
    ),
    "a note for colleagues": (
        lambda s: services.add_note(s.session, s.asked, s.rik, "Dag", form_key="n", now=NOW),
        [],
    ),
    "a hand-over": (
        lambda s: handing_over.hand_over(
            s.session, s.asked, s.sam, by=s.rik, why="Sam weet dit", note="Alles.", **s.at
        ),
        ["enquiry.assigned"],
    ),
    "closing": (
        lambda s: services.close(s.session, s.asked, actor=advisor_actor(s.rik.id), now=NOW),
        ["enquiry.closed"],
    ),
}


@pytest.mark.parametrize(("act", "heard"), ACTS.values(), ids=ACTS)
def test_an_act_is_told_once(listening: Listening, act: Callable[[Scene], Any], heard: list[str]) -> None:
    office = listening.office
    reference = office.asked()
    listening.tell()
    listening.receiver.heard.clear()
    with office.transaction() as session:
        at = {"settings": office.settings, "now": NOW}
        act(Scene(session, question(session, reference), who(session, "rik"), who(session, "sam"), at))
    listening.tell(timedelta(minutes=1))
    assert listening.events() == heard


def test_questions_that_become_one_tell_that_one_was_closed(listening: Listening) -> None:
    office = listening.office
    first, second = office.asked(), office.asked()
    listening.tell()
    with office.transaction() as session:
        merge(session, question(session, second), question(session, first), actor="advisor:1", now=NOW)
    listening.tell()
    last = listening.receiver.heard[-1].told
    assert (last["type"], last["data"]["reference"], last["data"]["mergedInto"]) == (
        "enquiry.closed",
        second,
        first,
    )


def test_an_answer_that_is_taken_back_in_time_is_never_told(listening: Listening) -> None:
    office = listening.office
    reference = office.asked()
    listening.tell()
    listening.receiver.heard.clear()
    at: dict[str, Any] = {"settings": office.settings, "now": NOW}
    with office.transaction() as session:
        asked = question(session, reference)
        said = answering.reply(
            session, asked, who(session, "rik"), "Zo.", form_key="a", wait=timedelta(seconds=15), **at
        )
        number = said.id
    assert listening.tell(timedelta(seconds=10)) == 0
    with office.transaction() as session:
        asked = question(session, reference)
        said = next(each for each in asked.messages if each.id == number)
        answering.take_back(session, asked, said, actor="advisor:1", now=clock.now())
    listening.tell(timedelta(minutes=5))
    assert listening.events() == []


def test_possible_spam_is_told_when_it_was_let_through_and_not_before(listening: Listening) -> None:
    office = listening.office
    reference = office.asked(question="CASINO http://a.example http://b.example http://c.example " * 9)
    with office.transaction() as session:
        assert question(session, reference).held_for
    assert listening.tell(timedelta(hours=1)) == 0
    with office.transaction() as session:
        asked = question(session, reference)
        release(session, asked, actor="account:1", settings=office.settings, now=clock.now())
    listening.tell()
    assert sorted(listening.events()) == ["enquiry.assigned", "enquiry.created"]


def test_a_talk_is_told_from_planning_to_cancelling(listening: Listening) -> None:
    office = listening.office
    reference = office.planned(TOMORROW)
    at: dict[str, Any] = {"actor": "advisor:1", "settings": office.settings, "now": NOW}
    with office.transaction() as session:
        later = TOMORROW + timedelta(hours=1)
        booking.move(session, talk(session, reference), later, freely=True, **at)
    with office.transaction() as session:
        booking.cancel(session, talk(session, reference), reason="Ziek", **at)
    listening.tell()
    assert listening.events() == ["booking.created", "booking.moved", "booking.cancelled"]
    created, moved, cancelled = (each.told["data"] for each in listening.receiver.heard)
    assert (created["start"], moved["start"]) == ("2026-11-19T10:00:00Z", "2026-11-19T11:00:00Z")
    assert (created["state"], cancelled["state"], cancelled["cancelReason"]) == (
        "confirmed",
        "cancelled",
        "Ziek",
    )


def test_the_advisors_yes_and_no_are_told(listening: Listening) -> None:
    office = listening.office
    yes, no = office.planned(TOMORROW), office.planned(TOMORROW + timedelta(hours=2))
    at: dict[str, Any] = {"actor": "advisor:1", "settings": office.settings, "now": NOW}
    with office.transaction() as session:
        for each in (yes, no):
            talk(session, each).state = "pending"
    with office.transaction() as session:
        approving.approve(session, talk(session, yes), **at)
        approving.decline(session, talk(session, no), reason=None, **at)
    listening.tell()
    assert listening.events()[2:] == ["booking.answered", "booking.cancelled"]


def test_what_is_rolled_back_is_not_told(listening: Listening) -> None:
    office = listening.office
    reference = office.asked()
    listening.tell()
    with office.transaction() as session:
        asked = question(session, reference)
        services.close(session, asked, actor="advisor:1", now=NOW)
        session.rollback()
        asked = question(session, reference)
        savepoint = session.begin_nested()
        services.close(session, asked, actor="advisor:1", now=NOW)
        savepoint.rollback()
        asked = question(session, reference)
        services.reopen(session, asked, actor="advisor:1", now=NOW)
    listening.tell()
    assert "enquiry.closed" not in listening.events()


def test_what_was_chosen_is_told_and_no_more(listening: Listening) -> None:
    office = listening.office
    with office.transaction() as session:
        session.get_one(Webhook, listening.hook_id).events = ["enquiry.closed"]
    reference = office.asked()
    office.planned(TOMORROW)
    with office.transaction() as session:
        services.close(session, question(session, reference), actor="advisor:1", now=NOW)
    listening.tell()
    assert listening.events() == ["enquiry.closed"]


def test_what_is_redacted_or_erased_is_not_told_any_more(listening: Listening) -> None:
    office = listening.office
    reference = office.asked(question='Mevrouw\nBakker zegt: "nee"')
    with office.transaction() as session:
        asked = question(session, reference)
        redact(session, ("enquiry", asked.id), 'mevrouw bakker zegt: "nee"', actor="advisor:1", now=NOW)
    listening.tell()
    assert [each.told["data"]["question"] for each in listening.receiver.heard] == ["[weggelaten]"] * 2
    office.asked()
    with office.transaction() as session:
        erase_person(session, "joke@gemeente.example", actor="account:1", now=NOW)
    assert listening.tell() == 0
    with office.transaction() as session:
        assert session.scalars(select(WebhookDelivery)).all() == []
