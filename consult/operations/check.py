"""``consult check``: what is wrong with this installation, why, and the command or setting that mends it.

Looks only: changes nothing, sends nothing. Knows what serves ten people as well as what serves many.
"""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from imaplib import IMAP4
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from sqlalchemy.engine import make_url

from consult.operations import health, schema, sealed_texts
from consult.people.signin.provider.discovery import Provider, ProviderAway
from consult.postbox.doors import inbox_of
from consult.postbox.imap import try_out
from consult.settings_files import fresh_token

if TYPE_CHECKING:
    from datetime import datetime

    from consult.postbox.imap import Inbox
    from consult.settings import Settings

CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. When it is not in order, ``cause`` says why and ``mend`` what to type or set."""

    name: str
    ok: bool
    cause: str
    mend: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain fields."""
        return asdict(self)


def find(settings: Settings, *, now: datetime) -> list[Finding]:
    """All findings, in the order in which to mend them. Needs the app context of these settings."""
    storage = _storage(settings)
    return [
        *storage,
        *(_running(settings, now) if all(each.ok for each in storage) else ()),
        _mail_server(settings),
        _mail_from(settings),
        *mail_doors(settings),
        *_provider(settings, now),
        _address(settings),
        _hosts(settings),
        _limits(settings),
    ]


def _storage(settings: Settings) -> list[Finding]:
    state = schema.state()
    if state.reason is not None:
        url = make_url(settings.database).render_as_string(hide_password=True)
        mend = "check CONSULT_DATABASE_URL and whether that server runs"
        if url.startswith("sqlite"):
            mend = f"check that {settings.instance} is a folder that this account may write in"
        return [Finding("database", ok=False, cause=f"{url}: {state.reason}", mend=mend)]
    found = [Finding("database", ok=True, cause="answers")]
    if not state.at_head:
        return [*found, Finding("migrations", ok=False, cause=state.problem, mend=state.mend)]
    return [*found, Finding("migrations", ok=True, cause=f"at the newest ({state.head})")]


def _running(settings: Settings, now: datetime) -> list[Finding]:
    """What `/readyz` looks at as well, with the mend; and encryption."""
    mends = {
        "tables": "consult db upgrade",
        "outbox": "consult mail test ADDRESS shows whether the mail server takes mail",
        "disk": "make room, or move the instance folder",
        "worker": "consult worker (as a service that starts by itself: see deploy/)",
    }
    encryption = Finding("encryption", *sealed_texts.state(settings.keyring()))
    running = [
        Finding(each.name, ok=each.ok, cause=each.detail, mend="" if each.ok else mends[each.name])
        for each in health.checks(now)
        if each.name in mends
    ]
    return [*running, encryption]


def _mail_server(settings: Settings) -> Finding:
    server, port = settings.mail_server, settings.mail_port
    try:
        with socket.create_connection((server, port), timeout=CONNECT_SECONDS):
            return Finding("mail server", ok=True, cause=f"{server}:{port} is reached")
    except OSError as error:
        cause = f"{server}:{port} is not reached ({error.strerror or type(error).__name__})"
        return Finding(
            "mail server", ok=False, cause=cause, mend="set CONSULT_MAIL_SERVER and CONSULT_MAIL_PORT"
        )


def _mail_from(settings: Settings) -> Finding:
    domain = settings.mail_from.rpartition("@")[2]
    if domain == "example" or domain.endswith((".example", "example.nl", "example.com", "example.org")):
        cause = f"mail would come from {settings.mail_from}, which nobody can answer"
        return Finding(
            "sender", ok=False, cause=cause, mend="set CONSULT_MAIL_FROM to an address of your own"
        )
    return Finding("sender", ok=True, cause=settings.mail_from)


def mail_doors(settings: Settings) -> list[Finding]:
    """What of signing in with a token, and of the ways in for answers, the settings ask for, and whether it works."""
    return [*_token(settings), *_inbox(settings), *_lmtp(settings)]


def _token(settings: Settings) -> list[Finding]:
    """Whether the file with the token can be read; the mail server says whether it is any good."""
    path = settings.mail_token_file
    if path is None:
        return []
    try:
        fresh_token(None, path)
    except ValueError as error:
        mend = "check CONSULT_MAIL_TOKEN_FILE and the program that renews that file"
        return [Finding("mail token", ok=False, cause=str(error), mend=mend)]
    return [Finding("mail token", ok=True, cause=f"in {path}")]


def _inbox(settings: Settings) -> list[Finding]:
    """Whether the mailbox with answers lets us in; it is looked at and left as it is."""
    try:
        inbox = inbox_of(settings)
    except ValueError as error:
        cause, _, mend = str(error).partition(": ")
        return [Finding("inbox", ok=False, cause=cause, mend=mend or "set CONSULT_INBOX_URL to one")]
    if inbox is None:
        return []
    try:
        unseen = try_out(inbox, seconds=CONNECT_SECONDS)
    except (OSError, IMAP4.error, ImapToolsError, ValueError) as error:
        return [Finding("inbox", ok=False, cause=_of_inbox(inbox, error), mend=_mend_of_inbox(error))]
    return [Finding("inbox", ok=True, cause=f"{inbox.user} at {inbox.host}, {unseen} unseen")]


