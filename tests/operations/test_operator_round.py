"""An operator's whole round on PostgreSQL, each command a process of its own; and how much memory a backup takes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from consult.contact.handout.models import HandoutFile
from tests.operations.processes import COMMAND, ROOT, environment
from tests.support import rows
from tests.support.databases import postgres_copy

if TYPE_CHECKING:
    from pathlib import Path

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.proof
FEW = ("--advisors", "3", "--enquiries", "10", "--bookings", "5")
# Runs a command and says on its last line how many MB it held at most, above what loading the program takes.
MEASURED = """
import resource, sys
import consult.app, consult.cli.keeping
from consult.cli import consult
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
consult(sys.argv[1:], standalone_mode=False)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.postgres
def test_one_round_of_an_operator_on_postgresql(
    settings: Settings, tmp_path: Path, postgres_socket: str
) -> None:
    kept = str(tmp_path / "kept.zip")
    with (
        postgres_copy(postgres_socket, "template0") as here,
        postgres_copy(postgres_socket, "template0") as there,
        postgres_copy(postgres_socket, "template0") as moved,
    ):
        away = here.replace("/consult_", "/nowhere_")
        # What is typed, with which database, how it ends, and what it says.
        steps: tuple[tuple[tuple[str, ...], str, int, str], ...] = (
            (("backup", kept), here, 1, "Type: consult db upgrade"),
            (("db", "upgrade"), here, 0, ""),
            (("sample-data", *FEW), here, 0, "Stored 10 questions, 5 talks"),
            (("config",), here, 0, "CONSULT_DATABASE_URL"),
            (("check",), here, 1, "migrations: at the newest"),
            (("purge", "--dry-run"), here, 0, "Would let go of"),
            (("backup", kept), here, 0, "rows of"),
            (("backup", kept), here, 1, "exists already: choose another name"),
            (("backup",), here, 2, "Type: consult backup --help"),
            (("verify", kept), here, 0, "is whole"),
            (("restore", kept), there, 0, "Restored"),
            (("restore", kept), there, 1, "is not empty"),
            (("restore", kept), away, 1, "cannot be reached"),
            (("db", "upgrade"), away, 1, "Type: consult check"),
            (("db", "copy", "--to", moved), here, 0, "Now set CONSULT_DATABASE_URL"),
            (("db", "copy", "--to", moved), here, 1, "is not empty"),
            (("db", "copy", "--to", away), here, 1, "check --to"),
            (("db", "copy", "--to", here), here, 2, "name another one"),
        )
        rows_told = set()
        for words, url, status, said in steps:
            env = environment(settings, CONSULT_DATABASE_URL=url)
            ended = subprocess.run(
                [*COMMAND, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert ended.returncode == status, (words, ended.stderr)
            assert said in ended.stdout + ended.stderr, words
            if status and words != ("check",):
                assert re.fullmatch(r"consult: [^\n]+\n", ended.stderr), words
            rows_told |= set(re.findall(r"(\d+) rows", ended.stdout))
        assert len(rows_told) == 1, "backup, verify, restore and copy count the same rows"


@pytest.mark.both_databases
def test_a_backup_and_its_restore_take_little_memory_however_many_hand_outs_there_are(
    settings: Settings, transaction: Transaction, tmp_path: Path
) -> None:
    with transaction() as session:
        for number in range(10):
            page = rows.create_page(session, slug=f"blad-{number}")
            raw = os.urandom(10 * 1024 * 1024)
            session.flush()
            file = HandoutFile(page_id=page.id, name="blad.pdf", media_type="application/pdf", size=len(raw))
            file.fingerprint, file.stored_at, file.content = hashlib.sha256(raw).hexdigest(), rows.NOW, raw
            session.add(file)
            session.flush()
            session.expunge(file)
    kept, there = str(tmp_path / "kept.zip"), f"sqlite:///{tmp_path}/there.sqlite3"
    for words, url in ((("backup", kept), settings.database), (("restore", kept), there)):
        ended = subprocess.run(
            [sys.executable, "-c", MEASURED, *words],
            env=environment(settings, CONSULT_DATABASE_URL=url),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert int(ended.stdout.splitlines()[-1]) < 150, words
