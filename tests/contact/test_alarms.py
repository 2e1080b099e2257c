"""What must not stay unseen: questions of nobody, broken promises, advisors who are full; for people and machines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.contact.alarms import Alarms, alarms
from consult.contact.services import close, reopen, reply
from consult.people.models import Advisor
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")
LATER = rows.NOW + timedelta(days=5)


def arrange(session: DbSession, settings: Settings) -> None:
    """Three of Rik, who may have three and answered one; and one of nobody."""
    rik = session.scalars(select(Advisor).where(Advisor.first_name == "Rik")).one()
    asked = [
        rows.ask(session, settings, advisor_id=rik.id, email=f"{n}@gemeente.example").enquiry
        for n in range(3)
    ]
    rik.capacity = 3
    reply(session, asked[0], rik, "Ja.", form_key="reply", settings=settings, now=rows.NOW)
    rows.ask(session, settings, email="z@gemeente.example").enquiry.advisor = None


@pytest.mark.both_databases
def test_the_alarm_counts_what_nobody_has_what_is_late_and_who_is_full(
    session: DbSession, settings: Settings
) -> None:
    assert alarms(session, now=LATER) == Alarms(0, 0, 0)
    arrange(session, settings)
    session.flush()
    assert alarms(session, now=rows.NOW) == Alarms(unrouted=1, overdue=0, at_capacity=1)
    assert alarms(session, now=LATER) == Alarms(unrouted=1, overdue=3, at_capacity=1)
    session.execute(update(Advisor).where(Advisor.first_name == "Rik").values(active=False))
    assert alarms(session, now=rows.NOW).unrouted == 4, "what a colleague left behind is nobody's"


def test_a_question_that_was_answered_and_is_opened_again_is_not_late(
    session: DbSession, settings: Settings
) -> None:
    enquiry = rows.ask(session, settings).enquiry
    assert enquiry.advisor is not None
    reply(session, enquiry, enquiry.advisor, "Ja.", form_key="reply", settings=settings, now=rows.NOW)
    close(session, enquiry, actor="advisor:1", now=rows.NOW)
    reopen(session, enquiry, actor="advisor:1", now=rows.NOW)
    session.flush()
    assert alarms(session, now=LATER).overdue == 0


def test_machines_read_the_same_numbers(
    transaction: Transaction, settings: Settings, client: FlaskClient
) -> None:
    with transaction() as session:
        arrange(session, settings)
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    assert "consult_advisors_at_capacity 1.0" in lines
    assert "consult_enquiries_overdue 0.0" in lines
    assert "consult_enquiries_unassigned 1.0" in lines
