"""Somebody gets another regular advisor: counted with its reason, noted for who goes on, and told to that person.

Told is only who speaks with us now or did lately; a stranger to us since long would not know what it is about.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select

from consult.booking.models import Booking, BookingState
from consult.contact.continuity import count_switch
from consult.contact.models import Enquiry, EnquiryState
from consult.outbox.services import Mailing, queue
from consult.people.models import Advisor

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Contact
    from consult.settings import Settings

RECENT = timedelta(days=90)
STANDS = (EnquiryState.OPEN, EnquiryState.WAITING)


class Spoken(NamedTuple):
    """What somebody last spoke with us about, in which language; ``reply_token`` brings an answer to that question."""

    at: datetime
    about: tuple[str, int]
    language: str
    reply_token: str | None


def switch_owner(
    session: DbSession,
    contact: Contact,
    before: int,
    *,
    actor: str,
    why: str,
    note: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Write down that ``contact`` left the advisor ``before``; keep the note, the newest first, and tell the person.

    Nobody is told of an advisor who is not there, without a mail address, or without a question or a talk that runs
    or was in the last 90 days. The mail is in the language of that one. What runs stays with who has it.
    """
    told = {"before": before, "advisor": contact.owner_id}
    count_switch(session, contact.id, actor=actor, why=why, now=now, **told)
    if note:
        contact.notes = "\n\n".join(filter(None, (note, contact.notes)))
    to = session.get(Advisor, contact.owner_id) if contact.owner_id is not None else None
    spoken = last_spoken(session, contact.id, now=now) if contact.email else None
    if to is None or spoken is None or contact.email is None:
        return
    mailing = Mailing(
        event="advisor-switched",
        about=spoken.about,
        to_name=contact.name,
        to_address=contact.email,
        from_name=f"{to.name} ({settings.firm_name})",
        language=spoken.language,
        reply_token=spoken.reply_token,
        context={
            "name": contact.name,
            "advisor": to.name,
            "before": session.get_one(Advisor, before).name,
        },
    )
    queue(session, mailing, settings=settings, now=now)


def last_spoken(session: DbSession, contact_id: int, *, now: datetime) -> Spoken | None:
    """The newest question or talk of this person that runs or was lately; spam and what was cancelled are none."""
    asked = session.scalars(
        select(Enquiry)
        .where(
            Enquiry.contact_id == contact_id,
            Enquiry.spam_at.is_(None),
            Enquiry.state != EnquiryState.HELD,
            or_(Enquiry.state.in_(STANDS), Enquiry.asked_at > now - RECENT),
        )
        .order_by(Enquiry.asked_at.desc())
        .limit(1)
    ).first()
    talk = session.scalars(
        select(Booking)
        .where(
            Booking.contact_id == contact_id,
            Booking.state != BookingState.CANCELLED,
            Booking.ends_at > now - RECENT,
        )
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).first()
    found = (
        [Spoken(asked.asked_at, ("enquiry", asked.id), asked.language, asked.reply_token)] if asked else []
    )
    found += [Spoken(talk.created_at, ("booking", talk.id), talk.language, None)] if talk else []
    return max(found, default=None, key=lambda each: each.at)
