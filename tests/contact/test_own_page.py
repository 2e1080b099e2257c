from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.services import SYSTEM, advisor_actor
from consult.contact import services
from consult.contact.models import Enquiry
from consult.links.models import PersonalLink, Purpose
from consult.links.services import issue_link
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")

ADD = "Verstuur uw bericht"


@pytest.fixture
def token(transaction: Transaction, settings: Settings) -> str:
    """The private link to a question that Rik has."""
    with transaction() as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        return rows.ask(session, settings, advisor_id=rik.id).token


def answer(transaction: Transaction, settings: Settings, text: str) -> None:
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert enquiry.advisor is not None
        services.reply(
            session, enquiry, enquiry.advisor, text, form_key="answer", settings=settings, now=clock.now()
        )


def test_the_page_tells_how_the_question_stands(visitor: Visitor, token: str) -> None:
    page = visitor.open(f"/v/{token}")
    assert page.heading == "Uw vraag C-2026-0001"
    for words in (
        "Wij zijn ermee bezig",
        "Rik de Wit",
        "donderdag 19 november 2026",
        "Hoe begin ik een wijkgesprek?",
    ):
        assert words in page.text


def test_an_answer_stands_below_the_question_and_a_note_nowhere(
    visitor: Visitor, transaction: Transaction, settings: Settings, token: str
) -> None:
    answer(transaction, settings, "Begin klein.")
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert enquiry.advisor is not None
        services.add_note(session, enquiry, enquiry.advisor, "Geheim.", form_key="note", now=clock.now())
    page = visitor.open(f"/v/{token}")
    assert page.text.index("Hoe begin ik een wijkgesprek?") < page.text.index("Begin klein.")
    assert "Wij hebben geantwoord" in page.text
    assert "Geheim" not in page.body


def test_an_addition_makes_it_our_move_again_and_tells_the_advisor(
    visitor: Visitor,
    transaction: Transaction,
    settings: Settings,
    token: str,
    deliver_mail: DeliverMail,
    mailbox: Mailbox,
) -> None:
    answer(transaction, settings, "Begin klein.")
    deliver_mail()
    mailbox.empty()
    clock.start_at(rows.NOW + timedelta(days=5))
    page = visitor.open(f"/v/{token}").form(ADD).fill({"Uw bericht": "En dan?\nWat nog meer?"}).submit()
    assert page.address == f"/v/{token}"
    assert "Wij zijn ermee bezig" in page.text
    assert "dinsdag 24 november 2026" in page.text
    assert "En dan?" in page.text
    with transaction() as session:
        assert session.scalars(select(Enquiry.state)).all() == ["open"]
    deliver_mail()
    mail = mailbox.only("rik@bureau.example")
    assert "En dan" not in mail.part("text/plain")
    assert mailbox.deliveries == [mail]


def test_an_addition_opens_a_closed_question_again_and_its_link_lasts(
    visitor: Visitor, transaction: Transaction, token: str
) -> None:
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        services.close(session, enquiry, actor=SYSTEM, now=clock.now())
    assert "Afgerond" in visitor.open(f"/v/{token}").text
    visitor.open(f"/v/{token}").form(ADD).fill({"Uw bericht": "Toch nog iets."}).submit()
    clock.start_at(rows.NOW + timedelta(days=30))
    assert "Wij zijn ermee bezig" in visitor.open(f"/v/{token}").text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Vul uw bericht in."),
        ("\u202e\ufeff ", "Vul uw bericht in."),
        ("a" * 5003, "Uw bericht is te lang. Haal 3 tekens weg."),
    ],
    ids=["nothing", "nothing to see", "too long"],
)
def test_an_addition_that_does_not_fit_comes_back(
    visitor: Visitor, token: str, typed: str, error: str
) -> None:
    page = visitor.open(f"/v/{token}").form(ADD).fill({"Uw bericht": typed}).submit(status=422)
    assert page.errors == {"message": error}
    assert page.form(ADD).value("Uw bericht") == typed.strip("\u202e\ufeff ")


@pytest.mark.parametrize("path", ["", "/ontvangen"])
@pytest.mark.parametrize("kind", ["changed", "short", "unknown", "other script", "of a talk"])
def test_a_link_that_opens_nothing_tells_nothing(
    visitor: Visitor, transaction: Transaction, token: str, kind: str, path: str
) -> None:
    with transaction() as session:
        of_a_talk = issue_link(session, Purpose.BOOKING, 1, expires_at=None, now=rows.NOW)
    wrong = {
        "changed": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "short": token[:20],
        "unknown": "A" * len(token),
        "other script": "é" * len(token),
        "of a talk": of_a_talk,
    }[kind]
    page = visitor.open(f"/v/{wrong}{path}", status=404)
    assert page.heading == "Deze pagina is er niet"
    assert wrong not in page.body


def test_every_link_that_opens_nothing_gets_the_same_answer(
    visitor: Visitor, transaction: Transaction, token: str
) -> None:
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        services.close(session, enquiry, actor=advisor_actor(1), now=clock.now())
        of_a_talk = issue_link(session, Purpose.BOOKING, enquiry.id, expires_at=None, now=rows.NOW)
    clock.start_at(rows.NOW + timedelta(days=6, hours=23))
    visitor.open(f"/v/{token}")
    clock.start_at(rows.NOW + timedelta(days=7, minutes=1))
    answers = set()
    for wrong in (token, of_a_talk, "A" * 43, token[:-1]):
        page = visitor.open(f"/v/{wrong}", status=404)
        (error_id,) = [ref.text for ref in page.tree.all("span") if ref.get("class") == "ref"]
        answers.add(page.body.replace(error_id, "").replace(wrong, ""))
    assert len(answers) == 1


def test_only_the_hash_of_a_link_is_kept(transaction: Transaction, token: str) -> None:
    with transaction() as session:
        for link in session.scalars(select(PersonalLink)):
            assert token not in (link.token_hash, str(link.id))
            assert len(link.token_hash) == 64


def test_the_way_to_a_talk_takes_along_what_is_known(visitor: Visitor, token: str) -> None:
    page = visitor.open(f"/v/{token}").follow("Plan een gesprek")
    assert page.heading == "Plan een gesprek met Rik de Wit"
    moment = next(radio.get("value") for radio in page.tree.all("input") if radio.get("name") == "slot")
    form = page.form("Kies dit moment").choose(moment).submit().form("Bevestig de afspraak")
    assert (form.value("Uw naam"), form.value("Uw e-mailadres")) == ("Joke Jansen", "joke@gemeente.example")


def test_a_closed_question_cannot_be_extended_through_an_old_link(
    visitor: Visitor, transaction: Transaction, token: str
) -> None:
    form = visitor.open(f"/v/{token}").form(ADD).fill({"Uw bericht": "Te laat."})
    with transaction() as session:
        services.close(session, session.scalars(select(Enquiry)).one(), actor=SYSTEM, now=clock.now())
    clock.start_at(rows.NOW + timedelta(days=8))
    form.submit(status=404)
    with transaction() as session:
        told = select(OutgoingMail.id).where(OutgoingMail.event == "enquiry-extended")
        assert session.scalars(told).all() == []
