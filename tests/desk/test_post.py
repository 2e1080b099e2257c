from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.outbox.models import MailState, OutgoingMail
from consult.outbox.services import settle_failed
from consult.people.models import Advisor
from tests.desk.conftest import NOW
from tests.support import group_rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor

PAGE = "/werkplek/post"
JOKE = "joke@gemeente.example"
pytestmark = pytest.mark.both_databases


def refuse(office: Office, recipient: str = JOKE) -> bytes:
    """The server refuses the mail to this address for good; gives its bytes."""
    with office.transaction() as session:
        found = session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == recipient).options(undefer(OutgoingMail.raw))
        ).one()
        settle_failed(found, "550 no such user", permanent=True, now=NOW)
        return found.raw


def test_a_mail_that_did_not_arrive_stands_there_with_why_and_is_sent_again_as_it_was(
    office: Office, rik: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    reference = office.asked()
    raw = refuse(office)
    deliver_mail()
    assert mailbox.to(JOKE) == []
    page = rik.open(PAGE)
    assert "550 no such user" in page.text
    assert "Niet aangekomen 1" in page.text
    assert JOKE in page.text
    form = page.form("Verstuur opnieuw")
    after = form.submit()
    assert after.heading == f"Post over {reference}"
    assert "Wordt verstuurd" in after.text
    form.submit()
    deliver_mail()
    deliver_mail()
    assert mailbox.only(JOKE).content.replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")
    assert "Alle post is aangekomen." in rik.open(PAGE).text


def test_the_post_about_one_talk_and_about_everything(office: Office, rik: Visitor) -> None:
    office.asked(name="Piet", email="piet@gemeente.example")
    talk = office.planned(NOW + timedelta(days=1))
    about = rik.open(f"{PAGE}?over={talk}")
    assert "piet@" not in about.text
    assert about.text.count("Uw afspraak op") == 2
    assert about.link(f"Bekijk {talk}").endswith(talk)
    everything = rik.open(PAGE).follow("Alles")
    assert "piet@gemeente.example" in everything.text
    assert JOKE in everything.text
    assert "Hierover is geen post." in rik.open(f"{PAGE}?over=C-1999-0001").text


def test_the_post_of_a_colleague_is_not_mine_and_a_coordinator_sees_all(office: Office, rik: Visitor) -> None:
    office.asked(of="sam")
    refuse(office)
    assert JOKE not in rik.open(f"{PAGE}?weergave=alles").text
    form = office.enter("mirte").open(PAGE).form("Verstuur opnieuw")
    own = rik.open("/werkplek/agendas").form("Maak een adres")
    answer = rik.client.post(form.element.get("action"), data={"csrf_token": own.values["csrf_token"]})
    assert answer.status_code == 404
    with office.transaction() as session:
        failed = select(OutgoingMail.state).where(OutgoingMail.recipient == JOKE)
        assert session.scalars(failed).one() == MailState.FAILED
    assert "Wordt verstuurd" in form.submit().text


def test_only_what_failed_is_sent_again(office: Office, rik: Visitor) -> None:
    office.asked()
    page = rik.open(f"{PAGE}?weergave=alles")
    assert "Verstuur opnieuw" not in page.text
    with office.transaction() as session:
        mail = session.scalars(select(OutgoingMail)).first()
        assert mail
        mail.attempts, number = 3, mail.id
    own = rik.open("/werkplek/agendas").form("Maak een adres")
    rik.client.post(f"{PAGE}/{number}/opnieuw", data={"csrf_token": own.values["csrf_token"]})
    with office.transaction() as session:
        assert session.get_one(OutgoingMail, number).attempts == 3


@pytest.mark.parametrize("number", ["0", "999999", "niets", "9" * 40])
def test_a_mail_that_does_not_exist_is_a_page_that_does_not_exist(rik: Visitor, number: str) -> None:
    own = rik.open("/werkplek/agendas").form("Maak een adres")
    answer = rik.client.post(f"{PAGE}/{number}/opnieuw", data={"csrf_token": own.values["csrf_token"]})
    assert answer.status_code == 404


def test_a_long_list_has_pages(office: Office, rik: Visitor) -> None:
    for number in range(14):
        office.asked(email=f"a{number}@gemeente.example")
    first = rik.open(f"{PAGE}?weergave=alles")
    second = first.follow("Volgende")
    assert "a0@gemeente.example" in second.text
    assert second.follow("Vorige").text == first.text


def test_the_pages_of_a_talk_and_of_a_group_session_lead_to_their_post(office: Office, rik: Visitor) -> None:
    talk = office.planned(NOW + timedelta(days=1))
    about = rik.open(f"/werkplek/afspraken/{talk}").follow("Bekijk de post over dit gesprek")
    assert about.heading == f"Post over {talk}"
    with office.transaction() as session:
        host = session.query(Advisor).filter_by(slug="rik").one()
        group = group_rows.plan(session, office.settings, (host,))
        group_rows.seat(session, office.settings, group, "Ans")
    page = rik.open("/werkplek/bijeenkomsten/wijkgesprek").follow("Post over deze bijeenkomst")
    assert page.text.count("Kennissessie") == 2
    refuse(office, "ans@gemeente.example")
    failed = rik.open(PAGE)
    assert failed.link("Bekijk de bijeenkomst").endswith("/bijeenkomsten/wijkgesprek")
    assert "Wordt verstuurd" in failed.form("Verstuur opnieuw").submit().text
    assert "Hierover is geen post." in office.enter("sam").open(f"{PAGE}?over=wijkgesprek").text
