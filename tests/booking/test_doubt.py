"""A talk that looks like spam waits for a person: its time is kept, no guest is told, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from consult.activity.models import Activity
from consult.booking import approving
from consult.booking.models import BookingState, MeetingType
from tests.booking.acts import bookings, details
from tests.booking.scene import JOKE, RIK, Scene, calendars

if TYPE_CHECKING:
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

LINKS = " ".join(["https://a.example"] * 5)


@pytest.mark.parametrize(
    ("told", "changed", "state"),
    [
        ("a plain talk", {"note": "Onrust in de wijk."}, BookingState.CONFIRMED),
        ("two links", {"note": "https://a.example en www.b.example"}, BookingState.CONFIRMED),
        ("advertising", {"note": LINKS}, BookingState.PENDING),
        ("links in the place", {"location": LINKS}, BookingState.PENDING),
        ("the field that people leave empty", {"pot": "https://a.example"}, BookingState.PENDING),
    ],
)
def test_enough_signs_let_the_advisor_say_yes_first(
    scene: Scene, told: str, changed: dict[str, Any], state: BookingState
) -> None:
    assert scene.book(**changed).state == state, told


def test_what_an_advisor_plans_is_not_doubted(scene: Scene) -> None:
    assert scene.book(by_rik=True, note=LINKS).state == BookingState.CONFIRMED


def test_guests_and_calendars_hear_of_it_once_the_advisor_says_yes(scene: Scene) -> None:
    booking = scene.book(pot="x", guests=("piet@gemeente.example",))
    told = scene.news()["booking-requested"]
    assert {to: calendars(mail) for to, mail in told.items()} == {JOKE: [], RIK: []}
    why = scene.session.scalars(select(Activity.why).where(Activity.what == "booking.held")).one()
    assert why == "pot"
    approving.approve(scene.session, booking, actor=scene.actor, **scene.when)
    assert set(scene.news()["booking-confirmed"]) == {JOKE, RIK, "piet@gemeente.example"}


@pytest.mark.usefixtures("firm")
def test_on_the_page_it_is_a_talk_to_be_confirmed(visitor: Visitor, transaction: Transaction) -> None:
    form = details(visitor)
    assert form.values["website"] == [""]
    form.values["website"] = ["https://spam.example"]
    page = form.submit()
    assert page.heading == "Uw afspraak is nog te bevestigen"
    assert "Wij houden dit moment voor u vast." in page.text
    assert [row.state for row in bookings(transaction)] == [BookingState.PENDING]


@pytest.mark.usefixtures("firm")
def test_for_a_series_it_waits_as_one_talk(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.execute(update(MeetingType).values(series=True))
    form = details(visitor, address="/afspraak/rik?reeks=1")
    form.values["website"] = ["https://spam.example"]
    assert form.submit().heading == "Uw afspraak is nog te bevestigen"
