"""A visitor signs up for a group session, waits, takes an offered seat and gives it back, on pages and by mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from consult import clock
from consult.activity.services import SYSTEM
from consult.booking.groups import changing as group_changing
from consult.booking.groups import finding as group_finding
from consult.database import db
from tests.support import group_rows
from tests.support.group_rows import STARTS

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

PAGE = "/bijeenkomst/wijkgesprek"
FULL = "vol geraakt"


@pytest.fixture
def planned(transaction: Transaction, settings: Settings) -> None:
    """One session with two seats, of which Ans has one."""
    with transaction() as session:
        group = group_rows.plan(session, settings)
        group_rows.seat(session, settings, group, "Ans")


def sign_up(visitor: Visitor, who: str, *, status: int = 200) -> Page:
    form = visitor.open(PAGE).form().fill({"name": who, "email": f"{who.lower()}@gemeente.example"})
    return form.submit(status=status)


def own_page(visitor: Visitor, mailbox: Mailbox, who: str) -> Page:
    """The page behind the private link in the last mail to this person."""
    text = mailbox.to(f"{who.lower()}@gemeente.example")[-1].part("text/plain")
    found = re.search(r"http://localhost(/s/\S+)", text)
    assert found is not None, text
    return visitor.open(found[1])


@pytest.mark.usefixtures("planned")
def test_what_fills_in_the_hidden_field_is_asked_to_look_once_more(visitor: Visitor) -> None:
    form = visitor.open(PAGE).form().fill({"name": "Bas", "email": "bas@gemeente.example"})
    form.values["website"] = ["https://spam.example"]
    page = form.submit(status=422)
    assert "Kijk uw antwoorden na en verstuur ze nog een keer." in page.text
    assert page.form().value("website") == ""
    assert page.form().submit().heading == sign_up(visitor, "Cas").heading


@pytest.mark.usefixtures("planned")
def test_a_visitor_takes_the_last_seat(visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox) -> None:
    page = visitor.open(PAGE)
    assert page.heading == "Kennissessie: het wijkgesprek"
    assert "Er is nog 1 plaats." in page.text
    assert "Ans" not in page.text
    assert "video.example" not in page.body
    confirmed = sign_up(visitor, "Bas")
    assert "U heeft een plaats." in confirmed.text
    assert confirmed.response.headers.get("Set-Cookie") is None
    deliver_mail()
    own = own_page(visitor, mailbox, "Bas")
    assert own.heading == "U heeft een plaats"
    assert "Ans" not in own.text
    assert own.link("Ga naar het videogesprek") == "https://video.example/wijk"


@pytest.mark.usefixtures("planned")
def test_whoever_comes_too_late_waits_and_is_offered_the_seat_that_comes_free(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    sign_up(visitor, "Bas")
    assert "De bijeenkomst is vol." in visitor.open(PAGE).text
    assert "U staat op de wachtlijst." in sign_up(visitor, "Cas").text
    deliver_mail()
    waiting = own_page(visitor, mailbox, "Cas")
    assert "U bent nummer 1 op de wachtlijst." in waiting.text
    gone = own_page(visitor, mailbox, "Bas").follow("Ik kom toch niet").form().submit("Ja, meld mij af")
    assert gone.heading == "U bent niet aangemeld"
    deliver_mail()
    offered = own_page(visitor, mailbox, "Cas")
    assert offered.heading == "Er is een plaats voor u"
    assert "tot donderdag 19 november, 11.00 uur" in offered.text
    assert offered.form().submit("Ja, ik neem de plaats").heading == "U heeft een plaats"


@pytest.mark.usefixtures("planned")
def test_an_offer_that_is_over_cannot_be_taken(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    for who in ("Bas", "Cas"):
        sign_up(visitor, who)
    deliver_mail()
    own_page(visitor, mailbox, "Bas").follow("Ik kom toch niet").form().submit()
    deliver_mail()
    form = own_page(visitor, mailbox, "Cas").form()
    clock.start_at(clock.now() + timedelta(hours=24))
    assert "Deze plaats is niet meer vrij." in form.submit(status=409).text


@pytest.mark.usefixtures("planned")
def test_a_session_with_a_full_waiting_list_takes_nobody(visitor: Visitor) -> None:
    form = visitor.open(PAGE).form().fill({"name": "Gus", "email": "gus@gemeente.example"})
    for who in ("Bas", "Cas", "Dik", "Els"):
        sign_up(visitor, who)
    assert FULL in form.submit(status=409).text
    page = visitor.open(PAGE)
    assert "de wachtlijst ook" in page.text
    assert not list(page.tree.all("form"))


@pytest.mark.usefixtures("planned")
def test_signing_up_with_somebody_elses_address_tells_nothing(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    deliver_mail()
    mailbox.empty()
    known, stranger = sign_up(visitor, "Ans"), sign_up(visitor, "Bas")
    assert (known.address, known.text) == (stranger.address, stranger.text)
    deliver_mail()
    assert "dat had u al gedaan" in mailbox.only("ans@gemeente.example").part("text/plain")


@pytest.mark.usefixtures("planned")
def test_mistakes_are_told_beside_the_fields(visitor: Visitor) -> None:
    page = visitor.open(PAGE).form().fill({"name": "", "email": "bas@"}).submit(status=422)
    assert page.errors.keys() == {"name", "email"}


@pytest.mark.usefixtures("planned")
def test_the_page_is_there_in_english(visitor: Visitor) -> None:
    page = visitor.open(f"{PAGE}?taal=en")
    assert page.heading == "Knowledge session: neighbourhood talks"


@pytest.mark.usefixtures("planned")
def test_a_session_that_was_called_off_says_so(
    visitor: Visitor,
    transaction: Transaction,
    settings: Settings,
    deliver_mail: DeliverMail,
    mailbox: Mailbox,
) -> None:
    form = visitor.open(PAGE).form().fill({"name": "Bas", "email": "bas@gemeente.example"})
    with transaction() as session:
        group = group_finding.by_slug(session, "wijkgesprek")
        assert group is not None
        now = clock.now()
        group_changing.cancel(session, group, reason="Rik is ziek", actor=SYSTEM, settings=settings, now=now)
    assert "Aanmelden kan niet meer." in form.submit(status=409).text
    assert "Deze bijeenkomst gaat niet door." in visitor.open(PAGE).text
    deliver_mail()
    own = own_page(visitor, mailbox, "Ans")
    assert own.heading == "De bijeenkomst gaat niet door"
    assert "Rik is ziek" in own.text


@pytest.mark.usefixtures("planned")
def test_a_session_that_has_begun_takes_nobody(visitor: Visitor) -> None:
    clock.start_at(STARTS)
    page = visitor.open(PAGE)
    assert "Aanmelden kan niet meer." in page.text
    assert not list(page.tree.all("form"))


@pytest.mark.usefixtures("planned")
def test_who_has_a_seat_may_put_it_in_a_calendar_and_who_gave_it_up_may_not(
    visitor: Visitor, client: FlaskClient, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    deliver_mail()
    own = own_page(visitor, mailbox, "Ans")
    address = own.link("Zet in mijn agenda")
    answer = client.get(address)
    assert answer.mimetype == "text/calendar"
    invite = mailbox.only("ans@gemeente.example").part("text/calendar")
    uid = next(line for line in invite.splitlines() if line.startswith("UID:"))
    assert uid in answer.text.splitlines()
    own.follow("Ik kom toch niet").form().submit()
    assert client.get(address).status_code == 404


def test_an_unknown_session_and_an_unknown_link_are_pages_that_do_not_exist(visitor: Visitor) -> None:
    visitor.open("/bijeenkomst/bestaat-niet", status=404)
    visitor.open(f"/s/{'a' * 43}", status=404)


@pytest.mark.usefixtures("planned")
def test_the_page_asks_the_database_at_most_ten_times(app: Flask, visitor: Visitor) -> None:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    visitor.open(PAGE)
    assert len(statements) <= 10, statements
