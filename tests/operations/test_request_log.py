"""The log of requests: a number to find things by, and nothing that names a visitor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import structlog

from consult import clock
from consult.operations import logs
from consult.web.networks import network_of
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction


@pytest.fixture
def as_json() -> Iterator[None]:
    """Logs as the service writes them; afterwards as every other test has them."""
    before = structlog.get_config()
    logs.configure()
    yield
    structlog.configure(**before)


def test_a_line_tells_route_status_and_network_and_no_link_name_or_address(
    app: Flask,
    transaction: Transaction,
    settings: Settings,
    as_json: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with transaction() as session:
        rik = rows.create_advisor(session)
        kind = rows.create_meeting_type(session)
        token = rows.book(session, settings, kind, [rik], rows.NOW.replace(day=19)).token
    clock.start_at(rows.NOW)
    capsys.readouterr()
    client = app.test_client()
    at = {"REMOTE_ADDR": "203.0.113.77"}
    shown = client.get(f"/a/{token}?nieuw=1", environ_base=at)
    missing = client.get("/v/joke@gemeente.example", environ_base={"REMOTE_ADDR": "2001:db8:1:2::7"})
    client.get("/healthz")
    written = capsys.readouterr().err
    first, second = (json.loads(line) for line in written.splitlines())
    assert (first["route"], first["status"], first["method"]) == ("/a/<token>", 200, "GET")
    assert (first["network"], second["network"]) == ("203.0.113.0/24", "2001:db8:1::/48")
    assert first["request_id"] == shown.headers["X-Request-ID"] != missing.headers["X-Request-ID"]
    assert second["status"] == 404
    assert not any(word in written for word in (token, "joke", ".77", "::7", "nieuw"))


def test_a_fault_carries_the_number_of_its_request(
    app: Flask, as_json: None, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    answer = client.get("/", headers={"Host": "evil.example"})
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {each["request_id"] for each in told} == {answer.headers["X-Request-ID"]}
    assert {each["event"] for each in told} == {"unknown host name", "answered"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.255", "198.51.100.0/24"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("unix:", "-"),
        (None, "-"),
    ],
)
def test_of_an_address_the_network_is_kept(address: str | None, network: str) -> None:
    assert network_of(address) == network
