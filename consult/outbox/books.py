"""The books of a delivery: what the mail server accepted is noted, and what is next is taken, beside the conversation.

While some mails are handed over, those before them are noted and those after them taken, in one transaction of a thread
of its own: a durable note takes as long as several mails. Never more than ``TOGETHER`` accepted mails are not noted
yet, those that are being noted included: so many can go out again when this process dies. Knows no mail server.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from consult.outbox.services import Parcel, claim, settle_sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future
    from datetime import datetime

    from consult.outbox.delivery import Begin

TOGETHER = 20
# Half are handed over while the other half is noted.
AT_ONCE = TOGETHER // 2
# Taken at once, when no more than ``AT_ONCE`` wait: few enough to be handed over within the lease by a slow server.
TAKEN = 2 * TOGETHER
NOTE_WITHIN_SECONDS = 0.5


class Books:
    """What waits under our lease, in ``waiting``, and what was accepted and is to be noted.

    Used by one thread; what could not be noted is kept, and noted the next time.
    """

    def __init__(self, begin: Begin, *, now: Callable[[], datetime]) -> None:
        self.waiting: deque[Parcel] = deque()
        self._begin = begin
        self._now = now
        self._unnoted: list[Parcel] = []
        self._note_by = 0.0
        self._beside: Executor | None = None
        self._turn: Future[list[Parcel]] | None = None
        self._being_noted: list[Parcel] = []

    def kept_by(self, beside: Executor | None) -> None:
        """From here on ``beside`` notes and takes while mails are handed over; ``settle`` before it ends."""
        self._beside = beside

    def take(self) -> bool:
        """See to it that something waits; gives whether it does. What was accepted is noted in the same transaction."""
        if not self.waiting:
            self._collect()
        if not self.waiting:
            self.waiting.extend(self._keep(self._unnoted, TAKEN))
            self._unnoted = []
        return bool(self.waiting)

    def accept(self, parcel: Parcel) -> None:
        """The server has it; noted with others, unless the oldest of them has waited long enough."""
        self._unnoted.append(parcel)
        if len(self._unnoted) == 1:
            self._note_by = time.monotonic() + NOTE_WITHIN_SECONDS
        elif len(self._unnoted) >= AT_ONCE or time.monotonic() > self._note_by:
            self._turn_over()

    def settle(self) -> None:
        """Note everything that was accepted, before anything else may take time."""
        try:
            self._collect()
        finally:
            if self._unnoted:
                self._keep(self._unnoted, 0)
                self._unnoted = []

    def _turn_over(self) -> None:
        """Have noted what was accepted, and taken what is next when little waits; waits for the turn before it."""
        self._collect()
        room = TAKEN if len(self.waiting) <= AT_ONCE else 0
        if self._beside is None:
            self.waiting.extend(self._keep(self._unnoted, room))
        else:
            self._being_noted = self._unnoted
            self._turn = self._beside.submit(self._keep, self._being_noted, room)
        self._unnoted = []

    def _collect(self) -> None:
        """Wait for the turn that goes on, if any, and put what it took with what waits."""
        if (turn := self._turn) is None:
            return
        self._turn = None
        try:
            self.waiting.extend(turn.result())
        except BaseException:
            # What could not be noted is noted next time, and not sent again for want of trying.
            self._unnoted = self._being_noted + self._unnoted
            raise
        finally:
            self._being_noted = []

    def _keep(self, accepted: list[Parcel], most: int) -> list[Parcel]:
        """One transaction: these are noted, and up to so many are taken."""
        with self._begin() as session:
            now = self._now()
            if accepted:
                settle_sent(session, [parcel.id for parcel in accepted], now=now)
            return claim(session, now=now, most=most) if most else []
