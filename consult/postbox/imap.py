"""The door to a mailbox elsewhere (IMAP): fetch what is unseen, store it, and only then mark it as seen.

Fetches bytes and looks at none of them. A mail that is too large stays where it is; we keep its beginning.
"""

from __future__ import annotations

import imaplib
import ipaddress
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from imap_tools import AND, MailBox, MailBoxUnencrypted, MailMessageFlags

from consult.postbox.mime import MOST_BYTES
from consult.postbox.services import KEPT_OF_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from imap_tools import BaseMailBox

    from consult.postbox.intake import Postbox

MOST_AT_ONCE = 50
ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder on an IMAP server. Without ``tls`` only on this machine; ``trust`` is whom to believe."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: bool
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Inbox:
        """The inbox that ``imaps://user:password@host/folder`` names; escape what is not plain in user and password.

        Raises:
            ValueError: another scheme, no host, no user or password, or ``imap://`` to another machine.
        """
        parts = urlsplit(url)
        tls = parts.scheme == "imaps"
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
            raise ValueError("CONSULT_INBOX_URL is not an address such as imaps://user:password@host/INBOX")
        if not parts.username or parts.password is None:
            raise ValueError(
                "CONSULT_INBOX_URL needs a user and a password: imaps://user:password@host/INBOX"
            )
        if not tls and not _is_this_machine(parts.hostname):
            raise ValueError("CONSULT_INBOX_URL sends a password in the clear: use imaps://")
        return cls(
            host=parts.hostname,
            port=parts.port or (993 if tls else 143),
            user=unquote(parts.username),
            password=unquote(parts.password),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            tls=tls,
        )


def collect(inbox: Inbox, postbox: Postbox, stop: Event, *, seconds: float = ANSWER_SECONDS) -> int:
    """Take in what is unseen, at most fifty, oldest first; gives how many. An answer is waited for ``seconds`` long.

    Raises:
        OSError: the server cannot be reached, does not answer, or is not who it says.
        imap_tools.MailboxLoginError: it refuses the user.
        imaplib.IMAP4.error: it says what it should not.
    """
    taken = 0
    with _signed_in(inbox, seconds) as mailbox:
        for uid in mailbox.uids(AND(seen=False))[:MOST_AT_ONCE]:
            if stop.is_set():
                break
            raw, too_large = _fetched(mailbox, uid)
            if not raw:
                continue
            postbox.take_in(raw, too_large=too_large)
            mailbox.flag(uid, MailMessageFlags.SEEN, value=True)
            taken += 1
    return taken


@contextmanager
def _signed_in(inbox: Inbox, seconds: float) -> Iterator[BaseMailBox]:
    mailbox = _connection(inbox, seconds)
    try:
        yield mailbox.login(inbox.user, inbox.password, inbox.folder)
    finally:
        # The library leaves the connection open when a server refuses the user.
        try:
            mailbox.client.logout()
        except (OSError, imaplib.IMAP4.error):
            mailbox.client.shutdown()


def _connection(inbox: Inbox, seconds: float) -> BaseMailBox:
    if inbox.tls:
        # Without a context of our own the library accepts any certificate.
        trust = inbox.trust or ssl.create_default_context()
        return MailBox(inbox.host, inbox.port, timeout=seconds, ssl_context=trust)
    return MailBoxUnencrypted(inbox.host, inbox.port, timeout=seconds)


def _fetched(mailbox: BaseMailBox, uid: str) -> tuple[bytes, bool]:
    """The bytes of a mail, left unseen; only its beginning when it is too large. Nothing when it is gone.

    The library's own way to fetch reads a mail as a tree at once, however it is made.
    """
    raw = _body(mailbox, uid, f"BODY.PEEK[]<0.{MOST_BYTES + 1}>")
    if len(raw) > MOST_BYTES:
        return raw[:KEPT_OF_TOO_LARGE], True
    return raw, False


def _body(mailbox: BaseMailBox, uid: str, what: str) -> bytes:
    status, answer = mailbox.client.uid("fetch", uid, f"({what})")
    for item in answer if status == "OK" else ():
        if isinstance(item, tuple):
            return bytes(item[1])
    return b""


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
