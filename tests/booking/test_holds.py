"""A moment is kept for whoever fills in the form, for ten minutes and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.availability import BusyKind
from consult.booking import holds
from consult.booking.models import Booking, BusyPeriod, MeetingType
from consult.booking.offering import Wish
from consult.booking.placing import SlotTaken
from consult.booking.taking import hold_hash
from consult.people.models import Advisor
from tests.booking.acts import ELEVEN, TEN, WHO, instant, moments
from tests.support import rows
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.apps import Transaction
    from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("firm")
KEPT = "Wij houden dit moment voor u vast tot 11.10 uur."


def choose(visitor: Visitor, slot: str = TEN, *, status: int = 200) -> Page:
    """Press "Kies dit moment"."""
    form = visitor.open("/afspraak/rik?dag=2026-11-19").form("Kies dit moment")
    form.values["slot"] = [slot]
    return form.submit(status=status)


def confirm(page: Page, *, status: int = 200) -> Page:
    """Fill in the second step and send it."""
    form = page.form("Bevestig de afspraak").fill(WHO).choose("Via een videogesprek")
    return form.submit(status=status)


def held(transaction: Transaction) -> list[int]:
    with transaction() as session:
        kept = select(BusyPeriod.counted_minute).where(BusyPeriod.kind == BusyKind.HOLD)
        return list(session.scalars(kept.order_by(BusyPeriod.counted_minute)))


def minute(slot: str) -> int:
    return int(instant(slot).timestamp() // 60)


def test_a_chosen_moment_is_kept_and_told_in_words_until_when(
    app: Flask, visitor: Visitor, transaction: Transaction
) -> None:
    page = choose(visitor)
    assert KEPT in page.text
    assert held(transaction) == [minute(TEN)]
    assert TEN not in moments(Visitor(app.test_client()).open("/afspraak/rik?dag=2026-11-19"))


@pytest.mark.both_databases
def test_booking_turns_what_was_kept_into_the_talk(visitor: Visitor, transaction: Transaction) -> None:
    assert confirm(choose(visitor)).heading == "Uw afspraak staat"
    with transaction() as session:
        assert list(session.scalars(select(BusyPeriod.kind))) == [BusyKind.BOOKING]
        assert list(session.scalars(select(BusyPeriod.hold_hash))) == [None]


def test_somebody_else_is_refused_a_moment_that_is_kept(app: Flask, visitor: Visitor) -> None:
    choose(visitor)
    other = Visitor(app.test_client())
    assert "Dit moment is net bezet." in choose(other, status=409).text
    straight = other.open(f"/afspraak/rik?slot={TEN}")
    assert "Dit moment is net bezet." in confirm(straight, status=409).text


def test_the_same_moment_with_a_colleague_is_kept_with_that_one(
    app: Flask, visitor: Visitor, transaction: Transaction
) -> None:
    two = "2026-11-19T13:00:00Z"
    choose(visitor, two)
    page = choose(Visitor(app.test_client()), two, status=409)
    assert [each for each in moments(page) if each.startswith(two)] == [f"{two}|mirte"]
    page = page.form("Kies dit moment").choose(f"{two}|mirte").submit()
    assert page.address.startswith("/afspraak/mirte?")
    assert held(transaction) == [minute(two)] * 2
    assert "Mirte Smit" in confirm(page).text


def test_without_a_hold_the_second_step_works_as_well(visitor: Visitor) -> None:
    page = visitor.open(f"/afspraak/rik?slot={TEN}")
    assert "Wij houden dit moment" not in page.text
    assert confirm(page).heading == "Uw afspraak staat"


@pytest.mark.both_databases
def test_after_ten_minutes_the_moment_is_free_for_others(
    app: Flask, visitor: Visitor, transaction: Transaction
) -> None:
    choose(visitor)
    clock.start_at(rows.NOW + holds.HELD_FOR + timedelta(minutes=2))
    other = Visitor(app.test_client())
    assert TEN in moments(other.open("/afspraak/rik?dag=2026-11-19"))
    assert confirm(other.open(f"/afspraak/rik?slot={TEN}")).heading == "Uw afspraak staat"
    assert held(transaction) == []


def test_too_late_but_still_free_is_booked_with_the_text_that_was_typed(visitor: Visitor) -> None:
    page = choose(visitor)
    clock.start_at(rows.NOW + timedelta(hours=1))
    assert confirm(page).heading == "Uw afspraak staat"


def test_choosing_another_moment_gives_the_first_one_back(visitor: Visitor, transaction: Transaction) -> None:
    page = choose(visitor)
    form = page.follow("Terug").form("Kies dit moment")
    assert TEN in moments(form.page)
    form.values["slot"] = [ELEVEN]
    form.submit()
    assert held(transaction) == [minute(ELEVEN)]


def test_the_same_form_sent_twice_keeps_one_moment(visitor: Visitor, transaction: Transaction) -> None:
    form = visitor.open("/afspraak/rik?dag=2026-11-19").form("Kies dit moment")
    for slot in (TEN, TEN, ELEVEN):
        form.values["slot"] = [slot]
        form.submit()
    assert held(transaction) == [minute(ELEVEN)]


@pytest.mark.both_databases
def test_a_moment_that_cannot_be_had_leaves_the_one_that_is_kept(
    visitor: Visitor, transaction: Transaction
) -> None:
    with transaction() as session:
        kind = session.scalars(select(MeetingType)).first()
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        key = "k" * 20
        holds.hold(session, holds_wish(kind, rik), instant(TEN), key, now=rows.NOW)
        holds.hold(session, holds_wish(kind, rik), instant(ELEVEN), "other" * 4, now=rows.NOW)
        with pytest.raises(SlotTaken):
            holds.hold(session, holds_wish(kind, rik, key), instant(ELEVEN), key, now=rows.NOW)
    assert held(transaction) == [minute(TEN), minute(ELEVEN)]


def holds_wish(kind: MeetingType, advisor: Advisor, key: str | None = None) -> Wish:
    own = hold_hash(key) if key else None
    return Wish(kind, (advisor.id,), own_hold=own)


@pytest.mark.parametrize(
    "slot", ["", "onzin", "2026-11-19T09:00:00", "2026-11-18T09:00:00Z", "2026-11-19T09:07:00Z"]
)
def test_what_is_not_offered_is_not_kept(visitor: Visitor, transaction: Transaction, slot: str) -> None:
    status = 409 if slot.endswith("Z") else 422
    assert choose(visitor, slot, status=status).errors["slot"]
    assert held(transaction) == []


def test_a_hold_counts_for_the_limit_of_the_day(
    app: Flask, visitor: Visitor, transaction: Transaction
) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(per_day=1))
    choose(visitor)
    assert not [
        slot
        for slot in moments(Visitor(app.test_client()).open("/afspraak/rik?dag=2026-11-19"))
        if slot[:10] == TEN[:10]
    ]


@pytest.mark.parametrize("key", ["kort", "met spatie in de sleutel", "x" * 65, "ë" * 20])
def test_a_key_that_is_none_of_ours_is_ignored(visitor: Visitor, transaction: Transaction, key: str) -> None:
    assert holds.read_key(key) is None
    assert visitor.open("/afspraak/rik?hold=" + key.replace(" ", "%20")).heading


def test_the_database_keeps_no_key_of_a_hold(visitor: Visitor, transaction: Transaction) -> None:
    address = choose(visitor).address
    key = address.partition("hold=")[2].partition("&")[0]
    with transaction() as session:
        assert session.scalars(select(BusyPeriod.hold_hash)).one() == hold_hash(key)
        assert session.scalar(select(func.count()).select_from(Booking)) == 0
