from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.booking.models import Booking
from consult.booking.series.models import TalkSeries
from consult.booking.talk_round import run_round
from consult.outbox.models import OutgoingMail
from tests.support import rows
from tests.support.series_rows import FIRST, block, local, rik, sparren, weekly

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("firm")
JOKE = "joke@gemeente.example"
CHANGED = "Intussen zijn er andere dagen vrij. Bekijk de dagen nog eens."


@pytest.fixture
def talk_page(transaction: Transaction, settings: Settings) -> str:
    """The address of the own page of a talk on a Tuesday at ten."""
    with transaction() as session:
        return "/a/" + rows.book(session, settings, sparren(session), [rik(session)], FIRST).token


def dates_page(visitor: Visitor, talk_page: str, how_often: str = "Elke week", count: str = "6") -> Page:
    page = visitor.open(talk_page).follow("Plan elke week of elke maand een gesprek")
    return page.form("Bekijk de dagen").choose(how_often, count).submit()


def planned(visitor: Visitor, talk_page: str) -> Page:
    return dates_page(visitor, talk_page).form("Plan deze gesprekken").submit()


def standing(transaction: Transaction) -> list[str]:
    with transaction() as session:
        talks = session.scalars(
            select(Booking)
            .where(Booking.series_id.is_not(None), Booking.state == "confirmed")
            .order_by(Booking.starts_at)
        )
        return [talk.starts_at.date().isoformat() for talk in talks]


def test_a_visitor_makes_a_series_of_a_talk(visitor: Visitor, talk_page: str) -> None:
    page = visitor.open(talk_page).follow("Plan elke week of elke maand een gesprek")
    assert page.heading == "Wilt u elkaar vaker spreken?"
    dates = page.form("Bekijk de dagen").choose("Om de week", "4").submit()
    assert "om de week op dinsdag om 10.00 uur" in dates.text
    assert "dinsdag 5 januari 2027" in dates.text
    own = dates.form("Plan deze gesprekken").submit()
    assert own.heading == "Uw reeks gesprekken staat"
    assert "dinsdag 22 december 2026, 10.00 – 10.30 uur" in own.text
    assert visitor.open(talk_page).follow("Bekijk de hele reeks gesprekken").heading == "Uw reeks gesprekken"


def test_looking_at_dates_plans_nothing(visitor: Visitor, talk_page: str, transaction: Transaction) -> None:
    dates_page(visitor, talk_page)
    assert standing(transaction) == []


def test_who_chooses_nothing_is_asked_to(visitor: Visitor, talk_page: str) -> None:
    page = visitor.open(talk_page).follow("Plan elke week of elke maand een gesprek")
    again = page.form("Bekijk de dagen").submit(status=422)
    assert again.errors == {"frequency": "Kies hoe vaak u elkaar wilt spreken."}


@pytest.mark.parametrize("choice", ["frequency=daily&count=6", "frequency=weekly&count=25", "count=x"])
def test_a_rhythm_that_is_not_offered_is_asked_again(visitor: Visitor, talk_page: str, choice: str) -> None:
    address = talk_page.replace("/a/", "/reeks/")
    assert visitor.open(f"{address}?{choice}", status=422).form("Bekijk de dagen")


def test_a_kind_of_talk_without_series_leads_to_none(
    visitor: Visitor, talk_page: str, transaction: Transaction, client: FlaskClient
) -> None:
    with transaction() as session:
        sparren(session).series = False
    assert "vaker" not in visitor.open(talk_page).text
    assert client.get(talk_page.replace("/a/", "/reeks/")).status_code == 404


def test_skipped_days_are_told_before_and_after_planning(visitor: Visitor, talk_page: str) -> None:
    dates = dates_page(visitor, talk_page, "Elke maand", "6")
    assert "dinsdag 27 april 2027: dat is een feestdag" in dates.text
    own = dates.form("Plan deze gesprekken").submit()
    assert "dinsdag 27 april 2027: dat is een feestdag" in own.text


