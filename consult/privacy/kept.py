"""What is kept of one person, as the office sees it before it hands over or erases: how much of each kind, and numbers.

Tells no word that anybody wrote. That somebody looked is written down, without the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, union

from consult.activity.services import record
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.people.models import Contact
from consult.postbox.models import IncomingMail
from consult.privacy.erasure import OFFICE
from consult.privacy.person import Found, ToCome, of_person, to_come

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession

MOST_NUMBERS = 50
SEARCHED = "privacy.searched"


@dataclass(frozen=True, slots=True)
class Kept:
    """How much there is of each kind, all kinds named; numbers of questions and talks; what is still to come.

    ``addresses`` are the mail addresses that hang on it: more than one may be more than one person.
    """

    counts: Mapping[str, int]
    questions: Sequence[str]
    talks: Sequence[str]
    addresses: Sequence[str]
    coming: Sequence[ToCome]

    def __bool__(self) -> bool:
        return any(self.counts.values())


def look_up(session: DbSession, key: str, *, actor: str, now: datetime) -> Kept:
    """What is kept of whoever has this address or number (E.164); that it was looked up is written down."""
    kept = kept_of(session, key, now=now)
    counts = {kind: count for kind, count in kept.counts.items() if count}
    record(session, OFFICE, SEARCHED, actor=actor, now=now, counts=counts)
    return kept


def kept_of(session: DbSession, key: str, *, now: datetime) -> Kept:
    """The same, for who looks once more on the way."""
    key = key.strip().lower()
    found = of_person(session, key)
    counts = {kind: len(ids) for kind, ids in found.by_kind().items()} | {"guest": len(found.guest_in)}
    counts |= {
        "sent": _count(session, OutgoingMail, OutgoingMail.recipient, key, found),
        "arrived": _count(session, IncomingMail, IncomingMail.sender, key, found),
    }
    return Kept(
        counts=counts,
        questions=_numbers(session, Enquiry, found.enquiry),
        talks=_numbers(session, Booking, found.booking),
        addresses=_addresses(session, found),
        coming=to_come(session, found, now=now),
    )


def _count(
    session: DbSession,
    mail: type[OutgoingMail | IncomingMail],
    address: object,
    key: str,
    found: Found,
) -> int:
    """Mail to or from the address, and mail about what is this person's: erasing takes both."""
    about = [
        and_(mail.subject_kind == kind, mail.subject_id.in_(ids))
        for kind, ids in found.by_kind().items()
        if ids
    ]
    which = or_(func.lower(address) == key, *about)
    return session.scalar(select(func.count()).select_from(mail).where(which)) or 0


def _numbers(session: DbSession, model: type[Enquiry | Booking], ids: frozenset[int]) -> Sequence[str]:
    query = select(model.reference).where(model.id.in_(ids)).order_by(model.id.desc()).limit(MOST_NUMBERS)
    return session.scalars(query).all()


def _addresses(session: DbSession, found: Found) -> Sequence[str]:
    named = [
        select(func.lower(model.email)).where(model.id.in_(ids), model.email.is_not(None))
        for model, ids in ((Enquiry, found.enquiry), (Booking, found.booking), (Contact, found.contact))
    ]
    return sorted(each for each in session.scalars(union(*named)) if each)
