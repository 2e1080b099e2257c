"""Two processes that live as long as the proof, this one and another, with threads that do too: all go at once.

Half of those who take part are threads here and half there; a round is one contest, in which each of them tries once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.booking.contests import Taker, take
from tests.booking.fire import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.settings import Settings


class Threads:
    """The threads of one process; the first one is number ``first`` of all that take part."""

    def __init__(self, app: Flask, first: int, count: int) -> None:
        self.app, self.numbers = app, range(first, first + count)
        self.pool, self.gate = ThreadPoolExecutor(count), threading.Barrier(count)

    def round(self, number: int, contest: str) -> list[str]:
        """All of them try at once; gives the answer of each."""

        def go(mine: int) -> str:
            self.gate.wait(20)
            return take(self.app, Taker(number, contest, mine))

        return list(self.pool.map(go, self.numbers))


class Arena:
    """The threads of this process, and the other process when it is ready."""

    def __init__(self, here: Threads, there: subprocess.Popen[str]) -> None:
        self.here, self.there = here, there

    def round(self, number: int, contest: str) -> Counter[str]:
        """Let everybody go for the same; gives how often each answer was given."""
        assert self.there.stdin is not None
        assert self.there.stdout is not None
        self.there.stdin.write(f"{number} {contest}\n")
        self.there.stdin.flush()
        here = self.here.round(number, contest)
        return Counter(here + json.loads(self.there.stdout.readline()))


@contextmanager
def arena(app: Flask, settings: Settings, *, threads: int) -> Iterator[Arena]:
    """Two processes with so many threads each, on one database."""
    there = subprocess.Popen(
        [sys.executable, "-m", "tests.booking.arena", settings.database, str(threads)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    here = Threads(app, 0, threads)
    try:
        assert there.stdout is not None
        assert there.stdout.readline() == "ready\n"
        yield Arena(here, there)
    finally:
        here.pool.shutdown()
        there.kill()
        there.communicate()


def main(url: str, count: str) -> None:
    """The other process: each line that comes in is a round, and the answers of its threads go out as one line."""
    from consult.app import create_app
    from consult.settings import load

    app = create_app(
        load({}, database_url=url, instance=ROOT / "instance", secret_key="fire" * 8, testing=True)
    )
    threads = Threads(app, int(count), int(count))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        number, contest = line.split()
        sys.stdout.write(json.dumps(threads.round(int(number), contest)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
