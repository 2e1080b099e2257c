"""Calling back: attempts with what came of them, and the window that was agreed as the new promise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult.contact import escalation
from consult.contact.calls import NewCall, NoWindow, calls, record_call
from consult.contact.handing_over import AlreadyClosed
from consult.contact.models import CallResult, Channel, Enquiry, EnquiryState
from consult.contact.services import close
from consult.people.models import Advisor
from consult.timespan import Span
from tests.support import rows

if TYPE_CHECKING:
    from consult.contact.models import CallAttempt
    from consult.database import DbSession
    from consult.settings import Settings

pytestmark = pytest.mark.usefixtures("firm")
HOUR = timedelta(hours=1)
TOMORROW = Span(rows.NOW + 24 * HOUR, rows.NOW + 26 * HOUR)


@pytest.fixture
def rik(session: DbSession, firm: None) -> Advisor:
    """Rik, who calls back."""
    return session.scalars(select(Advisor).where(Advisor.first_name == "Rik")).one()


@pytest.fixture
def enquiry(session: DbSession, settings: Settings, rik: Advisor) -> Enquiry:
    """Somebody who wants to be called."""
    return rows.ask(
        session, settings, channel=Channel.PHONE, phone="+31612345678", email=None, advisor_id=rik.id
    ).enquiry


def call(
    session: DbSession, settings: Settings, enquiry: Enquiry, rik: Advisor, result: CallResult, **more: Any
) -> CallAttempt:
    new = NewCall(**{"form_key": f"call-{result}", "result": result} | more)
    return record_call(session, enquiry, rik, new, settings=settings, now=rows.NOW + HOUR)


def test_no_answer_is_kept_and_the_promise_stands(
    session: DbSession, settings: Settings, enquiry: Enquiry, rik: Advisor
) -> None:
    promised = (enquiry.answer_by, enquiry.due_soon_at)
    for key in ("one", "one", "two"):
        call(session, settings, enquiry, rik, CallResult.NO_ANSWER, form_key=key)
    assert [each.result for each in calls(session, enquiry)] == ["no_answer", "no_answer"]
    assert (enquiry.state, enquiry.answered_at) == (EnquiryState.OPEN, None)
    assert (enquiry.answer_by, enquiry.due_soon_at) == promised


def test_who_was_spoken_to_was_answered_and_is_kept(
    session: DbSession, settings: Settings, enquiry: Enquiry, rik: Advisor
) -> None:
    call(session, settings, enquiry, rik, CallResult.SPOKE, note="Stuurt morgen de cijfers.")
    assert (enquiry.state, enquiry.answered_at) == (EnquiryState.WAITING, rows.NOW + HOUR)
    assert enquiry.contact is not None
    assert enquiry.contact.owner_id == rik.id
    assert escalation.tell_overdue(session, settings=settings, now=rows.NOW + timedelta(days=9)) == 0


def test_later_is_a_promise_to_call_within_the_window(
    session: DbSession, settings: Settings, enquiry: Enquiry, rik: Advisor
) -> None:
    call(session, settings, enquiry, rik, CallResult.LATER, window=TOMORROW)
    when = {"settings": settings}
    assert escalation.warn(session, now=TOMORROW.start - HOUR, **when) == 0
    assert escalation.warn(session, now=TOMORROW.start, **when) == 1
    assert escalation.tell_overdue(session, now=TOMORROW.end - HOUR, **when) == 0
    assert escalation.tell_overdue(session, now=TOMORROW.end, **when) == 1


@pytest.mark.parametrize(
    ("result", "window"),
    [
        (CallResult.LATER, None),
        (CallResult.LATER, Span(rows.NOW - HOUR, rows.NOW)),
        (CallResult.SPOKE, TOMORROW),
    ],
    ids=["later without a window", "a window that is over", "a window for who was spoken to"],
)
def test_a_window_belongs_to_later_and_is_still_to_come(
    session: DbSession,
    settings: Settings,
    enquiry: Enquiry,
    rik: Advisor,
    result: CallResult,
    window: Span | None,
) -> None:
    with pytest.raises(NoWindow):
        call(session, settings, enquiry, rik, result, window=window)
    assert calls(session, enquiry) == []


def test_nobody_calls_about_a_closed_question(
    session: DbSession, settings: Settings, enquiry: Enquiry, rik: Advisor
) -> None:
    close(session, enquiry, actor="advisor:1", now=rows.NOW)
    with pytest.raises(AlreadyClosed):
        call(session, settings, enquiry, rik, CallResult.SPOKE)
