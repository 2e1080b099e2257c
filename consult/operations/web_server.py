"""The web server: waitress on a socket of ours, ended without cutting anybody off.

Told to stop, it takes no new connections, answers what has come in, and lets those answers reach their readers.
Chosen by measuring: it buffers slow and idle connections outside its threads.
"""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore

if TYPE_CHECKING:
    from threading import Event
    from wsgiref.types import WSGIApplication

DRAIN_SECONDS = 15.0
POLL_SECONDS = 0.25


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


class WebServer:
    """Serves ``app`` on ``listener``; ``run`` blocks until ``stop`` is set and the last answer is out."""

    def __init__(self, app: WSGIApplication, listener: socket.socket, *, threads: int) -> None:
        self._map: dict[int, Any] = {}
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

    def run(self, stop: Event, *, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Serve until ``stop``, then drain for at most ``drain_seconds``."""
        while not stop.is_set():
            self._turn()
        # Connections that the kernel has already accepted for us are still answered.
        self._turn()
        wasyncore.dispatcher.close(self._server)
        deadline = time.monotonic() + drain_seconds
        while self._busy() and time.monotonic() < deadline:
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)

    def _turn(self) -> None:
        wasyncore.loop(timeout=POLL_SECONDS, use_poll=True, map=self._map, count=1)

    def _busy(self) -> bool:
        """Whether somebody still waits for an answer; closes the connections on which nobody does."""
        channels = list(self._server.active_channels.values())
        for channel in channels:
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.handle_close()
        return bool(self._server.active_channels)
