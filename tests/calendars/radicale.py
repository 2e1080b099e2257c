"""A real CalDAV server (Radicale), in a folder of its own on loopback, with one user who has one calendar."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import requests

from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIK = ("rik", "geheim")


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """The address of Rik's calendar, which only Rik may read."""
    (folder / "users").write_text(":".join(RIK) + "\n", encoding="utf-8")
    port = free_port()
    settings = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "storage-filesystem-folder": str(folder / "storage"),
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    server = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", "", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/rik/werk/"
        _await(port, server)
        assert requests.request("MKCALENDAR", address, auth=RIK, timeout=5).status_code == 201
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    pause = Event()
    while server.poll() is None:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise AssertionError("the server ended")
