"""What a visitor does to plan a talk, and what stands in the database after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.booking.models import Booking, BusyPeriod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from tests.support.apps import Transaction
    from tests.support.pages import Form, Page, Visitor

WHO = {"Uw naam": "Joke Jansen", "Uw e-mailadres": "joke@gemeente.nl"}
VISITOR, ADVISOR = "joke@gemeente.nl", "rik@bureau.example"
# Thursday 19 November, 10.00 in Amsterdam.
TEN = "2026-11-19T09:00:00Z"
HALF_PAST_TEN = "2026-11-19T09:30:00Z"
ELEVEN = "2026-11-19T10:00:00Z"
GONE = "Dit moment is net bezet. Kies een ander moment. Uw gegevens staan er nog."


def moments(page: Page) -> list[str]:
    """The moments on a page, as its radios carry them."""
    return [
        radio.get("value") for radio in page.tree.all("input", type="radio") if radio.get("name") == "slot"
    ]


def details(visitor: Visitor, slot: str = TEN, address: str = "/afspraak/rik") -> Form:
    """The second page for a moment, filled in."""
    form = visitor.open(f"{address}{'&' if '?' in address else '?'}slot={slot}").form("Bevestig de afspraak")
    return form.fill(WHO).choose("Via een videogesprek")


def plan(visitor: Visitor, slot: str = TEN) -> Page:
    """Plan a talk with Rik; gives its own page."""
    page = details(visitor, slot).submit()
    assert page.heading == "Uw afspraak staat"
    return page


def own_address(page: Page) -> str:
    """The private address of a talk, without what the confirmation adds."""
    return page.address.partition("?")[0]


def bookings(transaction: Transaction) -> Sequence[Row[Any]]:
    """Every booking, as bare columns, oldest first."""
    with transaction() as session:
        return session.execute(select(Booking.__table__).order_by(Booking.__table__.c.id)).all()


def busy(transaction: Transaction) -> list[tuple[datetime, datetime]]:
    """What is taken of anybody's time, buffers included, in order."""
    with transaction() as session:
        rows = session.execute(
            select(BusyPeriod.start_minute, BusyPeriod.end_minute).order_by(BusyPeriod.start_minute)
        )
        return [(at(start), at(end)) for start, end in rows]


def at(minute: int) -> datetime:
    """The instant of a minute since 1970."""
    return datetime.fromtimestamp(minute * 60, UTC)


def instant(value: str) -> datetime:
    """The instant that a form carries."""
    return datetime.fromisoformat(value)
