"""HTTP to addresses that people gave us: guarded, bounded in time and size, and with its own words for what goes wrong.

The name is resolved once, and the connection goes to the address that was checked; certificate and Host header stay
those of the name. Keeps no cookies, follows no proxy setting, and is called by the worker, never in a request.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from consult.web import outgoing_guard
from consult.web.outgoing_guard import Fault, Refused, Target, allowed_address, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from email.message import Message
    from typing import Self

    from _typeshed import WriteableBuffer

SECONDS = 10.0
MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 64 * 1024
AGENT = "consult"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What is asked. ``secrets`` are headers that only the first host may see: a redirect to another one drops them."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unpacked; any status, also one that means no."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Within which bounds others are spoken to. ``seconds`` is for everything together, redirects included.

    ``most_bytes`` None: the body is not read at all. ``resolve`` gives the numeric addresses of a host and port;
    ``trust`` says which certificates are believed.
    """

    allow_hosts: Collection[str] = ()
    seconds: float = SECONDS
    most_bytes: int | None = MOST_BYTES
    most_redirects: int = MOST_REDIRECTS
    resolve: Callable[[str, int], Sequence[str]] = outgoing_guard.resolve
    trust: ssl.SSLContext | None = None


def send(outgoing: Outgoing, rules: Rules) -> Answer:
    """Ask, and give the answer; a few redirects at most, each checked as the first address was.

    Raises:
        Refused: an address that we do not speak to, no connection, or an answer that is too slow, too large or broken.
    """
    deadline = time.monotonic() + rules.seconds
    for left in range(rules.most_redirects, -1, -1):
        target = target_of(outgoing.url, rules.allow_hosts)
        answer = _asked(outgoing, target, rules, deadline)
        location = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not location:
            return answer
        if left:
            outgoing = _redirected(outgoing, target, location, rules)
    raise Refused(Fault.REDIRECTS)


def _redirected(outgoing: Outgoing, target: Target, location: str, rules: Rules) -> Outgoing:
    """The same question at another address; nothing that was encrypted goes on in the clear."""
    url = urljoin(outgoing.url, location)
    there = target_of(url, rules.allow_hosts)
    if target.encrypted and not there.encrypted:
        raise Refused(Fault.NOT_HTTPS)
    same = (there.host, there.port) == (target.host, target.port)
    return replace(outgoing, url=url, secrets=outgoing.secrets if same else {})


def _asked(outgoing: Outgoing, target: Target, rules: Rules, deadline: float) -> Answer:
    number = allowed_address(target, rules.resolve(target.host, target.port))
    headers = {
        "Host": target.host_header,
        "User-Agent": AGENT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    try:
        with _Connection(target, number, rules.trust, deadline) as connection:
            connection.request(
                outgoing.method,
                target.path,
                outgoing.body,
                {**headers, **outgoing.headers, **outgoing.secrets},
            )
            response = connection.getresponse()
            return Answer(response.status, response.headers, _body(response, rules.most_bytes))
    except TimeoutError:
        raise Refused(Fault.TIMEOUT) from None
    except ssl.SSLCertVerificationError:
        raise Refused(Fault.CERTIFICATE) from None
    except OSError:
        raise Refused(Fault.UNREACHABLE) from None
    except (http.client.HTTPException, ValueError, zlib.error):
        raise Refused(Fault.BROKEN) from None


def _body(response: http.client.HTTPResponse, most: int | None) -> bytes:
    """The whole body, unpacked; the bound holds for what comes out, so that a small file cannot fill the memory."""
    if most is None:
        return b""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise Refused(Fault.BROKEN)
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    found, received = bytearray(), 0
    while chunk := response.read1(CHUNK):
        received += len(chunk)
        found += unpack.decompress(chunk, most + 1 - len(found)) if unpack else chunk
        if max(received, len(found)) > most:
            raise Refused(Fault.TOO_LARGE)
    if response.length or (unpack is not None and received and not unpack.eof):
        raise Refused(Fault.BROKEN)
    return bytes(found)


class _Connection(http.client.HTTPConnection):
    """A connection to one checked numeric address, with one deadline for all that is sent and received."""

    def __init__(self, target: Target, number: str, trust: ssl.SSLContext | None, deadline: float) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._number = number
        self._trust = trust
        self._deadline = deadline
        self._plain: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._plain is not None:
            self._plain.close()

    def connect(self) -> None:
        """Connect to the checked address; encrypted, the certificate must be the name's."""
        self._plain = socket.create_connection((self._number, self._target.port), _left(self._deadline))
        if self._target.encrypted:
            self._plain.settimeout(_left(self._deadline))
            trust = self._trust or ssl.create_default_context()
            self._plain = trust.wrap_socket(self._plain, server_hostname=self._target.host)
        self.sock = _PatientSocket(self._plain, self._deadline)


class _PatientSocket:
    """As much of a socket as http.client uses. The time-out of a plain one starts again at every byte."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._sock, self._deadline))

    def close(self) -> None:
        """Nothing yet: http.client closes before the answer is read, and the connection closes after."""


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
