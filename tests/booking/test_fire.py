"""Many want the same at the same instant: one gets it, the others get a clear answer, nobody gets half of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select, update

from consult.booking.models import Booking, BusyPeriod, Invitation, MeetingType
from consult.database import db
from consult.outbox.models import OutgoingMail
from consult.privacy import trail
from tests.booking import fire
from tests.booking.acts import GONE, TEN, details
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]


def set_rules(transaction: Transaction, **rules: int | None) -> None:
    with transaction() as session:
        session.execute(update(MeetingType).values(**rules))


def empty(transaction: Transaction) -> None:
    with transaction() as session, trail.opened(session):
        for table in (BusyPeriod, Invitation, Booking, OutgoingMail, fire.Activity):
            session.execute(delete(table))


def test_fifty_takers_of_one_moment_are_one_talk_twice_over(app: Flask, transaction: Transaction) -> None:
    for _round in range(2):
        assert fire.threads(app, [0] * 50) == {"booked": 1, "SlotTaken": 49}
        assert fire.whole(app) == 1
        empty(transaction)


def test_the_last_places_under_a_limit_per_day_are_given_once(app: Flask, transaction: Transaction) -> None:
    set_rules(transaction, per_day=3, per_week=None)
    answers = fire.threads(app, [minutes * 45 % 180 for minutes in range(24)])
    assert answers["booked"] == 3
    assert fire.whole(app) == 3


def test_moments_that_overlap_and_are_not_equal_exclude_each_other(
    app: Flask, transaction: Transaction
) -> None:
    set_rules(transaction, per_day=None, per_week=None)
    answers = fire.threads(app, [0, 15, 30] * 8)
    assert set(answers) == {"booked", "SlotTaken"}
    assert answers["booked"] in {1, 2}, "10.00 with its rest leaves no room but 10.15 alone takes all three"
    assert fire.whole(app) == answers["booked"]


def test_two_advisors_take_two_of_the_takers_and_no_more(app: Flask, transaction: Transaction) -> None:
    set_rules(transaction, per_day=None, per_week=None)
    answers = fire.threads(app, [4 * 60] * 20, advisors=(1, 2))
    assert answers == {"booked": 2, "SlotTaken": 18}
    assert fire.whole(app) == 2


def test_one_visitor_in_ten_windows_keeps_to_the_limit(app: Flask, transaction: Transaction) -> None:
    set_rules(transaction, per_day=None, per_week=None, per_visitor=3)
    answers = fire.threads(
        app, [45 * number for number in range(4)] * 2, at_once=8, email="een@gemeente.example"
    )
    assert answers["booked"] == 3
    assert answers["TooMany"] >= 1


def test_processes_that_take_the_same_hours_never_overlap(
    app: Flask, settings: Settings, transaction: Transaction
) -> None:
    set_rules(transaction, per_day=None, per_week=None)
    offsets = [[(15 * (place + shift)) % 120 for place in range(8)] for shift in range(3)]
    answers = fire.processes(settings, offsets)
    assert set(answers) == {"booked", "SlotTaken"}
    assert fire.whole(app) == answers["booked"] >= 2


def test_on_the_page_the_losers_read_that_the_moment_is_gone(app: Flask) -> None:
    def press(number: int) -> int:
        form = details(Visitor(app.test_client()), TEN)
        form.fill({"Uw e-mailadres": f"nemer{number}@gemeente.example"})
        response = form.page.visitor.client.post(
            "/afspraak/rik", data={name: values[0] for name, values in form.values.items()}
        )
        if response.status_code == 409:
            assert GONE in response.get_data(as_text=True)
        return response.status_code

    with fire.ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(press, range(8)))
    assert statuses == [303] + [409] * 7
    assert fire.whole(app) == 1


@pytest.mark.parametrize("at", ["booking", "outgoing_mail"])
def test_killed_in_the_middle_of_booking_leaves_nothing_and_blocks_nobody(
    app: Flask, settings: Settings, at: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.booking.killed", settings.database, at], cwd=fire.ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with app.app_context():
        for table in (Booking, BusyPeriod, Invitation, OutgoingMail, fire.Activity):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
        db.session.rollback()
    assert fire.taking(app, 1, 0) == "booked"
    assert fire.whole(app) == 1
