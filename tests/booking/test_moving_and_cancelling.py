from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from consult import clock
from tests.booking.acts import (
    ADVISOR,
    ELEVEN,
    HALF_PAST_TEN,
    TEN,
    VISITOR,
    bookings,
    busy,
    instant,
    moments,
    own_address,
    plan,
)
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Form, Page, Visitor

pytestmark = pytest.mark.usefixtures("firm")


def moving(visitor: Visitor, page: Page, to: str = ELEVEN) -> Form:
    form = visitor.open(f"{own_address(page)}/verzetten").form("Verzet de afspraak")
    form.values["slot"] = [to]
    return form


def cancelling(visitor: Visitor, page: Page) -> Form:
    return visitor.open(f"{own_address(page)}/afzeggen").form("Ja, zeg de afspraak af")


@pytest.mark.both_databases
def test_a_moved_talk_stands_elsewhere_and_both_hear_of_it(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    page = plan(visitor)
    deliver_mail()
    mailbox.empty()
    (before,) = bookings(transaction)
    first = page.follow("Afspraak verzetten")
    assert len(moments(first)) == 6, "and not every moment of two weeks"
    choice = visitor.open(f"{own_address(page)}/verzetten?vanaf=2026-11-19")
    assert ELEVEN in moments(choice)
    assert TEN not in moments(choice)
    moved = choice.form("Verzet de afspraak").choose(ELEVEN).submit()
    assert "donderdag 19 november 2026, 11.00 – 11.30 uur" in moved.text
    (after,) = bookings(transaction)
    assert (after.starts_at, after.sequence, after.uid) == (instant(ELEVEN), 1, before.uid)
    assert after.changed_at > before.changed_at
    assert busy(transaction) == [(instant(ELEVEN), instant(ELEVEN) + timedelta(minutes=40))]
    assert deliver_mail() == 2
    for receiver in (VISITOR, ADVISOR):
        assert "11.00 – 11.30 uur" in mailbox.only(receiver).part("text/plain")


@pytest.mark.both_databases
def test_a_talk_may_move_onto_a_part_of_its_own_time(visitor: Visitor, transaction: Transaction) -> None:
    page = plan(visitor, TEN)
    assert moving(visitor, page, HALF_PAST_TEN).submit().heading == "Uw afspraak staat"
    assert busy(transaction) == [(instant(HALF_PAST_TEN), instant(HALF_PAST_TEN) + timedelta(minutes=40))]


def test_the_time_a_talk_leaves_is_free_again(visitor: Visitor) -> None:
    page = plan(visitor, TEN)
    moving(visitor, page, "2026-11-20T09:00:00Z").submit()
    plan(visitor, TEN)


@pytest.mark.both_databases
def test_moving_to_a_moment_that_is_gone_changes_nothing(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail
) -> None:
    page = plan(visitor, TEN)
    plan(visitor, ELEVEN)
    deliver_mail()
    refused = moving(visitor, page, ELEVEN).submit(status=409)
    assert refused.errors == {"slot": "Dit moment is net bezet. Kies een ander moment."}
    assert len(moments(refused)) == 3
    assert [(booking.starts_at, booking.sequence) for booking in bookings(transaction)] == [
        (instant(TEN), 0),
        (instant(ELEVEN), 0),
    ]
    assert deliver_mail() == 0
    assert (
        refused.form("Verzet de afspraak").choose(moments(refused)[0]).submit().heading == "Uw afspraak staat"
    )


@pytest.mark.parametrize("to", ["2026-11-19T09:05:00Z", "2026-11-22T10:00:00Z", "2026-11-18T09:00:00Z"])
def test_a_talk_moves_only_to_what_is_offered(visitor: Visitor, transaction: Transaction, to: str) -> None:
    moving(visitor, plan(visitor), to).submit(status=409)
    assert [booking.starts_at for booking in bookings(transaction)] == [instant(TEN)]


@pytest.mark.parametrize("to", ["", "ooit", "2026-11-19T10:00:00"])
def test_moving_to_no_moment_asks_for_one(visitor: Visitor, to: str) -> None:
    page = moving(visitor, plan(visitor), to).submit(status=422)
    assert set(page.errors.values()) == {"Kies een moment."}


@pytest.mark.both_databases
def test_the_same_move_twice_is_one_move(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail
) -> None:
    form = moving(visitor, plan(visitor))
    deliver_mail()
    form.submit()
    form.submit()
    assert [booking.sequence for booking in bookings(transaction)] == [1]
    assert deliver_mail() == 2


@pytest.mark.parametrize(
    ("told", "before", "moves"),
    [
        ("two hours before", timedelta(hours=2, minutes=1), True),
        ("later", timedelta(hours=1, minutes=59), False),
    ],
)
def test_a_talk_moves_until_two_hours_before(
    visitor: Visitor,
    transaction: Transaction,
    told: str,
    before: timedelta,
    moves: bool,  # noqa: FBT001 (a table's column)
) -> None:
    page = plan(visitor, TEN)
    form = moving(visitor, page, "2026-11-20T09:00:00Z")
    clock.start_at(instant(TEN) - before)
    own = visitor.open(own_address(page))
    assert ("Afspraak verzetten" in own.text) is moves, told
    assert ("Verzetten kan tot twee uur van tevoren." in own.text) is not moves
    form.submit()
    assert [booking.sequence for booking in bookings(transaction)] == [int(moves)]


@pytest.mark.both_databases
def test_a_cancelled_talk_frees_its_time_and_both_hear_of_it(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    page = plan(visitor)
    deliver_mail()
    mailbox.empty()
    ask_once_more = page.follow("Afspraak afzeggen")
    assert ask_once_more.heading == "Wilt u de afspraak afzeggen?"
    assert ask_once_more.link("Nee, ga terug") == own_address(page)
    form = ask_once_more.form("Ja, zeg de afspraak af").fill({"Waarom zegt u af?": "Ziek."})
    assert form.submit().heading == "Uw afspraak is afgezegd"
    (booking,) = bookings(transaction)
    assert (booking.state, booking.sequence, booking.cancel_reason) == ("cancelled", 1, "Ziek.")
    assert busy(transaction) == []
    assert deliver_mail() == 2
    for receiver in (VISITOR, ADVISOR):
        assert "Ziek." in mailbox.only(receiver).part("text/plain")
    plan(visitor, TEN)


@pytest.mark.both_databases
def test_cancelling_twice_is_once(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail
) -> None:
    page = plan(visitor)
    first, second = cancelling(visitor, page), cancelling(visitor, page)
    deliver_mail()
    for form in (first, first, second):
        assert form.submit().heading == "Uw afspraak is afgezegd"
    assert [booking.sequence for booking in bookings(transaction)] == [1]
    assert deliver_mail() == 2


def test_a_cancelled_talk_does_not_move(visitor: Visitor, transaction: Transaction) -> None:
    page = plan(visitor)
    form = moving(visitor, page)
    cancelling(visitor, page).submit()
    assert form.submit().heading == "Uw afspraak is afgezegd"
    assert [(booking.state, booking.starts_at) for booking in bookings(transaction)] == [
        ("cancelled", instant(TEN))
    ]
    assert busy(transaction) == []


def test_a_talk_that_is_over_is_not_cancelled(visitor: Visitor, transaction: Transaction) -> None:
    page = plan(visitor)
    form = cancelling(visitor, page)
    clock.start_at(instant(TEN) + timedelta(minutes=31))
    shown = form.submit()
    assert shown.heading == "Uw afspraak"
    assert "Afspraak afzeggen" not in shown.text
    assert [booking.state for booking in bookings(transaction)] == ["confirmed"]


def test_the_private_page_ends_a_week_after_the_talk(visitor: Visitor) -> None:
    address = own_address(plan(visitor))
    clock.start_at(instant(TEN) + timedelta(days=7, minutes=29))
    visitor.open(address)
    clock.start_at(instant(TEN) + timedelta(days=7, minutes=31))
    for path in ("", "/verzetten", "/afzeggen", "/afspraak.ics"):
        visitor.open(address + path, status=404)


def test_the_private_page_follows_the_talk_to_another_month(visitor: Visitor) -> None:
    page = plan(visitor)
    moving(visitor, page, "2026-12-11T09:00:00Z").submit()
    clock.start_at(rows.NOW + timedelta(days=25))
    visitor.open(own_address(page))


def test_a_link_to_a_question_opens_no_talk(visitor: Visitor, client: FlaskClient) -> None:
    token = own_address(plan(visitor)).rpartition("/")[2]
    assert client.get(f"/v/{token}").status_code == 404
    assert client.get(f"/a/{token}").status_code == 200
    assert client.get(f"/a/{token[::-1]}").status_code == 404
    assert client.post(f"/a/{token[::-1]}/afzeggen").status_code == 404
