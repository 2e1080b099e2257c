"""Whatever the document allows and whatever it does not: every call answers as it says, and never with a 500."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from sqlalchemy import select

from consult.booking.models import Booking
from consult.contact.models import Enquiry
from tests.api.conftest import key_with

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.proof, pytest.mark.timeout(300)]

EXAMPLES = 12
SEED = 20261120
QUESTION = {"question": "Hoe begin ik?", "name": "Joke Jansen", "email": "joke@gemeente.nl"}
TALK = {"meetingType": "sparren", "start": "2026-11-19T09:00:00Z", "name": "J", "email": "joke@gemeente.nl"}
NUMBERS = {"enquiries": "C-2026-0001", "bookings": "A-2026-0001"}
# What a schema cannot say (an address that can exist, a promise between two fields) is a 422; too late is a 410.
ALSO_RIGHT = ["2xx", "3xx", "401", "403", "404", "409", "410", "422", "429"]


def configured(key: str | None) -> SchemathesisConfig:
    """Bounded and repeatable; questions and talks by number are those that there are."""
    there = [
        {
            "include-name": f"{method} /{kind}/{{reference}}{act}",
            "parameters": {"path.reference": NUMBERS[kind]},
        }
        for method, kind, act in (
            ("GET", "enquiries", ""),
            ("GET", "enquiries", "/entries"),
            ("POST", "enquiries", "/answers"),
            ("POST", "enquiries", "/notes"),
            ("POST", "enquiries", "/hand-over"),
            ("POST", "enquiries", "/close"),
            ("POST", "enquiries", "/reopen"),
            ("GET", "bookings", ""),
            ("POST", "bookings", "/outcome"),
        )
    ]
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "generation": {"max-examples": EXAMPLES, "no-shrink": True, "database": "none"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ALSO_RIGHT},
                # It cannot probe an application without a network; test_scopes.py knocks at every door instead.
                "ignored_auth": {"enabled": False},
            },
            "headers": {"Authorization": f"Bearer {key}"} if key else {},
            "operations": there if key else [],
            "phases": {"stateful": {"enabled": False}},
        }
    )


def faults(app: Flask, config: SchemathesisConfig) -> tuple[list[str], int]:
    """What went wrong, and how many calls were made."""
    schema = openapi.from_wsgi("/api/v1/openapi.json", app=app.wsgi_app, config=config)
    found: list[str] = []
    calls = 0
    for event in from_schema(schema).execute():
        if isinstance(event, FatalError):
            found.append(repr(event.exception))
        elif isinstance(event, NonFatalError):
            found.append(str(event.info))
        elif isinstance(event, ScenarioFinished):
            calls += len(event.recorder.interactions)
            found += [
                _told(event, case, node) for case, nodes in event.recorder.checks.items() for node in nodes
            ]
    return [each for each in found if each], calls


def _told(event: ScenarioFinished, case: str, node: Any) -> str:
    if node.failure_info is None:
        return ""
    return (
        f"{event.recorder.label}: {node.name}: {node.failure_info.failure}\n{node.failure_info.code_sample}"
    )


def test_no_call_without_a_key_answers_otherwise_than_the_document_says(app: Flask) -> None:
    found, calls = faults(app, configured(None))
    assert not found, "\n\n".join(found[:10])
    assert calls > 200


def test_no_call_with_every_scope_answers_otherwise_than_the_document_says(
    app: Flask, client: FlaskClient, transaction: Transaction
) -> None:
    for path, body in (("enquiries", QUESTION), ("bookings", TALK)):
        assert client.post(f"/api/v1/{path}", json=body).status_code == 201
    key = key_with(transaction, "read", "write", "desk", "admin")
    found, calls = faults(app, configured(key))
    assert not found, "\n\n".join(found[:10])
    assert calls > 300
    with transaction() as session:
        assert session.scalar(select(Enquiry.reference).limit(1)) == "C-2026-0001"
        assert session.scalar(select(Booking.reference).limit(1)) == "A-2026-0001"
