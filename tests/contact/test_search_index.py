"""The index of words: what finds a question, on both databases, and that nothing typed can break it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from consult.contact import services as contact
from consult.contact.models import Enquiry, Message, MessageKind
from consult.contact.search.index import holds
from consult.contact.search.words import fts5_query, stem, words_of
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings


def found(session: DbSession, searched: str) -> list[str]:
    return sorted(session.scalars(select(Enquiry.name).where(holds(session, searched))))


@pytest.mark.both_databases
def test_every_word_that_a_colleague_may_remember_finds_the_question(
    session: DbSession, settings: Settings
) -> None:
    zwolle = rows.create_organisation(session, "Gemeente Zwolle")
    enquiry = rows.ask(
        session, settings, question="Wie kent het beste wijkgesprek?", name="José Cruz"
    ).enquiry
    enquiry.organisation = zwolle
    rows.ask(session, settings, question="Iets over parkeren.", name="Piet Bakker", email="piet@ede.example")
    rik = rows.create_advisor(session)
    contact.add_note(session, enquiry, rik, "Belt over de Dialoogtafel.", form_key="n", now=rows.NOW)
    for searched in (
        "wijkgesprek",
        "WIJKGESPREKKEN",
        "wijkg",
        "jose",
        "cruz zwolle",
        "dialoogtafel",
        enquiry.reference,
        enquiry.reference.lower(),
        "joke@gemeente.example",
        "wie het",
    ):
        assert found(session, searched) == ["José Cruz"], searched
    for searched in ("zwolle parkeren", "esprek", "%", "_", "AND OR NOT", '"', "*", "(", "' OR 1=1 --"):
        assert found(session, searched) == [], searched


@pytest.mark.both_databases
def test_a_text_that_changes_or_goes_is_no_longer_found(session: DbSession, settings: Settings) -> None:
    zwolle = rows.create_organisation(session, "Zwolle")
    enquiry = rows.ask(session, settings, question="Mijn geheim is aardbei.").enquiry
    enquiry.organisation = zwolle
    message = Message(
        enquiry_id=enquiry.id, form_key="m", kind=MessageKind.VISITOR, body="En framboos.", at=rows.NOW
    )
    session.add(message)
    session.flush()
    assert found(session, "aardbei framboos zwolle") == ["Joke Jansen"]
    zwolle.name = "Deventer"
    session.flush()
    assert (found(session, "zwolle"), found(session, "deventer")) == ([], ["Joke Jansen"])
    enquiry.question = "Gewist"
    session.delete(message)
    session.flush()
    assert (found(session, "aardbei"), found(session, "framboos")) == ([], [])
    session.delete(enquiry)
    session.flush()
    assert session.scalar(text("SELECT count(*) FROM enquiry_search")) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(searched=st.text(max_size=40))
@pytest.mark.both_databases
def test_whatever_is_typed_is_a_search(session: DbSession, searched: str) -> None:
    assert found(session, searched) == []


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("gesprekken", "gesprek"),
        ("tafels", "tafel"),
        ("grote", "grot"),
        ("bes", "bes"),
        ("zeven", "zeven"),
    ],
    ids=["a doubled letter", "an s", "an e", "too short to lose one", "nothing left to know it by"],
)
def test_the_commonest_dutch_endings_are_taken_off(word: str, bare: str) -> None:
    assert stem(word) == bare


def test_a_search_has_at_most_eight_words_each_once() -> None:
    assert words_of("Één een twee " + " ".join(map(str, range(20)))) == ("een", "twee", *map(str, range(6)))
    assert fts5_query(("op", "gesprekken")) == '"op" AND ("gesprekken"* OR "gesprek"*)'
