"""Organisations that nobody spoke to for a while, for the one who owns them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from consult.booking.aftermath import talks_of_organisations
from consult.contact.silence import last_contact
from consult.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

WEEKS = 12
MOST = 10


class Silence(NamedTuple):
    """An organisation and when it was last in contact; None when it never was."""

    organisation_id: int
    name: str
    last_at: datetime | None


def silent_organisations(
    session: DbSession, owner_id: int, *, now: datetime, weeks: int = WEEKS, most: int = MOST
) -> Sequence[Silence]:
    """The organisations of this owner without contact for ``weeks``, the longest silence first; one statement.

    Who has a talk planned is not silent.
    """
    own = select(Organisation.id).where(Organisation.owner_id == owner_id)
    last = last_contact(talks_of_organisations(), of=own)
    query = (
        select(Organisation.id, Organisation.name, last.c.at)
        .outerjoin(last, last.c.id == Organisation.id)
        .where(
            Organisation.owner_id == owner_id,
            (last.c.at < now - timedelta(weeks=weeks)) | last.c.at.is_(None),
        )
        .order_by(last.c.at.is_not(None), last.c.at, Organisation.name)
        .limit(most)
    )
    return [Silence(*row) for row in session.execute(query)]
