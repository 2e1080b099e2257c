"""A firm of many years: forty advisors, every municipality, and as many questions and talks as wanted."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask_migrate
from sqlalchemy import insert, select

from consult import clock
from consult.activity.models import Activity
from consult.app import create_app
from consult.booking.models import Booking, MeetingType, Place
from consult.contact.models import Enquiry, Message
from consult.database import db
from consult.people.accounts import RoleName
from consult.people.models import Advisor, Organisation, Team, team_member
from consult.people.signin import create_account
from consult.settings import load

if TYPE_CHECKING:
    import random

    from flask import Flask

PASSWORD = "een lang wachtwoord"  # noqa: S105 (of an account that lives as long as the run)
ADVISORS, ORGANISATIONS = 40, 342
WORDS = tuple(f"woord{number}" for number in range(3000))


def people(now: datetime) -> None:
    """Forty advisors in four teams, of whom the first can sign in, and all municipalities."""
    account = create_account(db.session, "bench@example.nl", PASSWORD, {RoleName.ADVISOR}, now=now)
    rows = [
        {
            "slug": f"a{n}",
            "name": f"Adviseur {n}",
            "first_name": f"A{n}",
            "email": f"a{n}@example.nl",
            "joined_at": now,
        }
        for n in range(1, ADVISORS + 1)
    ]
    db.session.execute(insert(Advisor), rows)
    db.session.execute(insert(Organisation), [{"name": f"Gemeente {n}"} for n in range(ORGANISATIONS)])
    db.session.execute(insert(Team), [{"slug": f"t{n}", "name": f"Team {n}"} for n in range(1, 5)])
    members = [{"team_id": 1 + n % 4, "advisor_id": n} for n in range(1, ADVISORS + 1)]
    db.session.execute(insert(team_member), members)
    db.session.get_one(Advisor, 1).account_id = account.id
    kind = MeetingType(slug="sparren", name="Sparren", name_en="Sparring", places=[Place.VIDEO])
    db.session.add(kind)
    db.session.commit()


def enquiries(chance: random.Random, count: int, now: datetime, messages: int) -> None:
    """Three years of questions of sixty words: one in fifty open, the rest closed; so many messages each."""
    for first in range(0, count, 5000):
        numbers = range(first, min(count, first + 5000))
        db.session.execute(insert(Enquiry), [_enquiry(chance, n, count, now) for n in numbers])
        db.session.commit()
    ids = db.session.scalars(select(Enquiry.id)).all()
    for first in range(0, len(ids), 5000):
        some = ids[first : first + 5000]
        if messages:
            db.session.execute(
                insert(Message), [_message(chance, each, n, now) for each in some for n in range(messages)]
            )
        db.session.execute(insert(Activity), [_activity(each, now) for each in some])
        db.session.commit()


def _enquiry(chance: random.Random, number: int, count: int, now: datetime) -> dict[str, Any]:
    asked_at = now - timedelta(minutes=(count - number) * 1_500_000 // count)
    is_open = number % 50 == 0
    return {
        "reference": f"C-2026-{number:06}",
        "form_key": f"e{number}",
        "reply_token": f"t{number}",
        "state": "open" if is_open else ("waiting" if number % 50 == 1 else "closed"),
        "channel": chance.choice(("email", "email", "phone")),
        "question": "gemeente " + " ".join(chance.choices(WORDS, k=60)),
        "name": f"Vrager {number % 8000}",
        "email": f"vrager{number % 8000}@gemeente{number % ORGANISATIONS}.example",
        "phone": "+31612345678",
        "organisation_id": 1 + number % ORGANISATIONS,
        "advisor_id": _owner(chance, number, is_open=is_open),
        "decision": {},
        "asked_at": asked_at,
        "answer_by": asked_at + timedelta(days=1),
    }


def _owner(chance: random.Random, number: int, *, is_open: bool) -> int | None:
    """Four advisors have all that is open, so that who looks has plenty; one question in 97 is nobody's."""
    if number % 97 == 0 and number:
        return None
    return 1 + number // 50 % 4 if is_open else 1 + chance.randrange(ADVISORS)


def _message(chance: random.Random, enquiry_id: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "enquiry_id": enquiry_id,
        "form_key": f"m{enquiry_id}-{number}",
        "kind": ("visitor", "reply")[number],
        "body": " ".join(chance.choices(WORDS, k=40)),
        "at": now - timedelta(hours=number),
        "advisor_id": 1 if number else None,
    }


def _activity(enquiry_id: int, now: datetime) -> dict[str, Any]:
    subject = {"subject_kind": "enquiry", "subject_id": enquiry_id}
    return {"at": now, **subject, "what": "enquiry.created", "actor": "visitor", "data": {}}


def bookings(chance: random.Random, count: int, now: datetime) -> None:
    """Talks of half an hour, nine a day for each advisor, most of them past."""
    per_day = 9 * ADVISORS
    start = now.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=count // per_day - 10)
    rows = []
    for number in range(count):
        day, place = divmod(number, per_day)
        advisor, slot = divmod(place, 9)
        starts_at = start + timedelta(days=day, minutes=60 * slot)
        rows.append(_booking(chance, number, advisor + 1, starts_at, now))
    for first in range(0, count, 5000):
        db.session.execute(insert(Booking), rows[first : first + 5000])
        db.session.commit()


def _booking(
    chance: random.Random, number: int, advisor_id: int, at: datetime, now: datetime
) -> dict[str, Any]:
    ends_at = at + timedelta(minutes=30)
    return {
        "reference": f"A-2026-{number:06}",
        "form_key": f"b{number}",
        "uid": f"{number}@bench.example",
        "meeting_type_id": 1,
        "advisor_id": advisor_id,
        "starts_at": at,
        "ends_at": ends_at,
        "place": "video",
        "name": f"Vrager {chance.randrange(8000)}",
        "email": f"vrager{number % 8000}@gemeente{number % ORGANISATIONS}.example",
        "organisation_id": 1 + number % ORGANISATIONS,
        "created_at": now,
        "changed_at": now,
    }


def house(
    folder: Path, url: str, chance: random.Random, counts: tuple[int, int], *, messages: int = 2
) -> Flask:
    """The application on a database with this many questions and talks, and so many messages (two at most) in each."""
    key = "".join(chance.choices("abcdef0123456789", k=40))
    settings = load({}, instance=folder, database_url=url, secret_key=key, second_factor=False, testing=True)
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        now = clock.now()
        people(now)
        enquiries(chance, counts[0], now, messages)
        bookings(chance, counts[1], now)
    return app
