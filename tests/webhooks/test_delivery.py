"""How another program is told: signed, at least once, with growing pauses, and never at the cost of anybody else."""

from __future__ import annotations

from datetime import timedelta
from threading import Event as Stop
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.activity.models import Activity
from consult.web.outgoing_guard import Fault
from consult.webhooks import delivery as delivering
from consult.webhooks import services
from consult.webhooks.delivery import RETRY_AFTER, claim, post, settle
from consult.webhooks.models import Webhook, WebhookDelivery
from tests.webhooks.receiver import Receiver, is_signed, say

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from tests.webhooks.conftest import Listening

DAY = timedelta(days=1)


def try_out(listening: Listening) -> int:
    with listening.office.transaction() as session:
        hook = session.get_one(Webhook, listening.hook_id)
        return services.try_out(session, hook, now=clock.now()).id


def test_what_arrives_is_signed_dated_and_noted(listening: Listening) -> None:
    try_out(listening)
    assert listening.tell() == 1
    (heard,) = listening.receiver.heard
    assert heard.path == "/haak"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    assert is_signed(heard, listening.secret)
    assert not is_signed(heard, "whsec_" + "A" * 43 + "=")
    assert heard.told == {"type": "webhook.tried", "timestamp": "2026-11-18T10:00:00Z", "data": {}}
    assert listening.deliveries() == [("webhook.tried", "delivered", [204])]
    assert listening.tell() == 0


def test_a_new_secret_and_the_one_before_sign_together_for_a_day(listening: Listening) -> None:
    with listening.office.transaction() as session:
        hook = session.get_one(Webhook, listening.hook_id)
        at = clock.now()
        new = services.rotate(session, hook, actor="account:1", settings=listening.office.settings, now=at)
        assert new not in (hook.sealed, hook.sealed_former, listening.secret)
    try_out(listening)
    listening.tell(DAY - timedelta(minutes=1))
    try_out(listening)
    listening.tell(timedelta(minutes=2))
    first, second = listening.receiver.heard
    assert (is_signed(first, new), is_signed(first, listening.secret)) == (True, True)
    assert (is_signed(second, new), is_signed(second, listening.secret)) == (True, False)


