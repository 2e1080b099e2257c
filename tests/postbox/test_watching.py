from __future__ import annotations

import socket
from threading import Event
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from consult.postbox.doors import Doors
from consult.postbox.watching import Watch
from consult.worker import Step, Worker
from tests.support.apps import running

if TYPE_CHECKING:
    from tests.postbox.conftest import Firm
    from tests.support.apps import MakeSettings


def test_it_looks_again_and_again_and_leaves_a_failing_server_alone_longer() -> None:
    looks, enough = [0], Event()

    def look(_stop: Event) -> None:
        looks[0] += 1
        if looks[0] == 5:
            enough.set()
        if looks[0] in {1, 2, 3}:
            raise TimeoutError("joke@gemeente.example is not here")

    with capture_logs() as told:
        watch = Watch("inbox", look, every=0.001, pauses=(0.001, 0.002))
        watch.begin()
        watch.begin()
        assert enough.wait(5)
        watch.end()
    after = looks[0]
    assert [line["next_try_in_seconds"] for line in told] == [0.001, 0.002, 0.002]
    assert "joke@" not in str(told)
    assert looks[0] == after


def test_what_is_being_done_at_the_end_is_waited_for_only_so_long() -> None:
    began, free = Event(), Event()

    def look(_stop: Event) -> None:
        began.set()
        free.wait(5)

    watch = Watch("inbox", look)
    watch.begin()
    assert began.wait(5)
    watch.end(seconds=0.05)
    free.set()


def test_a_mail_server_that_says_nothing_keeps_the_worker_from_nothing(
    firm: Firm, make_settings: MakeSettings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"imap://a:b@127.0.0.1:{silent.getsockname()[1]}/INBOX"
        with running(make_settings(inbox_url=url, clock=firm.now)) as app:
            worker, stop = Worker(app), Event()

            def last() -> None:
                # The inbox waits for its server when the next step has its turn.
                silent.accept()[0].close()
                stop.set()

            doors = next(step for step in worker.steps if step.name == "doors")
            worker.steps = (doors, Step("last", 3600, last))
            worker.run(stop)
    assert stop.is_set()


@pytest.mark.parametrize("url", ["imap://a:b@mail.example.nl/INBOX", "nergens"])
def test_an_inbox_that_is_set_wrongly_is_told_and_stops_nothing(
    firm: Firm, make_settings: MakeSettings, url: str
) -> None:
    with capture_logs() as told:
        doors = Doors(firm.postbox, make_settings(inbox_url=url))
        doors.open()
        doors.close()
    assert [line["event"] for line in told] == ["inbox not usable"]
    assert "CONSULT_INBOX_URL" in told[0]["reason"]
