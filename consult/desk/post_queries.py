"""The mails that left or should leave the house, with what each is about and whose that is."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (a NamedTuple keeps its annotations)
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from consult.booking.groups.models import GroupSession, Seat, SessionHost
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Advisor
from consult.sealing.types import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession
    from consult.desk.guard import Colleague

PER_PAGE = 25
# The headers of ours fit well within this; the rest of a mail need not be read for a list.
HEAD_BYTES = 4096


class MailRow(NamedTuple):
    """One mail in the list; ``head`` begins with its headers. ``reference`` is of the question or the talk, and the
    short name of a group session.
    """

    id: int
    kind: str
    reference: str | None
    advisor_id: int | None
    advisor: str | None
    recipient: str
    state: str
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    next_attempt_at: datetime
    last_error: str | None
    head: bytes

    @property
    def subject(self) -> str:
        """The subject as the receiver reads it."""
        return str(message_from_bytes(self.head, policy=policy.default)["Subject"] or "")


def mails(
    session: DbSession, who: Colleague, *, only_failed: bool, about: str | None, offset: int = 0
) -> Sequence[MailRow]:
    """The newest mails first, one more than a page shows when there are more; a coordinator sees everybody's.

    ``about`` is the reference of one question or talk, or the short name of a group session.
    """
    conditions: list[ColumnElement[bool]] = [_of(who)]
    if only_failed:
        conditions.append(OutgoingMail.state == MailState.FAILED)
    if about is not None:
        named = (Enquiry.reference == about, Booking.reference == about, GroupSession.slug == about)
        conditions.append(or_(*named))
    query = _rows().where(*conditions).order_by(OutgoingMail.id.desc()).limit(PER_PAGE + 1).offset(offset)
    return [MailRow(*row) for row in session.execute(query)]


def mail(session: DbSession, who: Colleague, mail_id: int) -> MailRow | None:
    """One mail, if this person may see it."""
    row = session.execute(_rows().where(_of(who), OutgoingMail.id == mail_id)).one_or_none()
    return MailRow(*row) if row is not None else None


def failed_count(session: DbSession, who: Colleague) -> int:
    """How many mails were given up and wait for a person."""
    query = _rows().with_only_columns(func.count()).where(_of(who), OutgoingMail.state == MailState.FAILED)
    return session.scalar(query) or 0


def _of(who: Colleague) -> ColumnElement[bool]:
    """An advisor's own questions, talks and group sessions."""
    hosted = select(SessionHost.group_session_id).where(SessionHost.advisor_id == who.advisor_id)
    return true() if who.coordinator else or_(Advisor.id == who.advisor_id, GroupSession.id.in_(hosted))


def _rows() -> Select[*tuple[Any, ...]]:
    about_enquiry = (OutgoingMail.subject_kind == "enquiry") & (Enquiry.id == OutgoingMail.subject_id)
    about_talk = (OutgoingMail.subject_kind == "booking") & (Booking.id == OutgoingMail.subject_id)
    about_seat = (OutgoingMail.subject_kind == "seat") & (Seat.id == OutgoingMail.subject_id)
    about_group = (OutgoingMail.subject_kind == "group_session") & (
        GroupSession.id == OutgoingMail.subject_id
    )
    return (
        select(
            OutgoingMail.id,
            OutgoingMail.subject_kind,
            func.coalesce(Enquiry.reference, Booking.reference, GroupSession.slug),
            Advisor.id,
            Advisor.name,
            OutgoingMail.recipient,
            OutgoingMail.state,
            OutgoingMail.attempts,
            OutgoingMail.created_at,
            OutgoingMail.settled_at,
            OutgoingMail.next_attempt_at,
            OutgoingMail.last_error,
            beginning(OutgoingMail.raw, HEAD_BYTES),
        )
        .outerjoin(Enquiry, about_enquiry)
        .outerjoin(Booking, about_talk)
        .outerjoin(Seat, about_seat)
        .outerjoin(GroupSession, or_(GroupSession.id == Seat.group_session_id, about_group))
        .outerjoin(Advisor, Advisor.id == func.coalesce(Enquiry.advisor_id, Booking.advisor_id))
    )
