"""Encryption at rest: nobody who has the database alone reads what people wrote, and whoever has the keys does."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from consult.contact.models import Enquiry, Message
from consult.contact.search.index import holds
from consult.database import Model, db
from consult.operations import sealed_texts
from consult.operations.archive import reading, writing
from consult.people.models import Contact
from consult.privacy import rotation
from consult.privacy.erasure import erase_person
from consult.privacy.files import scrub
from consult.privacy.register import KEPT, OTHERS, texts
from consult.sealing.keys import MARK, Unreadable, fresh_key, keyring
from consult.sealing.types import is_sealed, use_keys
from tests.privacy import scene
from tests.support import rows

if TYPE_CHECKING:
    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

ONE, TWO = fresh_key(), fresh_key()
PHONE = "+31612345678"
PEOPLE = {"enquiry", "contact", "booking", "seat", "invitation", "message", "call_attempt", "talk_series"}
SECRET = "aardbeienjam"
# Written by people, and not sealed: who it is, how rows are found, and what opens a door as a hash or a token.
NOT_SEALED = {
    "name", "email", "address", "address_key", "sender", "recipient", "organisation", "organisation_name",
    "location", "form_key", "reply_token", "token", "token_hash", "hold_hash", "content_hash", "message_id",
    "uid", "reference", "key", "route", "body_hash", "decision", "data", "skipped", "actor", "what", "subject_kind",
    "event", "kind", "purpose", "state", "role", "result", "judged", "error", "last_error", "function", "language",
    "series", "cause", "channel",
}  # fmt: skip


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """With a key."""
    return make_settings(encryption_keys=[ONE])


@pytest.fixture(autouse=True)
def the_key_again(app: Flask, settings: Settings) -> None:
    """An application stays warm from one test to the next, with the keys that a test gave it."""
    with app.app_context():
        use_keys(db.engine, settings.keyring())


def with_keys(app: Flask, *keys: str) -> None:
    with app.app_context():
        use_keys(db.engine, keyring(keys))


def state(app: Flask, *keys: str) -> tuple[bool, str]:
    with app.app_context():
        fine, cause, _mend = sealed_texts.state(keyring(keys))
    return fine, cause


def use_plain_names_and_keys(session: DbSession) -> None:
    """A name is no secret of the database, for an advisor searches by it; the scene writes it into form keys too."""
    for table in Model.metadata.sorted_tables:
        columns = table.columns.keys()
        if "name" in columns and table.name in PEOPLE:
            session.execute(update(table).values(name="Joke"))
        if table.name in PEOPLE and "form_key" in columns:
            for number in session.scalars(select(table.c.id)).all():
                session.execute(update(table).where(table.c.id == number).values(form_key=f"k{number}"))
    session.execute(update(Model.metadata.tables["idempotent_answer"]).values(key="k"))


def everything_raw(app: Flask, settings: Settings) -> bytes:
    """All that stands in the files of the database, log included; of PostgreSQL every table as ``COPY`` writes it."""
    if settings.database.startswith("sqlite"):
        database = Path(settings.database.removeprefix("sqlite:///"))
        return b"".join(each.read_bytes() for each in database.parent.glob(f"{database.name}*"))
    found = b""
    with app.app_context(), db.engine.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        for name in names.all():
            with connection.connection.cursor().copy(f'COPY "{name}" TO STDOUT') as out:
                found += b"".join(bytes(each) for each in out)
    return found


@given(words=st.text(), findable=st.booleans(), used=st.sampled_from([[ONE], [], [TWO, ONE], ["plain", ONE]]))
def test_what_goes_in_comes_out(*, words: str, findable: bool, used: list[str]) -> None:
    ring = keyring(used)
    stored = ring.seal(words, findable=findable)
    assert ring.open(stored) == words
    assert keyring([TWO, ONE]).open(stored) == words, "a key that is no longer the first still reads"
    assert stored.startswith(MARK) or ring.writes is None or not words


def test_what_looks_sealed_and_was_typed_by_a_visitor_is_a_text_like_any_other() -> None:
    sly = keyring([ONE]).seal("echt")
    assert keyring([]).open(keyring([]).seal(sly)) == sly


@pytest.mark.parametrize(
    "stored",
    [
        keyring([TWO]).seal("x"),
        keyring([ONE]).seal("x")[:-4] + "AAAA",
        f"{MARK}",
        f"{MARK}{keyring([ONE]).front[1:]}~!",
    ],
    ids=["another key", "changed by somebody", "only the mark", "no base64"],
)
def test_what_cannot_be_opened_is_told_in_one_line_without_the_text(stored: str) -> None:
    with pytest.raises(Unreadable, match=r"^a text .* key \w*"):
        keyring([ONE]).open(stored)


def test_every_column_that_people_write_in_is_sealed_or_named_here(app: Flask) -> None:
    open_ones = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        if table.name not in OTHERS
        for column in texts(table)
        if column.name not in KEPT.get(table.name, ()) and not is_sealed(column)
    }
    assert {each for each in open_ones if each.partition(".")[2] not in NOT_SEALED} == set()


@pytest.mark.both_databases
def test_the_database_alone_tells_nobody_what_was_asked(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings, name=SECRET)
        use_plain_names_and_keys(session)
    with app.app_context():
        assert scrub(db.engine)
    raw = everything_raw(app, settings)
    assert len(raw) > 10_000
    for word in (SECRET, PHONE, PHONE[3:]):
        assert word.encode() not in raw
    with transaction() as session:
        asked = session.scalars(select(Enquiry)).one()
        assert (asked.question, asked.phone) == (f"{SECRET} vraagt", PHONE)
        assert session.scalars(select(Enquiry.id).where(Enquiry.phone == PHONE)).all() == [asked.id]
        assert session.scalars(select(Enquiry.id).where(holds(session, SECRET))).all() == []
        assert session.scalars(select(Enquiry.id).where(holds(session, f"joke {asked.reference}"))).all()
    assert state(app, ONE)[0]


@pytest.mark.both_databases
def test_a_key_is_changed_and_taken_off_again_beside_a_running_service(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
    with_keys(app, TWO, ONE)
    assert state(app, TWO, ONE)[1].endswith("texts are plain or under an earlier key")
    told: list[rotation.Step] = []
    changed = rotation.rotate(transaction, told=told.append)
    assert changed == sum(each.total for each in told) > 20
    assert {each.column for each in told} > {
        "enquiry.question",
        "activity.why",
        "outgoing_mail.raw",
        "draft.body",
    }
    assert rotation.rotate(transaction) == 0
    with_keys(app, TWO)
    assert state(app, TWO)[0]
    with transaction() as session:
        assert session.scalars(select(Enquiry.question)).one().endswith("vraagt")
        asked = rows.ask(session, settings, name="Weer", email=None, phone=PHONE).enquiry
        assert session.scalars(select(Contact.phone)).all() == [PHONE], "the number is recognised"
        assert asked.contact_id is not None
    with_keys(app, ONE)
    assert "keys that are not set" in state(app, ONE)[1]
    with app.app_context():
        assert sealed_texts.missing_key(keyring([ONE])) == keyring([TWO]).front[1:]
    with pytest.raises(Unreadable), transaction() as session:
        session.scalars(select(Message.body)).all()
    with pytest.raises(Unreadable):
        rotation.rotate(transaction)
    with_keys(app, "plain", TWO)
    rotation.rotate(transaction)
    with_keys(app)
    assert state(app) == (True, sealed_texts.OFF)
    with transaction() as session:
        assert session.scalars(select(Enquiry.id).where(holds(session, "vraagt"))).all(), "searched again"


@pytest.mark.both_databases
def test_a_rotation_that_is_broken_off_goes_on_where_it_was(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
    with_keys(app, TWO, ONE)

    steps: list[rotation.Step] = []

    def press_ctrl_c(step: rotation.Step) -> None:
        steps.append(step)
        if len(steps) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(transaction, told=press_ctrl_c)
    assert not state(app, TWO, ONE)[0]
    assert rotation.rotate(transaction) > 0
    assert state(app, TWO)[0]


def test_a_backup_holds_nothing_to_read_and_comes_back_for_who_has_the_key(
    app: Flask, transaction: Transaction, settings: Settings, tmp_path: Path, make_settings: MakeSettings
) -> None:
    from consult.app import create_app

    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
    file = tmp_path / "backup.zip"
    with app.app_context():
        writing.write(db.engine, file, now=rows.NOW)
    with zipfile.ZipFile(file) as archive:
        lines = archive.read("tables/enquiry.jsonl") + archive.read("tables/message.jsonl")
    assert PHONE.encode() not in lines
    assert b"vraagt" not in lines
    other = create_app(
        make_settings(encryption_keys=[TWO, ONE], database_url=f"sqlite:///{tmp_path}/again.sqlite3")
    )
    with other.app_context():
        reading.restore(db.engine, file, now=rows.NOW)
        assert db.session.scalars(select(Enquiry.question)).one().endswith("vraagt")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both_databases
def test_erasing_finds_everything_sealed_as_well(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        before = scene.snapshot(session)
    with transaction() as session:
        scene.live(session, settings)
        scene.paint(session, before)
    with transaction() as session:
        assert erase_person(session, scene.ADDRESS, actor="advisor:1", now=scene.LATER)["enquiry"] == 1
    with app.app_context():
        assert scrub(db.engine)
    with transaction() as session:
        for table in Model.metadata.sorted_tables:
            assert scene.NAME not in repr(session.execute(select(table)).all()), table.name
    assert scene.NAME.encode() not in everything_raw(app, settings)
