"""Whoever asks to be erased is found in no table, no mail and no file; everybody else is untouched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.booking import services as booking
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.database import Model, db
from consult.outbox.models import OutgoingMail
from consult.privacy.erasure import StillToCome, erase_person
from consult.privacy.files import scrub
from consult.privacy.register import tables, unclassified
from tests.privacy import scene
from tests.support import rows

if TYPE_CHECKING:
    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

ACTOR = "advisor:1"


def everything(session: DbSession) -> dict[str, str]:
    """All rows of all tables as text, table by table."""
    return {
        table.name: "\n".join(
            repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
            for row in session.execute(select(table))
        )
        for table in Model.metadata.sorted_tables
    }


def in_tables(session: DbSession, *words: str) -> dict[str, str]:
    return {name: word for name, text in everything(session).items() for word in words if word in text}


def in_files(settings: Settings, *words: str) -> list[str]:
    database = Path(settings.database.removeprefix("sqlite:///"))
    return [
        f"{path.name}: {word}"
        for path in database.parent.glob(f"{database.name}*")
        for word in words
        if word.lower().encode() in path.read_bytes().lower()
    ]


@pytest.mark.both_databases
def test_a_canary_in_every_column_is_found_nowhere_afterwards(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings, "anders@gemeente.example", "Iemand Anders")
        before = scene.snapshot(session)
    with transaction() as session:
        scene.live(session, settings)
        painted = scene.paint(session, before)
        assert {"enquiry.question", "outgoing_mail.raw", "incoming_mail.text", "activity.data"} <= painted
        assert "webhook_delivery.payload" in painted
    on_sqlite = settings.database.startswith("sqlite")
    with transaction() as session:
        assert len(in_tables(session, scene.NAME)) > 10
        assert bool(in_files(settings, scene.NAME)) == on_sqlite
        others = session.scalar(select(func.count()).where(Enquiry.name == "Iemand Anders"))
    with transaction() as session:
        counts = erase_person(session, "Kanarie@Gemeente.example", actor=ACTOR, now=scene.LATER)
    assert counts == {
        "enquiry": 1,
        "booking": 5,
        "seat": 1,
        "series": 1,
        "contact": 1,
        "mail": counts["mail"],
    }
    with app.app_context():
        assert scrub(db.engine)
    with transaction() as session:
        assert in_tables(session, scene.NAME, scene.ADDRESS, "kanarie") == {}
        assert in_files(settings, scene.NAME, scene.ADDRESS, "kanarie") == []
        assert session.scalar(select(func.count()).where(Enquiry.name == "Iemand Anders")) == others == 1
        told = "\n".join(everything(session).values())
        assert all(
            f"Iemand Anders {said}" in told for said in ("vraagt", "belde", "zegt", "sliep", "schrijft")
        )
    with transaction() as session:
        assert erase_person(session, scene.ADDRESS, actor=ACTOR, now=scene.LATER) == {}


def test_what_statistics_count_stays(transaction: Transaction, settings: Settings) -> None:
    def numbers(session: DbSession) -> list[Any]:
        return [
            *session.execute(
                select(Enquiry.reference, Enquiry.asked_at, Enquiry.advisor_id, Enquiry.decision).order_by(
                    Enquiry.id
                )
            ),
            *session.execute(
                select(Booking.reference, Booking.starts_at, Booking.state).order_by(Booking.id)
            ),
            *session.execute(
                select(Activity.at, Activity.what, Activity.actor, Activity.subject_id)
                .where(Activity.subject_kind != "contact")
                .order_by(Activity.id)
            ),
            session.scalar(select(func.count()).select_from(tables()["message"])),
        ]

    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
        before = numbers(session)
        stamps = session.scalars(select(Booking.changed_at)).all()
    with transaction() as session:
        erase_person(session, scene.ADDRESS, actor=ACTOR, now=scene.LATER)
    with transaction() as session:
        told = (scene.LATER, "privacy.erased", ACTOR, 0)
        assert [each for each in numbers(session) if each != told] == before
        # Calendars that subscribe see by this that a talk changed.
        assert all(each > max(stamps) for each in session.scalars(select(Booking.changed_at)))
        assert session.scalars(select(Enquiry.state)).all() == ["closed"]


def test_a_talk_that_is_still_to_come_is_not_erased_behind_anybodys_back(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
        talks = session.scalars(select(Booking).order_by(Booking.starts_at)).all()
        last = max(each.ends_at for each in talks)
        with pytest.raises(StillToCome) as refused:
            erase_person(session, scene.ADDRESS, actor=ACTOR, now=rows.NOW)
        named = [(each.kind, each.reference) for each in refused.value.coming]
        assert named.count(("seat", "Kennissessie: het wijkgesprek")) == 1
        assert [name for kind, name in named if kind == "booking"] == [each.reference for each in talks]
        final = next(each for each in talks if each.ends_at == last)
        just_before = last - timedelta(hours=1)
        with pytest.raises(StillToCome):
            erase_person(session, scene.ADDRESS, actor=ACTOR, now=just_before)
        booking.cancel(session, final, reason=None, actor=ACTOR, settings=settings, now=just_before)
        erase_person(session, scene.ADDRESS, actor=ACTOR, now=just_before)
        assert session.scalar(select(func.count()).where(Booking.name == scene.NAME)) == 0


def test_a_guest_leaves_the_talks_of_others(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
        assert in_tables(session, "gast@gemeente.example")
        counts = erase_person(session, "gast@gemeente.example", actor=ACTOR, now=rows.NOW)
        assert counts["guest"] == 1
        assert in_tables(session, "gast@gemeente.example") == {}
        assert session.scalar(select(func.count()).where(Booking.name == scene.NAME)) == 5
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) > 0


def test_the_register_names_every_table(app: Flask) -> None:
    assert unclassified() == set(), "say in consult/privacy/register.py what it tells about a visitor"