def test_when_too_few_days_are_free_others_are_a_click_away(
    visitor: Visitor, talk_page: str, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        for start in weekly(local(2026, 12, 1), 4):
            block(session, settings, start.astimezone(UTC))
    page = dates_page(visitor, talk_page)
    assert "Op meer dan de helft van deze dagen kan Rik niet." in page.text
    other = page.follow("elke week op maandag om 10.00 uur")
    own = other.form("Plan deze gesprekken").submit()
    assert own.heading == "Uw reeks gesprekken staat"
    assert standing(transaction)[0] == "2026-11-23"


def test_a_day_that_was_taken_meanwhile_is_shown_before_anything_is_planned(
    visitor: Visitor, talk_page: str, transaction: Transaction, settings: Settings
) -> None:
    dates = dates_page(visitor, talk_page)
    with transaction() as session:
        block(session, settings, local(2026, 12, 8).astimezone(UTC))
    again = dates.form("Plan deze gesprekken").submit(status=409)
    assert CHANGED in again.text
    assert standing(transaction) == []
    again.form("Plan deze gesprekken").submit()
    assert len(standing(transaction)) == 5


def test_one_talk_of_a_series_is_moved_far_beyond_the_horizon(
    visitor: Visitor, talk_page: str, transaction: Transaction
) -> None:
    own = dates_page(visitor, talk_page, "Elke maand", "6").form("Plan deze gesprekken").submit()
    page = own.follow("Verzetten dinsdag 23 maart 2027, 10.00 – 10.30 uur")
    assert page.heading == "Eén gesprek verzetten"
    later = visitor.open(f"{page.address}?dag=2027-03-24")
    moved = later.form().choose("2027-03-24T13:00:00Z").submit()
    assert "woensdag 24 maart 2027, 14.00 – 14.30 uur" in moved.text
    assert "2027-03-24" in standing(transaction)


def test_one_talk_of_a_series_is_cancelled_and_the_others_stay(
    visitor: Visitor, talk_page: str, transaction: Transaction
) -> None:
    page = planned(visitor, talk_page).follow("Afzeggen dinsdag 8 december 2026, 10.00 – 10.30 uur")
    page.form().submit("Ja, zeg dit gesprek af")
    assert len(standing(transaction)) == 5
    assert "2026-12-08" not in standing(transaction)


def test_a_series_is_ended_after_a_talk(visitor: Visitor, talk_page: str, transaction: Transaction) -> None:
    page = planned(visitor, talk_page).follow("Stop eerder")
    page.form().choose("dinsdag 8 december 2026, 10.00 – 10.30 uur").submit()
    assert standing(transaction) == ["2026-11-24", "2026-12-01", "2026-12-08"]


def test_all_talks_are_cancelled_at_once(visitor: Visitor, talk_page: str, transaction: Transaction) -> None:
    page = planned(visitor, talk_page).follow("Zeg alle gesprekken af")
    after = page.form().fill({"Waarom zegt u af?": "Ander werk"}).submit()
    assert after.heading == "Uw reeks gesprekken is afgezegd"
    assert standing(transaction) == []


def test_the_link_of_another_series_opens_no_talk_of_this_one(
    visitor: Visitor, talk_page: str, client: FlaskClient
) -> None:
    own = planned(visitor, talk_page)
    token = own.address.split("/")[2].partition("?")[0]
    assert client.get(f"/r/{token}/A-2026-9999/verzetten").status_code == 404
    assert client.get(f"/r/{'x' * 43}").status_code == 404


def test_a_week_before_the_end_the_visitor_is_asked_and_goes_on(
    visitor: Visitor,
    talk_page: str,
    transaction: Transaction,
    settings: Settings,
    deliver_mail: DeliverMail,
    mailbox: Mailbox,
) -> None:
    planned(visitor, talk_page)
    last = local(2026, 12, 29).astimezone(UTC)
    for at in (last - timedelta(days=8), last - timedelta(days=6), last - timedelta(days=5)):
        clock.start_at(at)
        run_round(transaction, settings, now=at)
    deliver_mail()
    asked = [mail for mail in mailbox.to(JOKE) if "doorgaan" in str(mail.message["Subject"])]
    assert len(asked) == 1
    link = next(line for line in asked[0].part("text/plain").splitlines() if line.endswith("/verlengen"))
    page = visitor.open(link.removeprefix("http://localhost"))
    assert page.heading == "Wilt u doorgaan met uw gesprekken?"
    own = page.form("Bekijk de dagen").choose("3").submit().form("Plan deze gesprekken").submit()
    assert "dinsdag 19 januari 2027, 10.00 – 10.30 uur" in own.text
    assert standing(transaction)[-3:] == ["2027-01-05", "2027-01-12", "2027-01-19"]


def test_who_ended_a_series_in_person_is_not_asked_to_go_on(
    visitor: Visitor, talk_page: str, transaction: Transaction, settings: Settings
) -> None:
    page = planned(visitor, talk_page).follow("Stop eerder")
    page.form().choose("dinsdag 8 december 2026, 10.00 – 10.30 uur").submit()
    run_round(transaction, settings, now=local(2026, 12, 5).astimezone(UTC))
    with transaction() as session:
        assert session.scalars(select(TalkSeries)).one().told_until_at == local(2026, 12, 8)
        assert "series-ending" not in session.scalars(select(OutgoingMail.event)).all()
