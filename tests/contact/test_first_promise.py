"""What was promised for the first answer stays known, whatever is promised after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from consult.contact import services
from consult.contact.answering import reply
from consult.contact.promises import agree_on
from tests.support import rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

DAY = timedelta(days=1)


@pytest.fixture
def rik(session: DbSession) -> Advisor:
    return rows.create_advisor(session, "Rik de Wit", fallback=True)


@pytest.fixture
def asked(session: DbSession, settings: Settings, rik: Advisor) -> Enquiry:
    assert rik.active
    return rows.ask(session, settings).enquiry


def test_a_promise_made_anew_after_the_first_answer_leaves_the_first_one(
    session: DbSession, settings: Settings, rik: Advisor, asked: Enquiry
) -> None:
    """Answered late, and asked on: the new promise must not make that first answer one on time."""
    promised = asked.answer_by
    late = promised + DAY
    reply(session, asked, rik, "Dit is het antwoord.", form_key="a", settings=settings, now=late)
    services.add_visitor_message(session, asked, "En nu?", form_key="b", settings=settings, now=late + DAY)
    assert asked.answer_by > late
    assert asked.first_answer_by == promised


def test_a_moment_agreed_on_before_the_first_answer_is_the_promise(asked: Enquiry) -> None:
    agree_on(asked, NOW + 5 * DAY, NOW + 6 * DAY)
    assert asked.first_answer_by == asked.answer_by == NOW + 6 * DAY
