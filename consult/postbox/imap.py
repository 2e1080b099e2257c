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

from imap_tools import AND, MailMessageFlags
from imap_tools.errors import MailboxLoginError

from consult.postbox.bounded_imap import BoundedMailBox
from consult.postbox.mime import MOST_BYTES
from consult.postbox.services import KEPT_OF_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from imap_tools import BaseMailBox

    from consult.postbox.intake import Postbox

MOST_AT_ONCE = 50
ANSWER_SECONDS = 10.0
# A round of fifty mails takes seconds; a server that spins it out is left, and what was not taken stays unseen.
WHOLE_SECONDS = 120.0
# The largest mail we fetch, and what stands around it.
MOST_SAID = MOST_BYTES + 1024 * 1024
NO_ADDRESS = "CONSULT_INBOX_URL is not an address such as imaps://user:password@host/INBOX"
NO_SIGN_IN = (
    "CONSULT_INBOX_URL needs a user, and a password unless CONSULT_INBOX_TOKEN is set:"
    " imaps://user:password@host/INBOX or imaps://user@host/INBOX"
)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder on an IMAP server. Without ``tls`` only on this machine; ``trust`` is whom to believe.

    With ``token`` the sign-in is XOAUTH2 (Microsoft 365, Gmail): it gives a token that is valid now, and raises
    ValueError when it cannot.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: bool
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str, token: Callable[[], str] | None = None) -> Inbox:
        """The inbox that ``imaps://user:password@host/folder`` names; escape what is not plain in user and password.

        With ``token`` there is no password in it: ``imaps://user@host/folder``.

        Raises:
            ValueError: another scheme, no host, no user, no password or one too many, or ``imap://`` to another
                machine. Its text names the setting and the mend, and never the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(NO_ADDRESS) from None
        tls = parts.scheme == "imaps"
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
            raise ValueError(NO_ADDRESS)
        if not parts.username or (parts.password is None) != (token is not None):
            raise ValueError(NO_SIGN_IN)
        if not tls and not _is_this_machine(parts.hostname):
            raise ValueError("CONSULT_INBOX_URL sends a password in the clear: use imaps://")
        return cls(
            host=parts.hostname,
            port=port or (993 if tls else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            tls=tls,
            token=token,
        )


def collect(inbox: Inbox, postbox: Postbox, stop: Event, *, seconds: float = ANSWER_SECONDS) -> int:
    """Take in what is unseen, at most fifty, oldest first; gives how many. An answer is waited for ``seconds`` long.

    Raises:
        OSError: the server cannot be reached, does not answer, or is not who it says.
        imap_tools.MailboxLoginError: it refuses the user.
        imaplib.IMAP4.error: it says what it should not.
        ValueError: there is no token to sign in with.
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


def try_out(inbox: Inbox, *, seconds: float = ANSWER_SECONDS) -> int:
    """Sign in and look, and touch nothing; gives how many mails are unseen.

    Raises:
        OSError, imap_tools.MailboxLoginError, imaplib.IMAP4.error, ValueError: as ``collect`` does.
        imap_tools.MailboxFolderSelectError: there is no such folder.
    """
    with _signed_in(inbox, seconds) as mailbox:
        return len(mailbox.uids(AND(seen=False)))


@contextmanager
def _signed_in(inbox: Inbox, seconds: float) -> Iterator[BaseMailBox]:
    mailbox = _connection(inbox, seconds)
    try:
        _sign_in(mailbox, inbox)
        mailbox.folder.set(inbox.folder)
        yield mailbox
    finally:
        # The library leaves the connection open when a server refuses the user.
        try:
            mailbox.client.logout()
        except (OSError, imaplib.IMAP4.error):
            mailbox.client.shutdown()


def _sign_in(mailbox: BaseMailBox, inbox: Inbox) -> None:
    if inbox.token is None:
        mailbox.login(inbox.user, inbox.password, None)
        return
    opening = f"user={inbox.user}\x01auth=Bearer {inbox.token()}\x01\x01"
    try:
        # A refusal comes as a challenge that wants an empty answer before the server says NO.
        mailbox.client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else opening.encode())
    except imaplib.IMAP4.error as refused:
        raise MailboxLoginError(("NO", [str(refused).encode()]), "OK") from None


def _connection(inbox: Inbox, seconds: float) -> BaseMailBox:
    trust = (inbox.trust or ssl.create_default_context()) if inbox.tls else None
    whole = WHOLE_SECONDS * seconds / ANSWER_SECONDS
    return BoundedMailBox(inbox.host, inbox.port, trust=trust, timeout=seconds, most=MOST_SAID, whole=whole)


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
