"""A full house with all that statistics count: topics, pages, persons, provinces, answers, outcomes and more."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import BindParameter, bindparam, insert, select, text, update

from consult import clock
from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry, HandoutCount
from consult.database import db
from consult.people.models import Contact, Organisation, Topic
from consult.people.municipalities import municipalities

if TYPE_CHECKING:
    import random

TOPICS, PAGES, CONTACTS, SWITCHES, QUESTIONS_HANDED = 12, 40, 8000, 3000, 500
MINUTES_OPEN = 4 * 24 * 60


def enrich(chance: random.Random) -> None:
    """Add to a full house what the figures are made of."""
    now = clock.now()
    db.session.execute(
        insert(Topic),
        [{"slug": f"t{n}", "name": f"Thema {n}", "name_en": f"Topic {n}"} for n in range(TOPICS)],
    )
    pages = [{"slug": f"p{n}", "title": f"Pagina {n}", "topic_id": 1 + n % TOPICS} for n in range(PAGES)]
    db.session.execute(insert(ContactPage), pages)
    persons = [
        {"name": "Vrager", "email": f"vrager{n}@example.nl", "created_at": now} for n in range(CONTACTS)
    ]
    db.session.execute(insert(Contact), persons)
    places = zip(db.session.scalars(select(Organisation.id)).all(), municipalities(), strict=False)
    for organisation_id, place in places:
        known = {"code": place.code, "province": place.province}
        db.session.execute(update(Organisation).where(Organisation.id == organisation_id).values(**known))
    _answer(chance)
    _hold(chance)
    today = now.date()
    counts = [
        {"page_id": 1 + n % PAGES, "day": today - timedelta(days=n // PAGES), "views": 3, "downloads": 1}
        for n in range(PAGES * 1000)
    ]
    db.session.execute(insert(HandoutCount), counts)
    switched = {"subject_kind": "contact", "what": "contact.switched", "actor": "account:1"}
    rows = [
        switched
        | {
            "at": now - timedelta(minutes=chance.randrange(1_000_000)),
            "subject_id": 1 + chance.randrange(CONTACTS),
            "why": chance.choice(("Met pensioen", "Ander thema", "Te druk")),
            "data": {"before": 1, "advisor": 2} | ({"enquiry": 1 + n % QUESTIONS_HANDED} if n % 2 else {}),
        }
        for n in range(SWITCHES)
    ]
    db.session.execute(insert(Activity), rows)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _answer(chance: random.Random) -> None:
    rows = []
    for number, asked_at, state in db.session.execute(
        select(Enquiry.id, Enquiry.asked_at, Enquiry.state)
    ).all():
        answered = asked_at + timedelta(minutes=chance.randrange(MINUTES_OPEN)) if state != "open" else None
        rows.append(
            {
                "row": number,
                "topic": chance.choice((None, 1 + chance.randrange(TOPICS))),
                "page": chance.choice((None, 1 + chance.randrange(PAGES))),
                "contact": 1 + chance.randrange(CONTACTS),
                "answered": answered,
                "held": "held" if number % 100 == 7 else state,
            }
        )
    given = {"topic_id": "topic", "page_id": "page", "contact_id": "contact"}
    values: dict[str, BindParameter[object]] = {column: bindparam(name) for column, name in given.items()}
    values |= {"answered_at": bindparam("answered"), "state": bindparam("held")}
    table = Enquiry.metadata.tables[Enquiry.__tablename__]
    db.session.connection().execute(
        update(table).where(table.c.id == bindparam("row")).values(**values), rows
    )


def _hold(chance: random.Random) -> None:
    rows = [
        {
            "row": number,
            "made": starts_at - timedelta(hours=chance.randrange(24 * 30)),
            "topic": chance.choice((None, 1 + chance.randrange(TOPICS))),
            "page": chance.choice((None, 1 + chance.randrange(PAGES))),
            "came": chance.choice(("attended", "attended", "attended", "no_show", None)),
        }
        for number, starts_at in db.session.execute(select(Booking.id, Booking.starts_at)).all()
    ]
    table = Booking.metadata.tables[Booking.__tablename__]
    names = {"created_at": "made", "topic_id": "topic", "page_id": "page", "outcome": "came"}
    values: dict[str, BindParameter[object]] = {column: bindparam(name) for column, name in names.items()}
    db.session.connection().execute(
        update(table).where(table.c.id == bindparam("row")).values(**values), rows
    )
