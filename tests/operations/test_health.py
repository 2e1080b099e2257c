"""What machines ask of the service, and what they are told when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from consult import clock
from consult.booking.models import Booking
from consult.outbox.models import MailState
from consult.outbox.services import beat
from tests.outbox.test_delivery import outgoing
from tests.support import rows
from tests.support.apps import running

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction


@pytest.fixture
def at_work(transaction: Transaction) -> None:
    with transaction() as session:
        beat(session, "here:1", now=clock.now())


def checks(client: FlaskClient) -> dict[str, bool]:
    return {name: each["ok"] for name, each in client.get("/readyz").get_json()["checks"].items()}


def test_a_process_that_answers_is_up(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "up"}


@pytest.mark.both_databases
def test_it_is_ready_when_the_database_is_at_head_mail_leaves_and_a_worker_is_at_work(
    at_work: None, client: FlaskClient
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    names = ("database", "migrations", "outbox", "worker", "disk")
    assert checks(client) == dict.fromkeys(names, True)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("age", "ready"),
    [
        pytest.param(timedelta(minutes=1), True, id="a worker that was seen a minute ago is at work"),
        pytest.param(timedelta(minutes=2), False, id="a worker that was seen two minutes ago is not"),
    ],
)
def test_a_worker_has_to_be_seen(
    transaction: Transaction, client: FlaskClient, age: timedelta, *, ready: bool
) -> None:
    with transaction() as session:
        beat(session, "here:1", now=clock.now() - age)
    assert client.get("/readyz").status_code == (200 if ready else 503)
    assert checks(client)["worker"] is ready


def test_mail_that_should_have_left_is_a_fault_and_mail_that_was_put_off_is_not(
    at_work: None, transaction: Transaction, client: FlaskClient
) -> None:
    with transaction() as session:
        put_off = outgoing(1)
        put_off.next_attempt_at = clock.now() + timedelta(hours=1)
        session.add(put_off)
    assert checks(client)["outbox"]
    with transaction() as session:
        stuck = outgoing(2)
        stuck.next_attempt_at = clock.now() - timedelta(minutes=16)
        session.add(stuck)
    assert not checks(client)["outbox"]


def test_another_migration_than_the_newest_is_told(
    at_work: None, transaction: Transaction, client: FlaskClient
) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "migration older" in answer.get_json()["checks"]["migrations"]["detail"]


def test_a_database_that_is_away_is_told_and_the_process_stays_up(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    away = f"sqlite:///{tmp_path}/nowhere/consult.sqlite3"
    with running(make_settings(database_url=away)) as app:
        client = app.test_client()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json()["checks"] == {"database": {"ok": False, "detail": "OperationalError"}}
        assert client.get("/healthz").status_code == 200


def test_metrics_count_what_waits(at_work: None, transaction: Transaction, client: FlaskClient) -> None:
    with transaction() as session:
        given_up = outgoing(3)
        given_up.state = MailState.FAILED
        session.add_all([outgoing(1), outgoing(2), given_up])
    lines = client.get("/metrics").text.splitlines()
    assert "consult_outbox_pending 2.0" in lines
    assert "consult_outbox_failed 1.0" in lines
    assert "consult_enquiries_unassigned 0.0" in lines
    assert "consult_reminders_late 0.0" in lines


def test_a_reminder_that_was_not_written_in_time_is_counted(
    transaction: Transaction, settings: Settings, client: FlaskClient
) -> None:
    def late() -> str:
        lines = client.get("/metrics").text.splitlines()
        return next(line.split()[1] for line in lines if line.startswith("consult_reminders_late "))

    with transaction() as session:
        rik = rows.create_advisor(session)
        kind = rows.create_meeting_type(session)
        starts = rows.NOW + timedelta(days=2)
        booking = rows.book(session, settings, kind, [rik], starts).booking
        number = booking.id
    for hours, reminded, expected in (
        (25, None, "0.0"),
        (23, None, "1.0"),
        (23, 24 * 60, "0.0"),
        (1, 24 * 60, "1.0"),
    ):
        clock.start_at(starts - timedelta(hours=hours))
        with transaction() as session:
            session.get_one(Booking, number).reminded_minutes = reminded
        assert late() == expected, hours


@pytest.mark.parametrize(
    "where",
    [
        pytest.param({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}, id="from another machine"),
        pytest.param({"headers": {"X-Forwarded-For": "203.0.113.9"}}, id="through a proxy on this machine"),
        pytest.param(
            {"headers": {"Forwarded": "for=203.0.113.9"}}, id="through a proxy that follows RFC 7239"
        ),
    ],
)
def test_metrics_are_for_this_machine_only(client: FlaskClient, where: dict[str, dict[str, str]]) -> None:
    assert client.get("/metrics", **where).status_code == 404
