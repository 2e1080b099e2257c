"""``consult check``: what is wrong with this installation, why, and the command or setting that mends it.

Looks only: changes nothing, sends nothing. Knows what serves ten people as well as what serves many.
"""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from consult.operations import health, schema

if TYPE_CHECKING:
    from datetime import datetime

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
        *(_running(now) if all(each.ok for each in storage) else ()),
        _mail_server(settings),
        _mail_from(settings),
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


def _running(now: datetime) -> list[Finding]:
    """What `/readyz` looks at as well, with the mend."""
    mends = {
        "tables": "consult db upgrade",
        "outbox": "consult mail test ADDRESS shows whether the mail server takes mail",
        "worker": "consult worker (as a service that starts by itself: see deploy/)",
    }
    return [
        Finding(each.name, ok=each.ok, cause=each.detail, mend="" if each.ok else mends[each.name])
        for each in health.checks(now)
        if each.name in mends
    ]


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
