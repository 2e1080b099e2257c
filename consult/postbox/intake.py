"""The slot in the door: both doors put mail through it, and the worker opens what lies behind it.

One mail at a time, each in a transaction of its own, so that a bad one harms no other. Knows no protocol.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import structlog

from consult.postbox.addresses import Own
from consult.postbox.opening import open_mail
from consult.postbox.services import next_unopened, receive, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from threading import Event

    from consult.outbox.delivery import Begin
    from consult.postbox.opening import Correspondents
    from consult.settings import Settings

log = structlog.get_logger("consult.postbox")


class Postbox:
    """Takes mail in and opens it. ``begin`` gives a transaction that is committed at its end."""

    def __init__(
        self, begin: Begin, correspondents: Correspondents, settings: Settings, *, now: Callable[[], datetime]
    ) -> None:
        self._begin = begin
        self._correspondents = correspondents
        self._settings = settings
        self._own = Own.of(settings)
        self._now = now

    def knows(self, address: str) -> bool:
        """Whether mail for this address is ours to take: the general address, or a token that names something."""
        token = self._own.token(address)
        if token is None:
            return self._own.is_general(address)
        with self._begin() as session:
            return any(
                each.locate(session, token, settings=self._settings) is not None
                for each in self._correspondents
            )

    def take_in(self, raw: bytes, address: str | None = None, *, too_large: bool = False) -> None:
        """Store a mail for ``address``, or for whom its headers name. It is committed when this returns."""
        token = self._own.token(address) if address else None
        with self._begin() as session:
            receive(session, raw, token=token, too_large=too_large, settings=self._settings, now=self._now())

    def open_waiting(self, stop: Event) -> int:
        """Open everything that waits, until ``stop`` is set; gives how many were opened."""
        last = opened = 0
        while not stop.is_set():
            found = self._open_next(last)
            if found is None:
                break
            last, opened = found, opened + 1
        return opened

    def _open_next(self, after: int) -> int | None:
        """Open one mail; gives its id."""
        with self._begin() as session:
            mail = next_unopened(session, after=after)
            if mail is None:
                return None
            number = mail.id
            try:
                with session.begin_nested():
                    open_mail(session, mail, self._correspondents, settings=self._settings, now=self._now())
            except Exception as error:  # noqa: BLE001 (whatever is in a mail, the others go on)
                last = traceback.extract_tb(error.__traceback__)[-1]
                set_aside(mail, type(error).__name__, now=self._now())
                # The text of an error may hold the mail, so only its type and place are told.
                log.error(  # noqa: TRY400 (see above)
                    "mail not opened",
                    mail=number,
                    error=type(error).__name__,
                    raised_at=f"{last.filename}:{last.lineno}",
                )
            return number
