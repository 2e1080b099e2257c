"""IMAP servers that are slow, drop, talk nonsense or talk without end: each is left within its time, and told."""

from __future__ import annotations

import contextlib
import imaplib
import resource
import socket
import threading
from time import monotonic
from typing import TYPE_CHECKING, Self

import pytest

from consult.postbox.imap import ANSWER_SECONDS, WHOLE_SECONDS, Inbox, collect
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postbox.conftest import Firm

SECONDS = 0.1
END = SECONDS * WHOLE_SECONDS / ANSWER_SECONDS
GREETING = b"* OK hallo\r\n"
IN = {
    b"LOGIN": b"",
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"SELECT": b"* 1 EXISTS\r\n",
    b"UID SEARCH": b"* SEARCH 1\r\n",
}
GONE, NOISE, DRIP = b"<gone>", b"<noise>", b"<drip>"


class Server:
    """Says what ``answers`` has for the beginning of a command, then OK; or goes, talks or drips without end."""

    def __init__(self, greeting: bytes, answers: dict[bytes, bytes]) -> None:
        self.greeting, self.answers = greeting, IN | answers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            with client, client.makefile("rb") as lines:
                if not self._say(client, self.greeting):
                    return
                for line in lines:
                    tag, _, command = line.strip().partition(b" ")
                    answer = next((a for name, a in self.answers.items() if command.startswith(name)), b"")
                    if not self._say(client, answer):
                        return
                    client.sendall(tag + b" OK klaar\r\n")

    def _say(self, client: socket.socket, answer: bytes) -> bool:
        """Say it; gives whether the conversation goes on."""
        if answer not in (GONE, NOISE, DRIP):
            client.sendall(answer)
            return True
        while answer != GONE and not self.stopped.wait(SECONDS / 4 if answer == DRIP else 0):
            client.sendall(b"*" if answer == DRIP else b"* 1 EXISTS\r\n" * 5000)
        return False


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Nobody may take 500 MB more than there is now."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    ("greeting", "answers"),
    [
        pytest.param(GONE, {}, id="goes before it greets"),
        pytest.param(DRIP, {}, id="greets byte by byte without end"),
        pytest.param(NOISE, {}, id="greets without end"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", {}, id="is no mail server"),
        pytest.param(GREETING, {b"LOGIN": GONE}, id="goes at the sign-in"),
        pytest.param(GREETING, {b"SELECT": NOISE}, id="talks without end"),
        pytest.param(GREETING, {b"UID SEARCH": DRIP}, id="drips its list"),
        pytest.param(
            GREETING, {b"UID FETCH": b"* 1 FETCH (BODY[]<0> {4000000000}\r\nx"}, id="announces four gigabytes"
        ),
        pytest.param(GREETING, {b"UID FETCH": b"* 1 FETCH (BODY[]<0> {900}\r\nhalf"}, id="sends half a mail"),
        pytest.param(GREETING, {b"UID FETCH": GONE}, id="goes in a mail"),
    ],
)
def test_a_server_that_misbehaves_is_left_in_time_and_nothing_half_is_kept(
    firm: Firm, greeting: bytes, answers: dict[bytes, bytes]
) -> None:
    began = monotonic()
    with Server(greeting, answers) as server:
        inbox = Inbox.at(f"imap://jan:geheim@127.0.0.1:{server.port}/INBOX")
        with pytest.raises((OSError, imaplib.IMAP4.error)):
            collect(inbox, firm.postbox, threading.Event(), seconds=SECONDS)
    assert monotonic() - began < END + 2
    assert firm.stored() == []


def test_a_list_of_mails_that_are_not_there_takes_nothing(firm: Firm) -> None:
    with Server(GREETING, {b"UID SEARCH": b"* SEARCH 4 5 6\r\n"}) as server:
        inbox = Inbox.at(f"imap://jan:geheim@127.0.0.1:{server.port}/INBOX")
        assert collect(inbox, firm.postbox, threading.Event(), seconds=5) == 0
    assert firm.now == rows.NOW
    assert firm.stored() == []