def drop(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte of the status line, and no more."""
    handler.wfile.write(b"H")
    handler.wfile.flush()
    handler.rfile.read(1)


def flood(handler: BaseHTTPRequestHandler) -> None:
    say(handler, 200, Content_Length=str(10**12))
    handler.wfile.write(b"x" * 100_000)
    handler.close_connection = True


@pytest.mark.parametrize(
    ("answer", "state", "noted"),
    [
        (lambda handler: say(handler, 500), "pending", 500),
        (lambda handler: say(handler, 404), "pending", 404),
        (lambda handler: say(handler, 302, Location="http://10.0.0.1/"), "pending", Fault.REDIRECTS),
        (lambda handler: say(handler, 302, Location="http://127.0.0.1:1/"), "pending", Fault.REDIRECTS),
        (lambda handler: say(handler, 304), "pending", 304),
        (drop, "pending", Fault.UNREACHABLE),
        (drip, "pending", Fault.TIMEOUT),
        (flood, "delivered", 200),
        (lambda handler: say(handler, 410), "dead", 410),
    ],
    ids=[
        "a fault of the other side is tried again",
        "an address that is not there is tried again",
        "a redirect to a private network is not followed",
        "a redirect to an allowed host is not followed either",
        "a 3xx without an address is no yes",
        "a connection that is closed without a word",
        "an answer that does not come",
        "an answer without end is a yes, and is not read",
        "gone is gone",
    ],
)
def test_an_answer_is_taken_for_what_it_is(
    listening: Listening, answer: object, state: str, noted: int | str
) -> None:
    listening.receiver.answer = answer  # type: ignore[assignment]  # (what a server may do)
    try_out(listening)
    listening.tell(seconds=0.3)
    assert listening.deliveries() == [("webhook.tried", state, [noted])]
    assert len(listening.receiver.heard) == 1
    hook = listening.hook()
    assert hook.off_why == ("gone" if noted == 410 else None)
    assert (hook.failing_since is None) == (state == "delivered")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://10.1.2.3/", Fault.NOT_PUBLIC),
        ("https://[::ffff:169.254.169.254]/", Fault.NOT_PUBLIC),
        ("http://example.org/", Fault.NOT_HTTPS),
        ("https://example.org:8080/", Fault.PORT),
    ],
    ids=["a private network", "a disguise", "in the clear", "another port"],
)
def test_an_address_that_became_a_wrong_one_is_not_spoken_to(
    listening: Listening, url: str, fault: Fault
) -> None:
    try_out(listening)
    with listening.office.transaction() as session:
        session.execute(update(Webhook).values(url=url))
    listening.tell()
    assert listening.deliveries() == [("webhook.tried", "pending", [fault])]


def test_ten_tries_in_a_day_and_then_a_person_may_tell_it_again(listening: Listening) -> None:
    listening.receiver.answer = lambda handler: say(handler, 503)
    number, began = try_out(listening), clock.now()
    listening.tell()
    for pause in RETRY_AFTER:
        assert listening.tell(pause - timedelta(seconds=1)) == 0
        before = len(listening.receiver.heard)
        listening.tell(timedelta(seconds=1))
        assert len(listening.receiver.heard) == before + 1
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)
    assert clock.now() - began < DAY
    assert listening.deliveries() == [("webhook.tried", "dead", [503] * 10)]
    assert len({each.headers["webhook-id"] for each in listening.receiver.heard}) == 1
    listening.receiver.answer = lambda handler: say(handler, 200)
    with listening.office.transaction() as session:
        assert services.tell_again(session, session.get_one(WebhookDelivery, number), now=clock.now())
        assert not services.tell_again(session, session.get_one(WebhookDelivery, number), now=clock.now())
    listening.tell()
    assert listening.deliveries() == [("webhook.tried", "delivered", [503] * 10 + [200])]
    assert listening.hook().failing_since is None


def test_after_three_days_without_a_yes_it_is_switched_off(listening: Listening) -> None:
    listening.receiver.answer = lambda handler: say(handler, 500)
    for _day in range(4):
        try_out(listening)
        for pause in (timedelta(0), *RETRY_AFTER):
            listening.tell(pause)
    hook = listening.hook()
    assert (hook.off_why, hook.off_at is None) == ("failing", False)
    listening.office.asked()
    heard = len(listening.receiver.heard)
    assert listening.tell(DAY) == 0
    assert len(listening.receiver.heard) == heard
    assert {state for _event, state, _tries in listening.deliveries()} == {"dead"}
    with listening.office.transaction() as session:
        (told,) = session.scalars(select(Activity).where(Activity.what == "webhook.switched_off"))
        assert (told.actor, told.why) == ("system", "failing")


def test_a_crash_between_the_yes_and_our_note_tells_it_once_more(listening: Listening) -> None:
    try_out(listening)
    office, worker = listening.office, listening.worker()
    with office.transaction() as session:
        parcel = claim(session, listening.hook_id, settings=office.settings, now=clock.now())
    assert parcel is not None
    assert post(parcel, worker._rules, now=clock.now()).is_good  # noqa: SLF001 (the worker dies here)
    assert listening.tell() == 0, "the lease holds"
    assert listening.tell(delivering.LEASE) == 1
    first, second = listening.receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (first.body, is_signed(second, listening.secret)) == (second.body, True)
    with office.transaction() as session:
        settle(session, parcel, delivering.Outcome(5, status=500), now=clock.now())
    assert listening.deliveries() == [("webhook.tried", "delivered", [204, 500])]


@pytest.mark.both_databases
def test_two_workers_tell_each_thing_once(listening: Listening) -> None:
    for _ in range(12):
        try_out(listening)
    workers = [Thread(target=listening.worker().run, args=(Stop(),)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(20)
    ids = [each.headers["webhook-id"] for each in listening.receiver.heard]
    assert len(ids) == len(set(ids)) == 12
    assert {state for _event, state, _tries in listening.deliveries()} == {"delivered"}


def test_a_program_that_hangs_keeps_no_other_waiting(listening: Listening) -> None:
    listening.receiver.answer = drip
    try_out(listening)
    with Receiver() as other:
        office, at = listening.office, clock.now()
        new = services.NewWebhook(form_key="b", name="Snel", url=other.url, events=frozenset())
        with office.transaction() as session:
            hook, _secret = services.make(session, new, actor="account:1", settings=office.settings, now=at)
            for _ in range(5):
                services.try_out(session, hook, now=at)
        assert listening.tell(seconds=1.0) == 5
        assert len(other.heard) == 5


def test_without_the_key_of_the_installation_it_says_so(listening: Listening) -> None:
    try_out(listening)
    with listening.office.transaction() as session:
        session.execute(update(Webhook).values(sealed="nothing that opens"))
    listening.tell()
    assert listening.deliveries() == [("webhook.tried", "pending", ["unsealable"])]
    assert listening.receiver.heard == []


def test_after_two_weeks_the_log_lets_go(listening: Listening) -> None:
    try_out(listening)
    listening.tell()
    listening.tell(timedelta(days=13))
    assert len(listening.deliveries()) == 1
    listening.tell(DAY)
    assert listening.deliveries() == []
