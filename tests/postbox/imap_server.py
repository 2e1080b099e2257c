"""A real IMAP server (Dovecot) on loopback with one user, in a folder of its own."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.machine import find
from tests.support.servers import free_port, own_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = "antwoorden@consult.example.nl"
PASSWORD = "geheim/van:het@huis"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
log_path = {folder}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
  # No penalty for the wrong passwords of the test before.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, in the clear and with TLS (0: not)."""

    port: int
    tls_port: int

    def put(self, raw: bytes, folder: str = "INBOX") -> None:
        """Deliver a mail."""
        with self._client() as client:
            client.append(folder, "", "", raw)

    def unseen(self) -> int:
        """How many mails nobody has seen."""
        with self._client() as client:
            client.select("INBOX", readonly=True)
            return len(client.search(None, "UNSEEN")[1][0].split())

    def empty(self) -> None:
        """Throw everything away."""
        with self._client() as client:
            client.select("INBOX")
            if client.search(None, "ALL")[1][0]:
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.login(USER, PASSWORD)
            yield client


@contextmanager
def imap_server(certificate: tuple[bytes, bytes] | None = None) -> Iterator[ImapServer]:
    """The server, running; with TLS when given a certificate and its key (PEM)."""
    program = find("dovecot")
    assert program, "tests with IMAP carry the marker dovecot"
    with own_folder("consult-imap-") as (folder, run_as):
        server = ImapServer(free_port(), free_port() if certificate else 0)
        (folder / "dovecot.conf").write_text(_config(folder, server, run_as, certificate))
        started = {name: value for name, value in run_as.items() if name != "capture_output"}
        started |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], **started) as process:
            try:
                _wait_for(server.port, process, folder)
                yield server
            finally:
                process.terminate()
                process.communicate(timeout=20)


def _config(
    folder: Path, server: ImapServer, run_as: dict[str, object], certificate: tuple[bytes, bytes] | None
) -> str:
    uid, gid = (
        int(str(run_as.get(name, own))) for name, own in (("user", os.getuid()), ("group", os.getgid()))
    )
    lines = ""
    if certificate:
        for name, pem in zip(("cert", "key"), certificate, strict=True):
            path = folder / f"{name}.pem"
            path.write_bytes(pem)
            os.chown(path, uid, gid)
            lines += f"ssl_{name} = <{path}\n"
    return CONFIG.format(
        folder=folder,
        user=pwd.getpwuid(uid).pw_name,
        group=grp.getgrgid(gid).gr_name,
        ssl="yes" if certificate else "no",
        certificate=lines,
        password=PASSWORD,
        port=server.port,
        tls_port=server.tls_port,
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it listens: its ports are bound before it says so in its log."""
    log = folder / "log"
    while process.poll() is None:
        if log.exists() and "starting up" in log.read_text():
            try:
                with imaplib.IMAP4("127.0.0.1", port, timeout=10):
                    return
            except ConnectionError:
                continue
    raise RuntimeError(
        f"dovecot ended at once: {log.read_text() if log.exists() else ''} {process.communicate()}"
    )
