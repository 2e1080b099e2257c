"""Backup, restore, verify and copy as an operator types them, between both databases and under load."""

from __future__ import annotations

import json
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, func, select, text

from consult.activity.services import record
from consult.cli import consult
from consult.contact.models import Enquiry
from consult.database import Model, db
from consult.operations.archive import manifest, writing
from consult.outbox.models import MailState, OutgoingMail
from tests.operations.processes import environment
from tests.privacy import scene
from tests.support import rows
from tests.support.databases import postgres_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.proof


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on this test's own database, or on another."""

    def command(*words: str, database: str | None = None) -> Result:
        changed = {"CONSULT_DATABASE_URL": database} if database else {}
        for name, value in environment(settings, **changed).items():
            if name.startswith("CONSULT_"):
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(consult, words, prog_name="consult")

    return command


@pytest.fixture
def lived_in(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/restored.sqlite3"


@pytest.fixture
def empty_postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    with postgres_copy(request.getfixturevalue("postgres_socket"), "template0") as url:
        yield url.replace("postgresql://", "postgresql+psycopg://")


def counts(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Model.metadata.sorted_tables
        }
    engine.dispose()
    return found


def mail_states(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        states = set(connection.scalars(select(OutgoingMail.state)))
    engine.dispose()
    return states


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize(
    ("database_url", "target"),
    [
        pytest.param("postgres", "empty_sqlite", marks=pytest.mark.postgres),
        pytest.param("sqlite", "empty_postgres", marks=[pytest.mark.postgres, pytest.mark.sqlite]),
        pytest.param("sqlite", "empty_sqlite", marks=pytest.mark.sqlite),
    ],
    indirect=["database_url"],
)
def test_what_was_kept_comes_back_row_by_row_and_old_mail_stays(
    settings: Settings,
    run: Callable[..., Result],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    target: str,
) -> None:
    file, there = tmp_path / "kept.zip", request.getfixturevalue(target)
    made = run("backup", str(file))
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o777 == 0o600
    restored = run("restore", str(file), database=there)
    assert restored.exit_code == 0, restored.output
    assert counts(there) == counts(settings.database)
    assert mail_states(there) == {MailState.FAILED}
    refused = run("restore", str(file), database=there)
    assert (refused.exit_code, "is not empty" in refused.output) == (1, True)
    again = tmp_path / "again.zip"
    assert run("backup", str(again), database=there).exit_code == 0
    first, second = manifest.read(file).tables, manifest.read(again).tables
    assert {name for name in first if first[name] != second[name]} == {"outgoing_mail"}


@pytest.mark.postgres
@pytest.mark.usefixtures("lived_in")
def test_moving_to_postgresql_takes_the_waiting_mail_along_and_counts_on(
    settings: Settings, run: Callable[..., Result], empty_postgres: str
) -> None:
    moved = run("db", "copy", "--to", empty_postgres)
    assert moved.exit_code == 0, moved.output
    assert "        1  enquiry" in moved.output
    assert counts(empty_postgres) == counts(settings.database)
    assert MailState.PENDING in mail_states(empty_postgres)
    engine = create_engine(empty_postgres)
    with engine.begin() as connection:
        highest = connection.scalar(select(func.max(OutgoingMail.id))) or 0
        given = connection.scalar(text("SELECT nextval(pg_get_serial_sequence('outgoing_mail', 'id'))"))
        assert given == highest + 1
        refused = "INSERT INTO busy_period SELECT 4711, advisor_id, start_minute, end_minute, NULL, kind, "
        with pytest.raises(Exception, match="ex_busy_period_overlap"):
            connection.execute(text(f"{refused} talk_end_minute FROM busy_period LIMIT 1"))
    engine.dispose()


@pytest.mark.both_databases
def test_a_backup_under_load_is_of_one_moment(
    app: Flask, transaction: Transaction, settings: Settings, tmp_path: Path
) -> None:
    """Each transaction stores a question, its history and its mails: a backup holds all of one, or nothing."""
    with transaction() as session:
        rows.create_advisor(session)
    begun, enough = threading.Event(), threading.Event()

    def ask_on() -> None:
        number = 0
        while not enough.is_set():
            with transaction() as session:
                enquiry = rows.ask(session, settings, email=f"j{number}@gemeente.example").enquiry
                session.flush()
                record(session, ("enquiry", enquiry.id), "enquiry.called", actor="system", now=rows.NOW)
            number += 1
            if number == 5:
                begun.set()

    asking = threading.Thread(target=ask_on)
    asking.start()
    try:
        assert begun.wait(20)
        files = [tmp_path / f"{number}.zip" for number in range(3)]
        with app.app_context():
            for file in files:
                writing.write(db.engine, file, now=rows.NOW)
    finally:
        enough.set()
        asking.join()
    asked = []
    for file in files:
        kept = {name: part.rows for name, part in manifest.read(file).tables.items()}
        asked.append(kept["enquiry"])
        called = zipfile.ZipFile(file).read("tables/activity.jsonl").count(b'"enquiry.called"')
        assert kept["outgoing_mail"] == 2 * kept["enquiry"]
        assert called == kept["enquiry"]
    assert 5 <= asked[0] <= asked[1] <= asked[2]


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize(
    ("instead", "said"),
    [
        pytest.param(b"no zip at all", "it is no backup, or a damaged one", id="another file"),
        pytest.param(None, "it is no backup, or a damaged one", id="half of it"),
        pytest.param(b"", "which a newer version made", id="from later"),
    ],
)
def test_a_file_that_is_no_whole_backup_is_refused_in_one_line(
    run: Callable[..., Result], tmp_path: Path, instead: bytes | None, said: str
) -> None:
    file, broken = tmp_path / "kept.zip", tmp_path / "broken.zip"
    assert run("backup", str(file)).exit_code == 0
    raw = file.read_bytes()
    broken.write_bytes(raw[: len(raw) // 2] if instead is None else instead or raw)
    if "newer" in said:
        rewrite(broken, manifest.NAME, lambda stated: stated.replace(b'"head": "', b'"head": "9'))
    result = run("verify", str(broken))
    assert result.exit_code == 1
    assert said in result.output
    assert result.output.count("\n") == 1


def rewrite(file: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as source:
        held = {each: source.read(each) for each in source.namelist()}
    with zipfile.ZipFile(file, "w") as target:
        for each, raw in held.items():
            target.writestr(each, change(raw) if each == name else raw)


@pytest.mark.usefixtures("lived_in")
def test_one_changed_row_is_found(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    assert run("backup", str(file)).exit_code == 0
    assert "is whole" in run("verify", str(file)).output
    rewrite(file, "tables/enquiry.jsonl", lambda raw: raw.replace(b"vraagt", b"vroeg!"))
    result = run("verify", str(file))
    assert (result.exit_code, "differs in enquiry" in result.output) == (1, True)


@pytest.mark.usefixtures("lived_in")
def test_nothing_is_overwritten_and_a_missing_folder_is_told(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "kept.zip"
    file.write_text("precious")
    assert "exists already" in run("backup", str(file)).output
    assert file.read_text() == "precious"
    nowhere = run("backup", str(tmp_path / "no" / "kept.zip"))
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (1, 1)
    assert "No such file" in run("verify", str(tmp_path / "gone.zip")).output


def test_purging_by_hand_first_looks_and_then_does(
    run: Callable[..., Result], transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
        enquiry = rows.ask(session, settings, now=rows.NOW.replace(year=2020)).enquiry
        enquiry.state, enquiry.closed_at = "closed", rows.NOW.replace(year=2020)
    looked = run("purge", "--dry-run")
    assert (looked.exit_code, "Would let go of 1 enquiries" in looked.output) == (0, True), looked.output
    with transaction() as session:
        assert session.scalars(select(Enquiry.name)).one() == "Joke Jansen"
    assert "Let go of 1 enquiries" in run("purge").output
    assert "nothing" in run("purge").output
    with transaction() as session:
        assert session.scalars(select(Enquiry.name)).one() == "Gewist"
        told = session.scalars(select(Model.metadata.tables["activity"].c.data)).all()
        assert any(json.loads(json.dumps(each)).get("counts", {}).get("enquiries") == 1 for each in told)
