"""Many want the same at the same instant: one gets it, the others get a clear answer, nobody gets half of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from consult.booking.models import Booking, BusyPeriod, Invitation, MeetingType
from consult.database import db
from consult.outbox.models import OutgoingMail
from tests.booking import fire
from tests.booking.acts import GONE, TEN, details
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases, pytest.mark.proof]


def set_rules(transaction: Transaction, **rules: int | None) -> None:
    with transaction() as session:
        session.execute(update(MeetingType).values(**rules))


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
