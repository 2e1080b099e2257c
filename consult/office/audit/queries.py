"""The trail, the newest first, a page at a time: by the row after which to go on, so that every page costs the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, tuple_

from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.office.audit.subjects import LABELLED
from consult.people.accounts import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select

    from consult.database import DbSession
    from consult.office.audit.asking import Asked

PAGE = 50
# A file has so many rows at most; it is read in parts.
MOST_IN_FILE, AT_A_TIME = 100_000, 2_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotFound(Exception):
    """Nothing has this number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page; ``older`` is where the next one goes on, None at the end."""

    rows: Sequence[Activity]
    older: str | None


def part(
    session: DbSession, asked: Asked, actors: Sequence[str] | None, *, zone: str, after: str, most: int = PAGE
) -> Part:
    """A page of what was asked for; ``actors`` None is everybody's.

    Raises:
        NotFound: what it should be about does not exist.
    """
    query = _wanted(session, asked, actors, zone)
    if (place := _place(after)) is not None:
        query = query.where(tuple_(Activity.at, Activity.id) < tuple_(*place))
    found = session.scalars(query.order_by(Activity.at.desc(), Activity.id.desc()).limit(most + 1)).all()
    rows = found[:most]
    return Part(rows, _cursor(rows[-1]) if len(found) > most else None)


def all_parts(
    session: DbSession, asked: Asked, actors: Sequence[str] | None, *, zone: str
) -> Iterator[Sequence[Activity]]:
    """Everything that was asked for, in parts; at most ``MOST_IN_FILE`` rows.

    Raises:
        NotFound: what it should be about does not exist.
    """
    after: str | None = ""
    for _ in range(MOST_IN_FILE // AT_A_TIME):
        if after is None:
            return
        found = part(session, asked, actors, zone=zone, after=after, most=AT_A_TIME)
        yield found.rows
        after = found.older


def _wanted(session: DbSession, asked: Asked, actors: Sequence[str] | None, zone: str) -> Select[Activity]:
    query = select(Activity)
    if actors is not None:
        query = query.where(Activity.actor.in_(actors))
    if codes := asked.codes():
        query = query.where(or_(*(_is_code(code) for code in codes)))
    if (begins := asked.begins(zone)) is not None:
        query = query.where(Activity.at >= begins)
    if (ends := asked.ends(zone)) is not None:
        query = query.where(Activity.at < ends)
    if asked.about:
        kind, number = subject_of(session, asked.about)
        query = query.where(Activity.subject_kind == kind, Activity.subject_id == number)
    return query


def _is_code(code: str) -> ColumnElement[bool]:
    """This code, or every code that begins so: written so that an index by code serves."""
    if not code.endswith("."):
        return Activity.what == code
    return and_(Activity.what >= code, Activity.what < f"{code[:-1]}/")


def subject_of(session: DbSession, typed: str) -> tuple[str, int]:
    """What is meant by a number (``C-2026-0412``), a colleague's address, or kind and id (``topic-3``).

    Raises:
        NotFound: nothing.
    """
    kind, _dash, digits = typed.partition("-")
    is_id = digits.isascii() and digits.isdecimal() and len(digits) < 10
    if is_id and (kind in LABELLED or kind == "privacy"):
        return kind, int(digits)
    for kind, column, number in (
        ("enquiry", Enquiry.reference, Enquiry.id),
        ("booking", Booking.reference, Booking.id),
    ):
        found = session.scalar(select(number).where(column == typed.upper()))
        if found is not None:
            return kind, found
    account = (
        session.scalar(select(Account.id).where(Account.email == typed.lower())) if "@" in typed else None
    )
    if account is None:
        raise NotFound
    return "account", account


def _cursor(row: Activity) -> str:
    return f"{(row.at - EPOCH) // timedelta(microseconds=1)}-{row.id}"


def _place(after: str) -> tuple[datetime, int] | None:
    """The row to go on after; None for the beginning, and for what nobody was given."""
    at, _dash, number = after.partition("-")
    if not (at.isascii() and at.isdecimal() and number.isascii() and number.isdecimal()):
        return None
    if len(at) > 17 or len(number) > 9:
        return None
    return EPOCH + timedelta(microseconds=int(at)), int(number)
