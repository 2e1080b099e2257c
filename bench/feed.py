"""How long a feed with 5,000 talks takes to build, and how long to say that it did not change.

Run ``python bench/feed.py``; it ends by itself within half a minute. Both go through the whole application, headers
and log line included, on SQLite. Of some tries the best counts, because others may use the machine.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask_migrate
from sqlalchemy import insert

from bench.table import Goal, head, row
from consult.app import create_app
from consult.booking.models import Booking, BookingState, MeetingType, Place
from consult.calendars.services import issue_feed
from consult.database import db
from consult.people.models import Advisor
from consult.settings import load

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

TALKS, TRIES = 5000, 4
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
BUILT_WITHIN, UNCHANGED_WITHIN = 2.0, 0.020


def main() -> int:
    """Print both times; 1 when one is above what was promised."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            load(
                {},
                instance=Path(folder),
                database_url=f"sqlite:///{folder}/bench.sqlite3",
                secret_key="only for this measurement, 32 chars",  # noqa: S106 (opens nothing)
                base_url="http://localhost",
                clock=NOW,
                testing=True,
            )
        )
        address = filled(app)
        client = app.test_client()
        tries = [timed(client, address) for _ in range(TRIES)]
        first = tries[0][0]
        asked = {"If-None-Match": first.headers["ETag"]}
        again = [timed(client, address, asked) for _ in range(TRIES * 5)]
    if first.data.count(b"BEGIN:VEVENT") != TALKS or {answer.status_code for answer, _ in again} != {304}:
        raise RuntimeError("the feed is not what was asked for")
    built, unchanged = min(seconds for _, seconds in tries), min(seconds for _, seconds in again)
    head(f"a feed of {TALKS} talks, {len(first.data) / 1e6:.1f} MB")
    row("built", built, "s", goal=Goal(BUILT_WITHIN))
    row("told unchanged (304)", unchanged, "s", goal=Goal(UNCHANGED_WITHIN))
    return 0 if built < BUILT_WITHIN and unchanged < UNCHANGED_WITHIN else 1


def filled(app: Flask) -> str:
    """An advisor with so many talks; gives the address of the feed."""
    with app.app_context():
        flask_migrate.upgrade()
        session = db.session
        rik = Advisor(slug="rik", name="Rik", first_name="Rik", email="rik@bureau.example", joined_at=NOW)
        kind = MeetingType(slug="sparren", name="Sparsessie", name_en="Sparring", places=[Place.VIDEO])
        session.add_all([rik, kind])
        session.flush()
        session.execute(insert(Booking), [_row(number, rik.id, kind.id) for number in range(TALKS)])
        token = issue_feed(session, advisor_id=rik.id, actor="system", now=NOW)
        session.commit()
    return f"/agenda/{token}.ics"


def timed(
    client: FlaskClient, address: str, headers: dict[str, str] | None = None
) -> tuple[TestResponse, float]:
    """An answer and how many seconds of processor time it took."""
    began = time.process_time()
    answer = client.get(address, headers=headers)
    return answer, time.process_time() - began


def _row(number: int, advisor_id: int, kind_id: int) -> dict[str, object]:
    start = NOW + timedelta(minutes=30 * number)
    return {
        "reference": f"A-{number}",
        "form_key": f"form-{number}",
        "uid": f"{number:032x}@consult.example.nl",
        "state": BookingState.CONFIRMED,
        "meeting_type_id": kind_id,
        "advisor_id": advisor_id,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=30),
        "place": Place.VIDEO,
        "name": "Joke Jansen",
        "email": "joke@gemeente.example",
        "created_at": NOW,
        "changed_at": NOW,
    }


if __name__ == "__main__":
    logging.disable(logging.INFO)
    sys.exit(main())
