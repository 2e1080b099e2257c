"""The web server: waitress on a socket of ours, ended without cutting anybody off.

Told to stop, it takes no new connections, answers what has come in, and lets those answers reach their readers. On a
connection that a proxy keeps open it answers what still comes and says that this was the last: what is closed while a
proxy writes into it is a request that failed. Chosen by measuring: it buffers slow and idle connections outside its
threads.
"""

from __future__ import annotations

import os
import select
import socket
import time
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel

if TYPE_CHECKING:
    from threading import Event
    from wsgiref.types import WSGIApplication

DRAIN_SECONDS = 15.0
POLL_SECONDS = 0.25
# How long an unused connection stays open while we end; a proxy must leave its own alone sooner (deploy/nginx.conf).
IDLE_SECONDS = 3.0
# Where systemd puts the first socket that it holds for a program.
FIRST_HELD = 3


class PortTaken(Exception):
    """Somebody else listens on that address, or it is not ours to listen on; the text says which."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` and ``port``.

    Raises:
        PortTaken: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Two sockets with SO_REUSEADDR may both bind; only one may listen.
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port} cannot be used ({error.strerror})") from None
    return listener


def held() -> socket.socket | None:
    """The listening socket that systemd holds for us, if any (sd_listen_fds(3)).

    It outlives this process: who connects while we are away waits, and is answered by the next one.
    """
    ours = os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1"
    return socket.socket(fileno=FIRST_HELD) if ours else None


class _Channel(HTTPChannel):  # type: ignore[misc]  # (waitress has no types)
    """A connection; what is answered on it once ``server.is_ending`` is its last answer, and says so."""

    def service(self) -> None:
        """Answer what has come in."""
        if self.server.is_ending:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"
        super().service()


class WebServer:
    """Serves ``app`` on ``listener``; ``run`` blocks until ``stop`` is set and the last answer is out."""

    def __init__(self, app: WSGIApplication, listener: socket.socket, *, threads: int) -> None:
        self._map: dict[int, Any] = {}
        self._listener = listener
        self._server: Any = create_server(
            app,
            map=self._map,
            sockets=[listener],
            threads=threads,
            ident=None,
            backlog=1024,
            connection_limit=1000,
            channel_timeout=60,
            cleanup_interval=15,
            asyncore_use_poll=True,
            # The application bounds bodies at 256 kB, and at 10 MB where a coordinator sends a file; this bounds
            # what it never sees. What is more than half a megabyte waits on disk.
            max_request_body_size=11 * 1024 * 1024,
        )
        self._server.channel_class = _Channel
        self._server.is_ending = False

    def run(self, stop: Event, *, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Serve until ``stop``, then drain for at most ``drain_seconds``."""
        while not stop.is_set():
            self._turn()
        self._server.is_ending = True
        now = time.monotonic()
        leave_idle, deadline = now + IDLE_SECONDS, now + drain_seconds
        # Connections that the kernel has already accepted for us are still answered.
        while select.select([self._listener], [], [], 0)[0] and time.monotonic() < leave_idle:
            self._turn()
        wasyncore.dispatcher.close(self._server)
        while self._server.active_channels and time.monotonic() < deadline:
            if time.monotonic() > leave_idle:
                self._close_idle()
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)

    def _turn(self) -> None:
        wasyncore.loop(timeout=POLL_SECONDS, use_poll=True, map=self._map, count=1)

    def _close_idle(self) -> None:
        """Close the connections on which nobody waits for an answer."""
        for channel in list(self._server.active_channels.values()):
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.handle_close()
