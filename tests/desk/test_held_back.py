"""Tegengehouden: coordinators look at what seems to be spam, and can take back what they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

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
    assert reference not in page.text
    thread = mirte.open(f"/werkplek/vragen/{reference}")
    assert "Mirte Smit heeft de vraag doorgelaten." in thread.text
    with office.transaction() as session:
        told = session.scalars(select(OutgoingMail.event).order_by(OutgoingMail.event))
        assert list(told) == ["enquiry-assigned", "enquiry-received"]


def test_who_only_coordinates_may_judge_too(office: Office) -> None:
    office.asked(SPAM)
    page = office.enter("anna").open("/werkplek/tegengehouden").form("Laat door").submit()
    assert page.text.count("C-2026-0001") == 0


def test_an_advisor_sees_nothing_of_it(office: Office, rik: Visitor) -> None:
    reference = office.asked(SPAM)
    assert "tegengehouden" not in rik.open("/werkplek/").text
    rik.open("/werkplek/tegengehouden", status=403)
    assert reference not in rik.open("/werkplek/vragen?weergave=alles").text
    rik.open(f"/werkplek/vragen/{reference}", status=404)
