from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

MOST = 15

pytestmark = [pytest.mark.both_databases, pytest.mark.proof]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements that are run inside."""
    statements = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fill(office: Office, times: int) -> None:
    for number in range(times):
        office.asked(name=f"Jan {number}")
        office.asked(of=None)
    for number in range(min(times, 3)):
        office.planned(NOW + timedelta(days=number + 1, hours=number), email=f"gast{number}@gemeente.example")


@pytest.mark.parametrize(
    "address",
    [
        "/werkplek/",
        "/werkplek/vragen",
        "/werkplek/vragen?weergave=alles&zoek=jan",
        "/werkplek/vragen/{question}",
        "/werkplek/agenda",
        "/werkplek/agenda?weergave=lijst",
        "/werkplek/werktijden",
        "/werkplek/afspraken/nieuw",
        "/werkplek/afspraken",
        "/werkplek/afspraken/{talk}",
        "/werkplek/afspraken/{talk}/verzetten",
    ],
)
def test_a_page_runs_at_most_fifteen_statements_whatever_there_is(
    office: Office, rik: Visitor, address: str
) -> None:
    address = address.format(question=office.asked(), talk=office.planned(NOW + timedelta(hours=2)))
    rik.open(address)
    with counted() as few:
        rik.open(address)
    fill(office, 6)
    with counted() as many:
        rik.open(address)
    assert len(few) <= MOST
    assert len(many) == len(few)
