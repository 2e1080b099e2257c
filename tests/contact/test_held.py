"""What looks like spam waits for a person: nothing is lost, nobody is told too early, and people are never held up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.services import SYSTEM
from consult.contact.held import services as held
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.tending.spam import mark_spam
from consult.outbox.models import OutgoingMail
from consult.people.models import Contact
from consult.web.spam_signs import are_enough, signs_of
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Form, Visitor

pytestmark = pytest.mark.usefixtures("firm")

ASK = "Verstuur uw vraag"
QUESTION = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke Jansen", "Uw e-mailadres": "joke@gemeente.nl"}
SPAM = "Buy backlinks! https://a.example https://b.example https://c.example seo"


def filled_in(visitor: Visitor, address: str = "/vraag", **more: str) -> Form:
    return visitor.open(address).form(ASK).fill(QUESTION | more)


def mails(session: DbSession) -> list[tuple[str, str]]:
    return [(event, to) for event, to in session.execute(select(OutgoingMail.event, OutgoingMail.recipient))]


@pytest.mark.parametrize(
    ("told", "question", "name", "pot", "is_held"),
    [
        ("a plain question", "Hoe begin ik een wijkgesprek?", "Joke", None, False),
        ("two links", "Wij lazen https://a.example en www.b.example. Klopt dat?", "Joke", None, False),
        ("four links", " ".join(["https://a.example"] * 4), "Joke", None, False),
        ("five links", " ".join(["https://a.example"] * 5), "Joke", None, True),
        ("one odd word", "Er komt een casino in onze gemeente. Wat nu?", "Joke", None, False),
        ("another script", "كيف نبدأ حوارا في الحي؟", "ليلى", None, False),
        ("advertising", SPAM, "Joke", None, True),
        (
            "markup and links",
            "[url=https://a.example]x[/url] www.b.example www.c.example",
            "Joke",
            None,
            True,
        ),
        ("a name that is a link, with links", "www.a.example " * 3, "www.b.example", None, True),
        ("the empty field was filled in", "Hoe begin ik?", "Joke", "https://a.example", True),
    ],
)
def test_marks_add_up(told: str, question: str, name: str, pot: str | None, is_held: bool) -> None:  # noqa: FBT001 (a table's column)
    assert are_enough(signs_of(question, name, pot=pot)) is is_held, told


@pytest.mark.parametrize("address", ["/vraag", "/embed/polarisatie"])
def test_a_held_question_is_stored_and_promised_and_nobody_is_told(
    visitor: Visitor, transaction: Transaction, address: str
) -> None:
    form = filled_in(visitor, address)
    form.values["website"] = ["https://spam.example"]
    page = form.submit()
    assert page.heading == "Wij hebben uw vraag"
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert (enquiry.state, enquiry.held_for) == (EnquiryState.HELD, "pot")
        assert enquiry.answer_by > clock.now()
        assert mails(session) == []
        assert session.scalars(select(Contact)).all() == [], "a stranger's spam makes no person known"
    # What its visitor adds does not carry it past the look.
    own = page.follow("Bekijk uw vraag")
    own.form("Verstuur uw bericht").fill({"Uw bericht": "En nog iets."}).submit()
    with transaction() as session:
        assert session.scalars(select(Enquiry.state)).one() == EnquiryState.HELD
        assert mails(session) == []


@pytest.mark.both_databases
def test_what_is_let_through_goes_the_way_of_every_question_with_the_promise_that_was_read(
    session: DbSession, settings: Settings
) -> None:
    enquiry = rows.ask(session, settings, question=SPAM).enquiry
    promised, later = enquiry.answer_by, rows.NOW + timedelta(hours=3)
    held.judge_spam(session, enquiry, actor=SYSTEM, now=later)
    assert (list(held.to_review(session)), list(held.put_away(session))) == ([], [enquiry])
    for _twice in range(2):
        held.release(session, enquiry, actor=SYSTEM, settings=settings, now=later)
    assert (enquiry.state, enquiry.spam_at, enquiry.answer_by) == (EnquiryState.OPEN, None, promised)
    assert enquiry.advisor is not None
    assert enquiry.contact is not None
    assert later < (enquiry.due_soon_at or later) < promised
    assert sorted(event for event, _to in mails(session)) == ["enquiry-assigned", "enquiry-received"]
    held.judge_spam(session, enquiry, actor=SYSTEM, now=later)
    assert enquiry.spam_at is None, "what somebody has is no longer judged"


def test_what_the_desk_called_spam_comes_back_and_nobody_is_told_again(
    session: DbSession, settings: Settings
) -> None:
    enquiry = rows.ask(session, settings, question=SPAM).enquiry
    held.release(session, enquiry, actor=SYSTEM, settings=settings, now=rows.NOW)
    told, had = mails(session), (enquiry.advisor_id, enquiry.answer_by, enquiry.due_soon_at)
    for _twice in range(2):
        mark_spam(session, enquiry, actor=SYSTEM, now=rows.NOW)
        assert (enquiry.held_for, list(held.to_review(session))) == (None, [])
        held.release(session, enquiry, actor=SYSTEM, settings=settings, now=rows.NOW)
        assert enquiry.state == EnquiryState.OPEN
        assert (enquiry.advisor_id, enquiry.answer_by, enquiry.due_soon_at) == had
    assert mails(session) == told


def test_a_flood_waits_and_a_quiet_hour_later_nothing_does(
    session: DbSession, make_settings: MakeSettings
) -> None:
    settings = make_settings(flood_limit=10)
    states = [rows.ask(session, settings).enquiry.state for _ in range(12)]
    assert states == [EnquiryState.OPEN] * 10 + [EnquiryState.HELD] * 2
    later = rows.NOW + timedelta(minutes=11)
    assert rows.ask(session, settings, now=later).enquiry.state == EnquiryState.OPEN
