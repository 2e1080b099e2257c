"""Many want the same time at once, and a series has many times: all of its talks are there, or none."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.booking.models import Booking, BusyPeriod
from consult.booking.placing import SlotTaken
from consult.booking.series import services as series_services
from consult.booking.series.models import TalkSeries
from consult.booking.series.planning import DatesChanged, HasSeries, NotPossible, TooFewFree
from consult.outbox.models import OutgoingMail
from tests.support import rows
from tests.support.series_rows import FIRST, block, first_talk, local, plan, weekly

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]
TAKERS = 6
REFUSED = (DatesChanged, HasSeries, NotPossible, TooFewFree, SlotTaken)


def at_once(app: Flask, acts: list[Callable[[DbSession], object]]) -> list[str]:
    """Do all acts at one moment, each in a transaction of its own; gives ``done`` or the name of the refusal."""
    from consult.database import db

    together = threading.Barrier(len(acts))

    def run(act: Callable[[DbSession], object]) -> str:
        with app.app_context():
            together.wait()
            try:
                act(db.session)
                db.session.commit()
            except REFUSED as refused:
                db.session.rollback()
                return type(refused).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def counts(session: DbSession) -> dict[str, int]:
    def number(query: Select[tuple[int]]) -> int:
        return session.scalar(query) or 0

    return {
        "series": number(select(func.count(TalkSeries.id))),
        "talks": number(select(func.count(Booking.id)).where(Booking.series_id.is_not(None))),
        "mails": number(select(func.count(OutgoingMail.id)).where(OutgoingMail.event == "series-planned")),
        "busy": number(select(func.count(BusyPeriod.id))),
    }


def test_of_many_forms_for_one_talk_one_makes_the_series(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        talk_id = first_talk(session, settings).id
    said = at_once(
        app,
        [
            lambda session, number=number: plan(
                session, settings, session.get_one(Booking, talk_id), form_key=f"form-{number}"
            )
            for number in range(TAKERS)
        ],
    )
    assert sorted(said) == ["NotPossible"] * (TAKERS - 1) + ["done"]
    with transaction() as session:
        assert counts(session) == {"series": 1, "talks": 6, "mails": 2, "busy": 6}


def test_the_same_form_many_times_at_once_is_one_series(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        talk_id = first_talk(session, settings).id
    said = at_once(
        app,
        [lambda session: plan(session, settings, session.get_one(Booking, talk_id)) for _ in range(TAKERS)],
    )
    assert said == ["done"] * TAKERS
    with transaction() as session:
        assert counts(session) == {"series": 1, "talks": 6, "mails": 2, "busy": 6}


def test_a_series_and_single_talks_at_its_times_never_overlap(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        talk_id = first_talk(session, settings).id
    singles = [
        lambda session, start=start: block(session, settings, start.astimezone(UTC))
        for start in weekly(local(2026, 12, 1), 2)
    ]
    said = at_once(
        app,
        [lambda session: plan(session, settings, session.get_one(Booking, talk_id)), *singles],
    )
    assert said[0] == "done"
    with transaction() as session:
        found = counts(session)
        won = said[1:].count("done")
        assert found["talks"] == 6 - won
        assert found["busy"] == 6
        assert session.scalar(select(func.count(Booking.id)).where(Booking.starts_at == FIRST)) == 1


def test_one_visitor_gets_one_series_however_many_are_asked_at_once(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        ids = [first_talk(session, settings, local(2026, 11, day).astimezone(UTC)).id for day in (23, 24, 25)]
    said = at_once(
        app,
        [
            lambda session, talk_id=talk_id: plan(
                session, settings, session.get_one(Booking, talk_id), form_key=f"form-{talk_id}"
            )
            for talk_id in ids
        ],
    )
    assert sorted(said) == ["HasSeries"] * 2 + ["done"]


def test_a_series_that_goes_on_twice_at_once_by_one_form_goes_on_once(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        series_id = plan(session, settings, first_talk(session, settings)).series.id

    def extend(session: DbSession) -> None:
        series_services.extend(
            session,
            session.get_one(TalkSeries, series_id),
            3,
            form_key="more",
            actor="visitor",
            settings=settings,
            now=rows.NOW,
        )

    assert at_once(app, [extend] * TAKERS) == ["done"] * TAKERS
    with transaction() as session:
        assert counts(session)["talks"] == 9
        assert counts(session)["busy"] == 9
