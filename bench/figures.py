"""How long the figures of statistics take at the server with a full house, against the same with a small one.

Each area of pages, of everything and of one province, over 52 weeks and over three years: the median of a row of
calls in milliseconds, the SQL statements of one, and the ratio to a small database in the same run. The figures of 52
weeks must stay under 300 ms.

Run: python -m bench.figures [--enquiries 50000] [--bookings 20000] [--rounds 7] [--database-url postgresql://…]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import BindParameter, bindparam, insert, select, text, update

from bench.desk import counted
from bench.full_house import house
from consult import clock
from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry, HandoutCount
from consult.database import db
from consult.people.models import Contact, Organisation, Topic
from consult.people.municipalities import municipalities
from consult.settings import load
from consult.statistics.areas import of_area
from consult.statistics.figures import EVERYTHING, Area, Cut, CutKind, Period

if TYPE_CHECKING:
    from flask import Flask

LIMIT_MS, WITHIN_LIMIT = 300.0, "52 weeks"
SMALL = 500
TOPICS, PAGES, CONTACTS, SWITCHES = 12, 40, 8000, 3000
MINUTES_OPEN = 4 * 24 * 60


def enrich(chance: random.Random) -> None:
    """What the figures are made of: topics, pages, persons, provinces, answers, outcomes, hand-outs and switches."""
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
            "data": {"before": 1, "advisor": 2} | ({"enquiry": 1 + n % SMALL} if n % 2 else {}),
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


def measure(app: Flask, folder: Path, rounds: int) -> dict[str, tuple[float, int]]:
    """Area, cut and length → median in ms, and how many statements it takes."""
    settings = load({}, instance=folder, secret_key="x" * 40, testing=True)
    found = {}
    with app.app_context():
        now = clock.now()
        for weeks in (52, 156):
            period = Period.of_weeks(weeks, today=now.date())
            for cut in (EVERYTHING, Cut(CutKind.PROVINCE, "Gelderland")):
                for area in Area:
                    times = []
                    for _ in range(rounds + 1):
                        db.session.rollback()
                        with counted() as statements:
                            began = time.perf_counter()
                            of_area(db.session, area, period, cut, settings=settings, now=now)
                            times.append((time.perf_counter() - began) * 1000)
                    name = f"{area}, {cut.key or 'all'}, {weeks} weeks"
                    found[name] = (statistics.median(times[1:]), len(statements))
    return found


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enquiries", type=int, default=50_000)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database-url", help="an empty PostgreSQL database; SQLite without it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = house(folder, f"sqlite:///{folder}/small.sqlite3", random.Random(1), (SMALL, SMALL))
        with small.app_context():
            enrich(random.Random(2))
        few = measure(small, folder, asked.rounds)
        url = asked.database_url or f"sqlite:///{folder}/full.sqlite3"
        full = house(folder, url, random.Random(1), (asked.enquiries, asked.bookings))
        with full.app_context():
            enrich(random.Random(2))
        many = measure(full, folder, asked.rounds)
    print(f"\n{asked.enquiries} questions, {asked.bookings} talks on {url.partition(':')[0]}")
    print(f"{'area, cut, weeks':40}{'ms':>8}{'SQL':>5}{'× small':>9}")
    for work, (took, statements) in many.items():
        late = took >= LIMIT_MS and WITHIN_LIMIT in work
        ratio = took / few[work][0]
        print(f"{work:40}{took:8.1f}{statements:5}{ratio:9.1f}{'  over the limit' if late else ''}")


if __name__ == "__main__":
    main()
