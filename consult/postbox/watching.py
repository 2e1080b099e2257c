"""Do something with servers elsewhere again and again, in a thread of its own: one that does not answer keeps no other
work waiting, and one that keeps failing is left alone longer and longer.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger("consult.worker")

EVERY_SECONDS = 30.0
# How long to leave a server alone after each failure in a row; the last one goes on.
PAUSES = (30.0, 60.0, 120.0, 300.0, 600.0)
STOP_SECONDS = 8.0


class Watch:
    """Calls ``act`` every ``every`` seconds from ``begin`` until ``end``; whatever it raises is told and passes.

    ``act`` gets the event that says when to stop. ``name`` is what the log calls it.
    """

    def __init__(
        self,
        name: str,
        act: Callable[[Event], object],
        *,
        every: float = EVERY_SECONDS,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._name = name
        self._act = act
        self._every = every
        self._pauses = pauses
        self._stop = Event()
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Start. While that goes on, a second call does nothing."""
        if self._thread is None or not self._thread.is_alive():
            self._stop.clear()
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def end(self, *, seconds: float = STOP_SECONDS) -> None:
        """Stop; what is being stored is waited for, a server that says nothing only so long."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._act(self._stop)
            except Exception as error:  # noqa: BLE001 (whatever a server does, we come back later)
                pause = self._pauses[min(failures, len(self._pauses) - 1)]
                failures += 1
                # What a server says may hold an address, so only the kind of failure is told.
                told = {"error": type(error).__name__, "next_try_in_seconds": pause}
                log.warning("failed", what=self._name, **told)
                self._stop.wait(pause)
            else:
                failures = 0
                self._stop.wait(self._every)
