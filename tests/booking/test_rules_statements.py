"""How much a page asks of the database, whatever the number of advisors, days and talks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event, update

from consult.booking import services
from consult.booking.models import MeetingType
from consult.booking.offering import Wish, offer
from tests.booking.acts import details
from tests.booking.scene import DAY, HOUR, TEN
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.booking.scene import Scene
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

MOST_FOR_MOMENTS, MOST_FOR_A_BOOKING = 4, 12
# What opens, closes or parts a transaction is no question to a table.
FRAME = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted(*, frame: bool = False) -> Iterator[list[str]]:
    """The statements that are run inside; with ``frame`` also what opens and closes their transactions."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if frame or not statement.startswith(FRAME):
            statements.append(" ".join(statement.split())[:70])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.both_databases
def test_moments_take_two_statements_whatever_the_advisors_days_and_talks(scene: Scene) -> None:
    asked = []
    for number in range(12):
        if number:
            rows.create_advisor(scene.session, f"Naam{number} Achter")
            scene.book(TEN + (number % 7) * HOUR, email=f"n{number}@gemeente.example", advisor_ids=(number,))
        ids = tuple(range(1, number + 2))
        days = TEN.date(), (TEN + number * DAY).date()
        offer(scene.session, Wish(scene.kind, ids), *days, now=scene.now)
        with counted() as statements:
            offer(scene.session, Wish(scene.kind, ids), *days, now=scene.now)
        asked.append(len(statements))
    assert set(asked) == {2}


@pytest.mark.usefixtures("firm")
def test_the_page_of_moments_asks_at_most_four_times_about_talks(visitor: Visitor) -> None:
    visitor.open("/afspraak")
    with counted() as statements:
        visitor.open("/afspraak")
    about_talks = [
        each for each in statements if "busy_period" in each or "meeting_type" in each or "schedule" in each
    ]
    assert len(about_talks) <= MOST_FOR_MOMENTS
    assert len(statements) <= 10, statements


@pytest.mark.both_databases
@pytest.mark.parametrize("hosts", [1, 3])
def test_a_booking_takes_at_most_twelve_statements_and_two_to_choose_fairly(scene: Scene, hosts: int) -> None:
    for number in range(1, hosts):
        rows.create_advisor(scene.session, f"Naam{number} Achter")
    ids = tuple(range(1, hosts + 1))
    scene.book(TEN, advisor_ids=ids)
    new = scene.wanted(
        TEN + HOUR, email="nieuw@elders.example", advisor_ids=ids, guests=("piet@gemeente.example",)
    )
    # A transaction of its own, in which nothing was asked before.
    scene.session.commit()
    assert (scene.kind.minutes, scene.now) > (0, rows.NOW - DAY)
    with counted() as statements:
        services.book(scene.session, new, **scene.when)
    assert len(statements) <= MOST_FOR_A_BOOKING + 3 * (hosts > 1), statements


@pytest.mark.usefixtures("firm")
def test_pressing_confirm_adds_little_to_that(visitor: Visitor, transaction: Transaction) -> None:
    details(visitor).submit()
    form = details(visitor, "2026-11-19T12:00:00Z")
    with counted() as statements:
        visitor.client.post("/afspraak/rik", data={name: values[0] for name, values in form.values.items()})
    assert len(statements) <= MOST_FOR_A_BOOKING + 3, statements


@pytest.mark.usefixtures("firm")
def test_pressing_confirm_asks_for_the_turn_to_write_only_when_all_that_can_be_read_before_is(
    visitor: Visitor,
) -> None:
    details(visitor).submit()
    form = details(visitor, "2026-11-19T12:00:00Z")
    with counted(frame=True) as statements:
        visitor.client.post("/afspraak/rik", data={name: values[0] for name, values in form.values.items()})
    turns = [each for each in statements if each.startswith("BEGIN")]
    assert turns[:2] == ["BEGIN", "BEGIN IMMEDIATE"]
    inside = statements[statements.index("BEGIN IMMEDIATE") + 1 :]
    assert len([each for each in inside if not each.startswith(FRAME)]) <= MOST_FOR_A_BOOKING + 2, inside


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("key", [None, "een-keer"])
def test_a_program_that_books_waits_for_the_turn_to_write_no_sooner_and_is_told_the_same_again(
    client: FlaskClient, transaction: Transaction, key: str | None
) -> None:
    asked = {"meetingType": "sparren", "advisor": "rik", "start": "2026-11-19T12:00:00Z", "name": "Joke"}
    call = {
        "json": asked | {"email": "joke@gemeente.example"},
        "headers": {"Idempotency-Key": key} if key else {},
    }
    with counted(frame=True) as statements:
        answer = client.post("/api/v1/bookings", **call)
    assert answer.status_code == 201, answer.text
    assert [each for each in statements if each.startswith("BEGIN")] == ["BEGIN", "BEGIN IMMEDIATE"]
    before = statements[: statements.index("BEGIN IMMEDIATE")]
    assert any("advisor" in each for each in before), before
    with transaction() as session:
        session.execute(update(MeetingType).values(active=False))
    again = client.post("/api/v1/bookings", **call)
    # Without a key it is another call, and this kind of talk is not there any more.
    assert (again.status_code, again.get_json() == answer.get_json()) == (
        (201, True) if key else (404, False)
    )
