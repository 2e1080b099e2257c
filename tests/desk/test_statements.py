"""No page of the desk asks the database more than a handful of things, and never more for more data."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event, select

from consult.people import hours
from consult.people.calendars import BusyCalendar, CalendarKind, CalendarState
from consult.people.models import Advisor, Topic
from tests.desk.conftest import NOW
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.conftest import Office

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


@dataclass(frozen=True)
class Firm:
    """One of everything that a page of the desk is about, and a way to have more of all of it."""

    office: Office
    names: dict[str, str]

    def grow(self, times: int) -> None:
        for number in range(times):
            self.office.asked(name=f"Jan {number}")
            self.office.asked(of=None)
            self._more_of_mirte(number)
        for number in range(min(times, 3)):
            self.office.planned(
                NOW + timedelta(days=number + 1, hours=number), email=f"gast{number}@gemeente.example"
            )

    def _more_of_mirte(self, number: int) -> None:
        with self.office.transaction() as session:
            mirte = session.scalars(select(Advisor).where(Advisor.slug == "mirte")).one()
            away = NOW + timedelta(days=100 + 10 * number)
            rows.create_absence(session, mirte, away, away + timedelta(days=2))
            hours.set_other_day(session, mirte, date(2027, 1, 4) + timedelta(days=number), ())
            read = {"last_ok_at": NOW, "last_fetched_at": NOW, "covered_until": NOW + timedelta(days=400)}
            there = {
                "kind": CalendarKind.ICS,
                "host": f"a{number}.example",
                "sealed": "-",
                "state": CalendarState.OK,
            }
            session.add(BusyCalendar(advisor_id=mirte.id, created_at=NOW, next_fetch_at=NOW, **there, **read))
            session.add(Topic(slug=f"t{number}", name=f"Thema {number}", name_en=f"Topic {number}"))
            at = NOW + timedelta(days=30 + number)
            group = group_rows.plan(
                session, self.office.settings, (mirte,), starts_at=at, slug=f"sessie-{number}", now=NOW
            )
            group_rows.seat(session, self.office.settings, group, f"Ans{number}", now=NOW)


@pytest.fixture
def firm(office: Office) -> Firm:
    names = {"question": office.asked(), "talk": office.planned(NOW + timedelta(hours=2))}
    with office.transaction() as session:
        mirte = session.scalars(select(Advisor).where(Advisor.slug == "mirte")).one()
        away = NOW + timedelta(days=50)
        names["absence"] = str(rows.create_absence(session, mirte, away, away + timedelta(days=2)).id)
        group_rows.plan(session, office.settings, (mirte,), starts_at=NOW + timedelta(days=20), now=NOW)
    return Firm(office, names)


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
        "/werkplek/moment",
        "/werkplek/afwezig",
        "/werkplek/afwezig/{absence}",
        "/werkplek/agendas",
        "/werkplek/agendas/teams",
        "/werkplek/profiel",
        "/werkplek/teksten",
        "/werkplek/post",
        "/werkplek/bijeenkomsten",
        "/werkplek/bijeenkomsten/wijkgesprek",
        "/werkplek/bijeenkomsten/wijkgesprek/verzetten",
        "/werkplek/bijeenkomsten/plannen/nieuw",
        "/werkplek/afspraken/nieuw",
        "/werkplek/afspraken",
        "/werkplek/afspraken/{talk}",
        "/werkplek/afspraken/{talk}/verzetten",
    ],
)
def test_a_page_runs_at_most_fifteen_statements_whatever_there_is(firm: Firm, address: str) -> None:
    mirte, address = firm.office.enter("mirte"), address.format(**firm.names)
    mirte.open(address)
    with counted() as few:
        mirte.open(address)
    firm.grow(6)
    # What is kept in memory is read again after a change.
    mirte.open(address)
    with counted() as many:
        mirte.open(address)
    assert len(few) <= MOST, few
    assert len(many) == len(few), [each for each in many if each not in few]


def test_a_group_session_with_many_seats_asks_no_more(firm: Firm) -> None:
    mirte, address = firm.office.enter("mirte"), "/werkplek/bijeenkomsten/groot"
    with firm.office.transaction() as session:
        host = session.scalars(select(Advisor).where(Advisor.slug == "mirte")).one()
        at = NOW + timedelta(days=25)
        group = group_rows.plan(
            session, firm.office.settings, (host,), starts_at=at, slug="groot", capacity=20, now=NOW
        )
        group_rows.seat(session, firm.office.settings, group, "Ans", now=NOW)
    mirte.open(address)
    with counted() as few:
        mirte.open(address)
    with firm.office.transaction() as session:
        group = session.merge(group)
        for number in range(8):
            group_rows.seat(session, firm.office.settings, group, f"Jan{number}", now=NOW)
    with counted() as many:
        mirte.open(address)
    assert len(many) == len(few) <= MOST