def _of_inbox(inbox: Inbox, error: Exception) -> str:
    where = f"{inbox.host}:{inbox.port}"
    if isinstance(error, MailboxLoginError):
        return f"{where} does not let {inbox.user} in"
    if isinstance(error, MailboxFolderSelectError):
        return f"{inbox.user} at {where} has no folder {inbox.folder}"
    if isinstance(error, SSLCertVerificationError):
        return f"the certificate of {where} is not trusted ({error.verify_message})"
    if isinstance(error, OSError):
        return f"{where} is not reached ({error.strerror or type(error).__name__})"
    return str(error) or type(error).__name__


def _mend_of_inbox(error: Exception) -> str:
    if isinstance(error, MailboxLoginError):
        return "check the user and password in CONSULT_INBOX_URL (escape what is not plain), or the token"
    if isinstance(error, MailboxFolderSelectError):
        return "name an existing folder at the end of CONSULT_INBOX_URL"
    if isinstance(error, OSError):
        return "check the host and port in CONSULT_INBOX_URL, and whether a firewall lets us out"
    return "check CONSULT_INBOX_URL and CONSULT_INBOX_TOKEN_FILE"


def _lmtp(settings: Settings) -> list[Finding]:
    """Whether a worker listens for the mail server."""
    if settings.lmtp_port is None:
        return []
    where = f"{settings.lmtp_host}:{settings.lmtp_port}"
    try:
        with socket.create_connection((settings.lmtp_host, settings.lmtp_port), timeout=CONNECT_SECONDS):
            return [Finding("lmtp", ok=True, cause=f"{where} listens")]
    except OSError as error:
        cause = f"nobody listens at {where} ({error.strerror or type(error).__name__})"
        mend = "start consult worker, and check CONSULT_LMTP_HOST and CONSULT_LMTP_PORT"
        return [Finding("lmtp", ok=False, cause=cause, mend=mend)]


def _provider(settings: Settings, now: datetime) -> list[Finding]:
    """Whether the provider of OpenID Connect, where there is one, tells its addresses."""
    provider = Provider.of(settings)
    if provider is None:
        return []
    try:
        provider.metadata(now)
    except ProviderAway as away:
        cause = f"{provider.issuer} does not say how to sign in there ({away})"
        return [Finding("provider", ok=False, cause=cause, mend="check CONSULT_OIDC_ISSUER")]
    return [Finding("provider", ok=True, cause=f"{provider.issuer} answers")]


def _address(settings: Settings) -> Finding:
    if settings.https:
        return Finding("address", ok=True, cause=settings.base_url)
    cause = f"{settings.base_url} is not https: links in mails and sign-ins travel in the open"
    return Finding(
        "address", ok=False, cause=cause, mend="set CONSULT_BASE_URL to the https address that people use"
    )


def _hosts(settings: Settings) -> Finding:
    if settings.https and not settings.trusted_proxies:
        cause = (
            "nobody is trusted as a proxy, yet TLS ends somewhere before us: everybody would share one limit"
        )
        return Finding(
            "proxies", ok=False, cause=cause, mend="set CONSULT_TRUSTED_PROXIES to the number in front"
        )
    return Finding("proxies", ok=True, cause=f"{settings.trusted_proxies} in front")


def _limits(settings: Settings) -> Finding:
    """Limits in memory count per process, so they hold for one web process only."""
    storage = settings.ratelimit_storage_uri.get_secret_value()
    if not settings.ratelimit_enabled:
        mend = "leave CONSULT_RATELIMIT_ENABLED out"
        return Finding("limits", ok=False, cause="limits per address are switched off", mend=mend)
    if not storage.startswith("memory"):
        return Finding("limits", ok=True, cause="shared by all web processes")
    processes = web_processes()
    if processes > 1:
        cause = f"{processes} web processes on this machine each count for themselves"
        return Finding("limits", ok=False, cause=cause, mend="set CONSULT_RATELIMIT_STORAGE_URI to redis://…")
    return Finding("limits", ok=True, cause="in memory, good for one web process")


def web_processes(processes: Path = Path("/proc")) -> int:
    """How many processes of this machine serve consult to the web; 0 where the system does not tell."""
    count = 0
    for entry in processes.glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            # It ended while we looked, or belongs to somebody else.
            continue
        names = [word.rpartition(b"/")[2] for word in words]
        count += (b"consult" in names and b"serve" in names) or any(
            word.startswith(b"wsgi:app") for word in names
        )
    return count
