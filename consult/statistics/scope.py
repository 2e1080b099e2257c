"""What counts: which questions and talks are real, and which of them belong to a cut.

Spam never counts, nor what only looks like it; a question that was merged into another is part of that one. Rows that
lost their person count as they did. The topic that counts is the visitor's own, else that of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select, true

from consult.booking.models import Booking, BookingState
from consult.contact.models import ContactPage, Enquiry, EnquiryState
from consult.people.models import Organisation
from consult.people.municipalities import by_code
from consult.statistics.figures import CutKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute

    from consult.database import DbSession
    from consult.statistics.figures import Cut

REAL = and_(Enquiry.state != EnquiryState.HELD, Enquiry.spam_at.is_(None), Enquiry.merged_into_id.is_(None))
STANDS = Booking.state != BookingState.CANCELLED


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows are counted: a cut, with the organisations of a province already looked up."""

    cut: Cut
    organisation_ids: tuple[int, ...] = ()

    def questions(self, since: datetime, until: datetime) -> ColumnElement[bool]:
        """The real questions of the cut that came in between the two instants, the second not included."""
        return and_(REAL, Enquiry.asked_at >= since, Enquiry.asked_at < until, self.is_asked)

    @property
    def is_asked(self) -> ColumnElement[bool]:
        """Whether a question is of the cut."""
        return and_(true(), *self._belongs(Enquiry.topic_id, Enquiry.page_id, Enquiry.organisation_id))

    def talks(
        self, at: InstrumentedAttribute[datetime], since: datetime, until: datetime
    ) -> ColumnElement[bool]:
        """The talks of the cut that were planned, or are held (``at``), between the two instants."""
        return and_(
            at >= since,
            at < until,
            *self._belongs(Booking.topic_id, Booking.page_id, Booking.organisation_id),
        )

    def _belongs(
        self,
        topic_id: InstrumentedAttribute[int | None],
        page_id: InstrumentedAttribute[int | None],
        organisation_id: InstrumentedAttribute[int | None],
    ) -> tuple[ColumnElement[bool], ...]:
        kind, key = self.cut.kind, self.cut.key
        if kind is None:
            return ()
        if kind == CutKind.TOPIC:
            return (is_about(key, topic_id, page_id),)
        if kind == CutKind.PAGE:
            return (page_id == key,)
        return (organisation_id.in_(self.organisation_ids),)


def is_about(
    topic: int | str | None,
    topic_id: InstrumentedAttribute[int | None],
    page_id: InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Whether a question or a talk is about this topic, by itself or by its page."""
    pages = select(ContactPage.id).where(ContactPage.topic_id == topic)
    return or_(topic_id == topic, and_(topic_id.is_(None), page_id.in_(pages)))


def scope_of(session: DbSession, cut: Cut) -> Scope:
    """What ``cut`` holds; one statement for a province, none for anything else."""
    if cut.kind == CutKind.ORGANISATION and isinstance(cut.key, int):
        return Scope(cut, (cut.key,))
    if cut.kind == CutKind.PROVINCE:
        rows = session.execute(select(Organisation.id, Organisation.code, Organisation.province))
        return Scope(cut, tuple(row.id for row in rows if province_of(row.code, row.province) == cut.key))
    return Scope(cut)


def province_of(code: str | None, written: str | None) -> str | None:
    """The province of the municipality with this code; else what was written at the organisation."""
    municipality = by_code(code) if code else None
    return municipality.province if municipality else written or None
