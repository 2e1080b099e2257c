"""The doors that the settings name, as things for a worker to do. Without settings there is no door, and no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.postbox.imap import Inbox, collect
from consult.postbox.lmtp import LmtpDoor

if TYPE_CHECKING:
    from threading import Event

    from consult.postbox.intake import Postbox
    from consult.settings import Settings


class Doors:
    """Where mail for ``postbox`` comes in.

    Raises:
        ValueError: CONSULT_INBOX_URL is no address, or would send a password in the clear.
    """

    def __init__(self, postbox: Postbox, settings: Settings) -> None:
        self._postbox = postbox
        port, url = settings.lmtp_port, settings.inbox_url
        self._lmtp = LmtpDoor(postbox, port, name=settings.answer_domain) if port else None
        self._inbox = Inbox.at(url.get_secret_value()) if url else None

    def open(self) -> None:
        """Listen, as long as nobody else does on this machine."""
        if self._lmtp is not None:
            self._lmtp.open()

    def collect(self, stop: Event) -> None:
        """Look into the mailbox elsewhere; what that raises says what is wrong with it."""
        if self._inbox is not None:
            collect(self._inbox, self._postbox, stop)

    def open_waiting(self, stop: Event) -> None:
        """Open what has come in through any door of any worker."""
        self._postbox.open_waiting(stop)

    def close(self) -> None:
        """Listen no more; mail servers keep what they have and come back."""
        if self._lmtp is not None:
            self._lmtp.close()
