"""A program of somebody else that receives webhooks, on loopback; and a judge of signatures with no code of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Heard:
    """One request as it came in; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """What it says."""
        return json.loads(self.body)


def is_signed(heard: Heard, secret: str) -> bool:
    """Whether one of the signatures is of this secret, by the text of Standard Webhooks 1.0."""
    key = base64.b64decode(secret.split("_", 1)[1], validate=True)
    content = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in heard.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """Runs from ``with`` to its end; ``answer`` writes whatever it likes and gets what was heard."""

    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, 204)
    heard: list[Heard] = field(default_factory=list)

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(self.path, headers, body))
                receiver.answer(self)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/haak"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def say(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    """Answer with a status and nothing else."""
    handler.send_response(status)
    for name, value in {"Content-Length": "0", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
