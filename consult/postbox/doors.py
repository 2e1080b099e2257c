"""The doors that the settings name, as things for a worker to do. Without settings there is no door, and no harm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from consult.postbox.imap import Inbox, collect
from consult.postbox.lmtp import LmtpDoor
from consult.postbox.watching import Watch
from consult.settings_files import fresh_token

if TYPE_CHECKING:
    from threading import Event

    from consult.postbox.intake import Postbox
    from consult.settings import Settings

log = structlog.get_logger("consult.postbox")


def inbox_of(settings: Settings) -> Inbox | None:
    """The mailbox elsewhere that the settings name; None when they name none.

    Raises:
        ValueError: CONSULT_INBOX_URL is no address, has half of a sign-in, or would send a password in the clear.
    """
    if settings.inbox_url is None:
        return None
    if settings.inbox_token is None and settings.inbox_token_file is None:
        return Inbox.at(settings.inbox_url.get_secret_value())
    return Inbox.at(settings.inbox_url.get_secret_value(), partial(_inbox_token, settings))


def _inbox_token(settings: Settings) -> str:
    stated = settings.inbox_token
    return fresh_token(stated.get_secret_value() if stated else None, settings.inbox_token_file) or ""


class Doors:
    """Where mail for ``postbox`` comes in. A mailbox that the settings name wrongly is told in the log and by
    ``consult check``, and keeps no mail of ours from leaving.
    """

    def __init__(self, postbox: Postbox, settings: Settings) -> None:
        self._postbox = postbox
        port = settings.lmtp_port
        self._lmtp = (
            LmtpDoor(postbox, port, host=settings.lmtp_host, name=settings.answer_domain) if port else None
        )
        self._watch: Watch | None = None
        try:
            inbox = inbox_of(settings)
        except ValueError as wrong:
            log.error("inbox not usable", reason=str(wrong))  # noqa: TRY400 (a setting, and its mend in one line)
        else:
            self._watch = Watch("inbox", partial(collect, inbox, postbox)) if inbox else None

    def open(self) -> None:
        """Look into the mailbox elsewhere, and listen as long as nobody else does on this machine.

        Raises:
            OSError: this machine has no such address to listen on.
        """
        if self._watch is not None:
            self._watch.begin()
        if self._lmtp is not None:
            self._lmtp.open()

    def open_waiting(self, stop: Event) -> None:
        """Open what has come in through any door of any worker."""
        self._postbox.open_waiting(stop)

    def close(self) -> None:
        """Listen no more; mail servers keep what they have and come back."""
        if self._lmtp is not None:
            self._lmtp.close()
        if self._watch is not None:
            self._watch.end()
