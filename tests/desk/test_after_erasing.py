"""What the desk shows of people who were erased: pages that work, numbers that stay, and nobody's words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult import clock
from consult.calendars import feed
from consult.calendars.feed import Owner
from consult.people.models import Advisor
from consult.privacy.erasure import erase_person
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office

SAID = "Het buurthuis aan de Zwanenlaan"


def test_every_page_of_an_erased_person_still_works_and_tells_nothing(office: Office) -> None:
    question = office.asked(f"{SAID}: hoe nu verder?", phone="+31612345678")
    talk = office.planned(NOW + timedelta(days=1), note=SAID)
    with office.transaction() as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        owner = Owner(rik.name, rik.timezone, (rik.id,), is_team=False)
        after = NOW + timedelta(days=2)
        before = feed.mark(session, owner, office.settings, now=after)
        assert b"Joke" in feed.build(session, owner, office.settings, now=after)
    with office.transaction() as session:
        erase_person(session, "joke@gemeente.example", actor="advisor:1", now=after)
    with office.transaction() as session:
        assert feed.mark(session, owner, office.settings, now=after).etag != before.etag
        assert b"Joke" not in feed.build(session, owner, office.settings, now=after)
    clock.start_at(after)
    mirte = office.enter("mirte")
    for address in (
        f"/werkplek/vragen/{question}",
        f"/werkplek/afspraken/{talk}",
        "/werkplek/",
        "/werkplek/vragen",
        "/werkplek/vragen?lijst=klaar",
        "/werkplek/afspraken?weergave=geweest",
        "/werkplek/post",
        "/beheer/organisaties",
    ):
        page = mirte.open(address)
        assert not any(word in page.text for word in ("Joke", "Zwanenlaan", "0612345678", "06 12345678"))
    assert "Gewist" in mirte.open(f"/werkplek/vragen/{question}").text
