"""Which questions an absence hits: what cannot be answered before it begins, and what may come back in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.leaving import give_to_stand_in, questions_hit
from consult.contact.services import close, reply
from consult.people.models import Advisor
from consult.timespan import Span
from tests.support import rows

if TYPE_CHECKING:
    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.settings import Settings

pytestmark = pytest.mark.usefixtures("firm")
DAY = timedelta(days=1)


@pytest.fixture
def rik(session: DbSession, firm: None) -> Advisor:
    """Who goes away."""
    return session.scalars(select(Advisor).where(Advisor.first_name == "Rik")).one()


def asked(session: DbSession, settings: Settings, rik: Advisor, name: str) -> Enquiry:
    email = f"{name}@gemeente.example"
    return rows.ask(session, settings, advisor_id=rik.id, name=name, email=email).enquiry


def hit(session: DbSession, rik: Advisor, *, begins: timedelta) -> list[str]:
    session.flush()
    span = Span(rows.NOW + begins, rows.NOW + 9 * DAY)
    return sorted(each.name for each in questions_hit(session, rik.id, span, now=rows.NOW))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("begins", "names"),
    [
        (-DAY, ["open", "waits"]),
        (DAY, ["open", "waits"]),
        (4 * DAY, ["waits"]),
    ],
    ids=[
        "somebody who is away already has nothing more to answer",
        "an answer is due after it begins",
        "an answer is due before it begins; who waits for the visitor may hear from them in it",
    ],
)
def test_what_an_absence_hits(
    session: DbSession, settings: Settings, rik: Advisor, begins: timedelta, names: list[str]
) -> None:
    asked(session, settings, rik, "open")
    waits = asked(session, settings, rik, "waits")
    reply(session, waits, rik, "Wanneer?", form_key="reply", settings=settings, now=rows.NOW)
    close(session, asked(session, settings, rik, "closed"), actor="advisor:1", now=rows.NOW)
    assert hit(session, rik, begins=begins) == names


def test_what_the_stand_in_has_already_is_not_moved_again(
    session: DbSession, settings: Settings, rik: Advisor
) -> None:
    sam = session.scalars(select(Advisor).where(Advisor.first_name == "Sam")).one()
    enquiry = asked(session, settings, rik, "open")
    moved = [
        give_to_stand_in(session, [enquiry], sam, by=rik, why="Verlof.", settings=settings, now=rows.NOW)
        for _twice in range(2)
    ]
    assert moved == [1, 0]
    assert (enquiry.advisor_id, enquiry.stand_in_for_id) == (sam.id, rik.id)
