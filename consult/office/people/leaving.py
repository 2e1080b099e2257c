"""An advisor leaves: another has what is still to come, and whoever had this advisor is told who it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.meeting_types import replace_host
from consult.contact.upkeep.replacing import pass_on
from consult.office.organisations.switching import switch_owner
from consult.people.models import Contact

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings


def let_go(
    session: DbSession,
    old: Advisor,
    new: Advisor,
    *,
    actor: str,
    why: str,
    note: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Let ``new`` take over from ``old``, who works here no more.

    Each person whose advisor this was is switched as one by one: counted with ``why``, ``note`` kept for ``new``, and
    told by mail when something runs or was lately.

    Raises:
        NotTheSameKind: it is the same advisor, or one who works here no more.
        RulesChanged: somebody saved rules at this very moment.
    """
    pass_on(session, old, new, by=actor, now=now)
    for contact in session.scalars(select(Contact).where(Contact.owner_id == old.id)):
        contact.owner_id = new.id
        switch_owner(session, contact, old.id, actor=actor, why=why, note=note, settings=settings, now=now)
    replace_host(session, old.id, new.id)
    session.flush()
