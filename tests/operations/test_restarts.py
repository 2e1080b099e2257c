"""Web and worker restart under load behind the nginx of deploy/: no request fails, no mail is lost or repeated."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Self

import pytest
import trustme
from sqlalchemy import func, select

from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from tests.operations.processes import COMMAND, ROOT, environment, started
from tests.support import rows
from tests.support.machine import find
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consult.settings import Settings
    from tests.support.apps import Transaction
    from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.proof
DRAINED_WITHIN = 20
DEVNULL = subprocess.DEVNULL
# As systemd starts a program for which it holds a socket.
HELD = """import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


class Web:
    """One web process on a socket that outlives it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self.socket.getsockname()[1]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self.socket.fileno()
        command = [sys.executable, "-c", HELD, str(number), *COMMAND, "serve"]
        process = subprocess.Popen(
            command, env=self.env, cwd=ROOT, pass_fds=(number,), stdout=DEVNULL, stderr=DEVNULL
        )
        # Who connects before it is there waits.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse().read()
        connection.close()
        return process

    def restart(self) -> float:
        """End it as systemd does and start the next; gives how long the end took."""
        took = self.end()
        self.process = self._start()
        return took

    def end(self) -> float:
        """End it; gives how long that took."""
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0
        return monotonic() - began


@contextmanager
def nginx(folder: Path, ports: list[int], certificate: Path) -> Iterator[int]:
    """The site of deploy/nginx.conf with these processes behind it; gives its port."""
    program = find("nginx")
    if program is None:
        pytest.skip("nginx is not on this machine")
    port = free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"/etc/ssl/consult/\w+\.pem", str(certificate), site)
    site = re.sub(r"/var/log/nginx/[\w-]+\.log", str(folder / "log"), site)
    site = re.sub(r"\n +listen (?:\[::\]:|80).*", "", site)
    site = re.sub(r"\bserver \{\s+server_name.*?\n\}", "", site, count=1, flags=re.DOTALL)
    site = site.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port} ssl").replace(
        "contact.example.nl", "localhost"
    )
    (line,) = re.findall(r"server 127\.0\.0\.1:8000.*", site)
    site = site.replace(line, "\n".join(line.replace("8000", str(each)) for each in ports))
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(
        f"{each}_temp_path {folder}/t; " for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\n"
        f"events {{}} http {{ {temporary} include {folder}/site.conf; }}",
        encoding="utf-8",
    )
    command = [
        str(each) for each in (program, "-q", "-e", folder / "log", "-c", folder / "nginx.conf", "-p", folder)
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            while process.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                except ConnectionRefusedError:
                    continue
                break
            assert process.poll() is None, process.communicate()
            yield port
        finally:
            process.terminate()


class Load:
    """Some who read a page and some who ask, each on one connection, until told to stop; ``answers`` counts them."""

    def __init__(self, port: int, trust: ssl.SSLContext, *, readers: int = 4, askers: int = 2) -> None:
        self.port, self.trust = port, trust
        self.answers: Counter[str] = Counter()
        self.stop = Event()
        self.threads = [Thread(target=self._go, args=(turn < askers,)) for turn in range(readers + askers)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(60)

    def _go(self, asks: bool) -> None:  # noqa: FBT001 (what it is in one word)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=45, context=self.trust)
        question = json.dumps({"question": "Hoe begin ik?", "name": "Joke", "email": "joke@gemeente.example"})
        while not self.stop.is_set():
            try:
                if asks:
                    connection.request(
                        "POST", "/api/v1/enquiries", question, {"Content-Type": "application/json"}
                    )
                else:
                    connection.request("GET", "/vraag")
                answer = connection.getresponse()
                answer.read()
                self.answers[f"{'asked' if asks else 'read'} {answer.status}"] += 1
            except OSError as failure:
                self.answers[type(failure).__name__] += 1
                connection.close()
        connection.close()


@pytest.mark.both_databases
@pytest.mark.timeout(300)
def test_web_and_worker_are_restarted_under_load_and_nobody_notices(
    settings: Settings, transaction: Transaction, mailbox: Mailbox, tmp_path: Path
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
    authority = trustme.CA()
    certificate, trust = tmp_path / "both.pem", ssl.create_default_context()
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(certificate)
    authority.configure_trust(trust)
    port_of_site = {"CONSULT_BASE_URL": "https://localhost", "CONSULT_TRUSTED_PROXIES": "1"}
    env = environment(settings, CONSULT_RATELIMIT_ENABLED="false", **port_of_site)
    with ExitStack() as stack:
        webs = [Web(env), Web(env)]
        for web in webs:
            stack.callback(web.socket.close)
            stack.callback(web.process.kill)
        port = stack.enter_context(nginx(tmp_path, [web.port for web in webs], certificate))
        with Load(port, trust) as load:
            for web in webs:
                with started("worker", env=env) as worker:
                    assert web.restart() < DRAINED_WITHIN
                    worker.send_signal(signal.SIGTERM)
                    assert worker.wait(timeout=DRAINED_WITHIN) == 0
        assert load.answers.keys() == {"read 200", "asked 201"}, load.answers
        for web in webs:
            assert web.end() < DRAINED_WITHIN
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Enquiry)) == load.answers["asked 201"] > 20
        queued = set(session.scalars(select(OutgoingMail.message_id)))
        waiting = session.scalar(select(func.count()).where(OutgoingMail.state == "pending"))
    arrived = Counter(str(mail.message["Message-ID"]) for mail in mailbox.deliveries)
    assert len(arrived) + (waiting or 0) == len(queued), "what did not leave yet still waits"
    assert set(arrived.values()) == {1}, "a worker that is told to end notes first what was accepted"
