"""A process that is killed (-9) at every point at which it could have stopped half-way, and what it leaves behind.

An act runs in a fork of this process, on a database of which a copy is kept: once for each write to the database, each
commit and each file that gets its name, and dies right before it. Points are named after what would have come next.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import traceback
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")
BEFORE, AFTER, END = "before a commit", "after a commit", "at the end"
MOST = 40
State = dict[str, int]


@dataclass(frozen=True)
class Act:
    """What is done, and ``again``: what somebody or something does after a crash (the same, unless told).

    ``prepare`` puts back what is not in the database; ``look`` checks what is not, after the second time.
    ``adds`` is a table to which the second time adds a row, on purpose.
    """

    run: Callable[[], object]
    again: Callable[[], object] | None = None
    prepare: Callable[[], object] = lambda: None
    look: Callable[[], object] = lambda: None
    adds: str | None = None


@dataclass
class Crashes:
    """Crashes of one act on the SQLite file ``database``; ``let_go`` closes our own connections to it."""

    database: Path
    let_go: Callable[[], object]
    points: list[str] = field(default_factory=list)

    def of(self, act: Act) -> None:
        """Check the law at every point: what a commit did not confirm is not there, what it did is whole, and after
        the second time everything is as it would have been without a crash.
        """
        self.let_go()
        kept = self.database.with_suffix(".kept")
        shutil.copy(self.database, kept)
        before = known = self.state()
        untouched = self.dump()
        # Once in this process, so that the forks find its templates read and need not wait for that.
        act.prepare()
        act.run()
        self.let_go()
        self._put_back(kept)
        act.prepare()
        names = _killed(act.run, None)
        assert names[-1] == END
        whole = self.state()
        assert whole != before, "an act that does nothing proves nothing"
        last = 0
        for number in _chosen(names):
            self._put_back(kept)
            act.prepare()
            (point,) = _killed(act.run, number + 1)
            state = self.state()
            if state != known:
                assert BEFORE in names[last:number], f"{point}: {_difference(known, state)}"
                known = state
            elif BEFORE not in names[:number]:
                assert self.dump() == untouched, point
            last = number
            self.points.append(point)
            if point == END:
                break
            assert _killed(act.again or act.run, None)[-1] == END, f"again after: {point}"
            differing = _difference(whole, self.state())
            assert differing.keys() <= {act.adds}, f"again after: {point}: {differing}"
            act.look()
        assert state == whole

    def state(self) -> State:
        """How many rows each table has; in each state, where rows have one."""
        found: State = {}
        with closing(sqlite3.connect(self.database)) as connection:
            for table in _tables(connection):
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                by = "state" if "state" in columns else "''"
                query = f"SELECT {by}, count(*) FROM {table} GROUP BY 1"  # noqa: S608 (our own names)
                for state, count in connection.execute(query):
                    found[f"{table} {state}".strip()] = count
        return found

    def dump(self) -> list[Any]:
        """Everything, row by row."""
        with closing(sqlite3.connect(self.database)) as connection:
            return [
                (table, row)
                for table in _tables(connection)
                for row in connection.execute(f"SELECT * FROM {table}")  # noqa: S608 (our own names)
            ]

    def _put_back(self, kept: Path) -> None:
        for end in ("-wal", "-shm"):
            self.database.with_name(self.database.name + end).unlink(missing_ok=True)
        shutil.copy(kept, self.database)


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    for (name,) in connection.execute(query).fetchall():
        if not name.startswith("enquiry_search_"):
            yield name


def _difference(expected: State, found: State) -> dict[str, tuple[int, int]]:
    names = expected.keys() | found.keys()
    both = {name: (expected.get(name, 0), found.get(name, 0)) for name in sorted(names)}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _chosen(names: list[str]) -> list[int]:
    """Every point, or of many those next to a commit, some in between, and the end."""
    apart = len(names) // MOST + 1
    return [
        number
        for number, name in enumerate(names)
        if number % apart == 0 or BEFORE in names[max(0, number - 1) : number + 1] or name == END
    ]


def _killed(act: Callable[[], object], at: int | None) -> list[str]:
    """Do it in a fork that dies at its so-manieth point; gives the name of that point, or of all when it came to the
    end.
    """
    told, tells = os.pipe()
    child = os.fork()
    if not child:
        os.close(told)
        _be_the_child(act, at, tells)
    os.close(tells)
    with os.fdopen(told, encoding="utf-8") as pipe:
        names = pipe.read().split("\n")
    _, status = os.waitpid(child, 0)
    killed = at is not None and names != [END]
    expected = -signal.SIGKILL if killed else 0
    assert os.waitstatus_to_exitcode(status) == expected, "\n".join(names)
    return names


def _be_the_child(act: Callable[[], object], at: int | None, tells: int) -> None:
    passed: list[str] = []

    def point(name: str) -> None:
        passed.append(name)
        if len(passed) == at:
            os.write(tells, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.lstrip().upper().startswith(WRITES):
            point("before " + " ".join(sql.split()[:3]))

    def file(name: str, _arguments: object) -> None:
        if name == "os.rename":
            point("before a file has its name")

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", lambda _connection: point(BEFORE))
    event.listen(Session, "after_commit", lambda _session: point(AFTER))
    sys.addaudithook(file)
    try:
        act()
        told = [END] if at else [*passed, END]
        os.write(tells, "\n".join(told).encode())
    except BaseException:  # noqa: BLE001 (it is told to the parent, which fails by it)
        os.write(tells, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)
