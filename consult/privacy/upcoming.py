"""What the next nightly round erases, with numbers to look it up by; read by the rules that erase, never by a copy.

Knows no page and no words; tells nothing of what is erased but its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select, union_all

from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.people.signin.keeping import KEPT as SIGN_INS_KEPT
from consult.privacy import retention, terms
from consult.privacy.erasure import OFFICE
from consult.privacy.terms import TERMS, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession

EXAMPLES = 5
# Kind → which term it is kept for.
TERM_OF: Mapping[str, str] = {
    "enquiries": "closed",
    "bookings": "closed",
    "seats": "closed",
    "series": "closed",
    "contacts": "closed",
    "spam": "spam",
    "drafts": "unfinished",
    "holds": "unfinished",
    "links": "unfinished",
    "mail_bodies": "mail",
    "arrived_bodies": "mail",
    "sent_mails": "closed",
    "arrived_mails": "closed",
    "trail": "trail",
}
# Kept as long as it is of use, whatever the terms; nothing: until it has expired.
ALWAYS: Mapping[str, timedelta] = {
    "sign_ins": SIGN_INS_KEPT,
    "tickets": timedelta(0),
    "answers": timedelta(days=1),
}
# Kinds that people know by a number.
NUMBERED: Mapping[str, Any] = {
    "enquiries": Enquiry.reference,
    "bookings": Booking.reference,
    "spam": Enquiry.reference,
    "drafts": Enquiry.reference,
}


@dataclass(frozen=True, slots=True)
class Due:
    """One kind: how long it is kept, what is older than ``before`` goes, how many go, and some of their numbers."""

    kind: str
    kept: timedelta
    before: datetime
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was done: when, and how much went, by kind."""

    at: datetime
    counts: Mapping[str, int]


def upcoming(session: DbSession, *, at: datetime, kept: Terms = TERMS) -> list[Due]:
    """What a round at this moment erases, every kind named. Three statements."""
    counts = retention.preview(session, now=at, kept=kept)
    examples = _examples(session, at, kept)
    due = [
        _due(kind, getattr(kept, term), at, counts[kind], examples.get(kind, ()))
        for kind, term in TERM_OF.items()
    ]
    return [*due, *(_due(kind, kept_for, at, counts[kind], ()) for kind, kept_for in ALWAYS.items())]


def last_rounds(session: DbSession, *, most: int = 7) -> list[Round]:
    """The rounds that were done, the newest first."""
    rows = session.execute(
        select(Activity.at, Activity.data)
        .where(
            Activity.subject_kind == OFFICE[0],
            Activity.subject_id == OFFICE[1],
            Activity.what == retention.PURGED,
        )
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(most)
    )
    return [Round(at, data.get("counts", {})) for at, data in rows]


def kept_longer(session: DbSession, *, at: datetime, kept: Terms = TERMS) -> Sequence[tuple[str, Any]]:
    """Talks past their time that stay because somebody planned to come back to them: number and that day."""
    planned = select(Booking.reference, Booking.follow_up_on).where(
        Booking.follow_up_on >= at.date(), terms.talk_is_over(at, kept)
    )
    return [(row[0], row[1]) for row in session.execute(planned.order_by(Booking.follow_up_on).limit(50))]


def _due(kind: str, kept: timedelta, at: datetime, count: int, examples: Sequence[str]) -> Due:
    return Due(kind, kept, at - kept, count, tuple(examples))


def _examples(session: DbSession, at: datetime, kept: Terms) -> dict[str, list[str]]:
    parts = [
        select(literal(kind), column).where(
            column.class_.id.in_(retention.KINDS[kind][0](at, kept).limit(EXAMPLES))
        )
        for kind, column in NUMBERED.items()
    ]
    found: dict[str, list[str]] = {}
    for kind, reference in session.execute(union_all(*parts)):
        found.setdefault(kind, []).append(reference)
    return {kind: sorted(references) for kind, references in found.items()}
