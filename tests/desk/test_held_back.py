"""Tegengehouden: coordinators look at what seems to be spam, and can take back what they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.activity.models import Activity
from consult.contact.models import Enquiry, EnquiryState
from consult.outbox.models import OutgoingMail

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

SPAM = "Buy backlinks! https://a.example https://b.example https://c.example seo"


def test_a_coordinator_puts_away_and_lets_through(office: Office) -> None:
    reference = office.asked(SPAM, name="Bob Bot")
    mirte = office.enter("mirte")
    page = mirte.open("/werkplek/").follow("1 vraag is tegengehouden")
    assert "Er staan veel links in. Er staan woorden uit reclame in." in page.text
    page = page.form("Dit is spam").submit()
    assert "Er is niets tegengehouden." in page.text
    page = page.form("Toch doorlaten").submit()
    assert "De vraag is doorgelaten." in page.text
    assert [each.text for each in page.tree.all("button") if "doorlaten" in each.text] == []
    thread = mirte.open(f"/werkplek/vragen/{reference}")
    assert "Mirte Smit heeft de vraag doorgelaten." in thread.text
    with office.transaction() as session:
        told = session.scalars(select(OutgoingMail.event).order_by(OutgoingMail.event))
        assert list(told) == ["enquiry-assigned", "enquiry-received"]


def test_who_only_coordinates_may_judge_too(office: Office) -> None:
    office.asked(SPAM)
    page = office.enter("anna").open("/werkplek/tegengehouden").form("Laat door").submit()
    assert "Er is niets tegengehouden." in page.text


@pytest.mark.both_databases
def test_what_was_decided_can_be_turned_back_both_ways_and_twice_is_once(office: Office) -> None:
    reference = office.asked(SPAM, name="Bob Bot")
    anna = office.enter("anna")
    put_away = anna.open("/werkplek/tegengehouden").form("Dit is spam").submit()
    undo = put_away.form("Draai terug")
    assert reference in undo.submit().form("Dit is spam").page.text
    back = undo.submit()
    assert "Het is teruggedraaid." in back.text
    let = back.form("Laat door").submit()
    assert "Doorgelaten in de laatste week" in let.text
    undo = let.form("Draai terug")
    for _ in range(2):
        again = undo.submit()
        assert "Weggelegd als spam" in again.text
        assert "Doorgelaten in de laatste week" not in again.text
    again.form("Toch doorlaten").submit()
    assert "Anna" not in anna.open(f"/werkplek/vragen/{reference}").text
    with office.transaction() as session:
        did = session.scalars(
            select(Activity.what).where(Activity.subject_kind == "enquiry").order_by(Activity.id)
        )
        codes = [each.removeprefix("enquiry.") for each in did]
    assert codes[1:5] == ["held", "judged_spam", "held_again", "let_through"]
    assert codes[-2:] == ["spam", "not_spam"]


def test_a_question_that_was_never_held_is_not_made_spam_there(office: Office) -> None:
    reference = office.asked()
    anna = office.enter("anna")
    page = anna.open(f"/werkplek/tegengehouden?gedaan=doorgelaten&nummer={reference}")
    page.form("Draai terug").submit()
    with office.transaction() as session:
        assert session.scalars(select(Enquiry.state)).one() == EnquiryState.OPEN


def test_an_advisor_sees_nothing_of_it(office: Office, rik: Visitor) -> None:
    reference = office.asked(SPAM)
    assert "tegengehouden" not in rik.open("/werkplek/").text
    rik.open("/werkplek/tegengehouden", status=403)
    assert reference not in rik.open("/werkplek/vragen?weergave=alles").text
    rik.open(f"/werkplek/vragen/{reference}", status=404)
