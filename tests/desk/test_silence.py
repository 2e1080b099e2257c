"""Organisations that nobody spoke to for a while come to their owner's attention."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.calls import NewCall, record_call
from consult.contact.models import CallResult
from consult.contact.services import add_note, add_visitor_message, by_reference
from consult.contact.tending.spam import mark_spam
from consult.desk.today.silence import silent_organisations
from consult.people.models import Advisor, Organisation
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from consult.database import DbSession
    from tests.desk.conftest import Office

pytestmark = pytest.mark.both_databases
WEEK = timedelta(weeks=1)
NAMES = ("Aa", "Bee", "Cee", "Dee", "Een")


@pytest.fixture
def owned(office: Office) -> Office:
    """Five organisations of Rik, and one of Sam."""
    with office.transaction() as session:
        for name in NAMES:
            session.add(Organisation(name=name, owner_id=office.advisor_id(session, "rik")))
        session.add(Organisation(name="Van Sam", owner_id=office.advisor_id(session, "sam")))
    return office


def silent(office: Office, session: DbSession, *, weeks: int = 12) -> list[str]:
    owner = office.advisor_id(session, "rik")
    return [each.name for each in silent_organisations(session, owner, now=NOW, weeks=weeks)]


def test_who_was_never_spoken_to_comes_first_then_the_longest_silence(owned: Office) -> None:
    for name, weeks in (("Aa", 20), ("Bee", 30), ("Cee", 11)):
        owned.asked(organisation=name, ago=weeks * WEEK, email=f"{name}@gemeente.example")
    with owned.transaction() as session:
        assert silent(owned, session) == ["Dee", "Een", "Bee", "Aa"]
        assert silent(owned, session, weeks=25) == ["Dee", "Een", "Bee"]


def test_a_message_or_a_talk_ends_the_silence_and_a_note_among_colleagues_does_not(owned: Office) -> None:
    references = {
        name: owned.asked(organisation=name, ago=30 * WEEK, email=f"{name}@gemeente.example")
        for name in ("Aa", "Bee", "Cee")
    }
    owned.planned(NOW + WEEK, organisation="Dee", email="dee@gemeente.example")
    with owned.transaction() as session:
        wrote, noted = (by_reference(session, references[name]) for name in ("Aa", "Bee"))
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        assert wrote is not None
        assert noted is not None
        add_visitor_message(session, wrote, "Nog iets.", form_key="a", settings=owned.settings, now=NOW)
        add_note(session, noted, rik, "Eens bellen.", form_key="b", now=NOW)
    with owned.transaction() as session:
        assert silent(owned, session) == ["Een", "Bee", "Cee"]


def test_a_call_ends_the_silence_and_a_telephone_that_rang_or_spam_does_not(owned: Office) -> None:
    references = {
        name: owned.asked(organisation=name, ago=weeks * WEEK, email=f"{name}@gemeente.example")
        for name, weeks in (("Aa", 30), ("Bee", 20), ("Cee", 1))
    }
    with owned.transaction() as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        for name, result in (("Aa", CallResult.SPOKE), ("Bee", CallResult.NO_ANSWER)):
            called = by_reference(session, references[name])
            assert called is not None
            call = NewCall(form_key=name, result=result)
            record_call(session, called, rik, call, settings=owned.settings, now=NOW)
        advertised = by_reference(session, references["Cee"])
        assert advertised is not None
        mark_spam(session, advertised, actor="system", now=NOW)
    with owned.transaction() as session:
        assert silent(owned, session) == ["Cee", "Dee", "Een", "Bee"]
