"""Erase a person: everything that hangs on a mail address loses its words, and numbers stay for the statistics.

What is still to come is not erased behind anybody's back: it is refused, and named. Mail that was written about what
is erased goes as a whole, also when it was not sent yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy import Table as AnyTable

from consult.activity.models import Activity
from consult.activity.services import record
from consult.booking.models import Booking, Invitation, InviteeRole
from consult.contact.models import Enquiry, EnquiryState
from consult.links.models import PersonalLink, Purpose
from consult.outbox.models import OutgoingMail
from consult.postbox.models import IncomingMail
from consult.privacy.blanking import blank, blank_children, in_chunks
from consult.privacy.models import Erasure
from consult.privacy.person import Found, ToCome, of_person, to_come
from consult.privacy.register import ANSWERS, SUBJECTS, named_by_kind, tables
from consult.privacy.trail import forget_rows, forget_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession

ASKED = "asked"
TERM = "term"
# Any number that nothing else locks.
ERASING = 4_711_001
# What the office did about privacy is written down under this subject, with numbers and without an address.
OFFICE = ("privacy", 0)


class StillToCome(Exception):
    """The person has talks or sessions that stand: cancel them first, so that everybody is told."""

    def __init__(self, coming: Sequence[ToCome]) -> None:
        super().__init__()
        self.coming = tuple(coming)


def erase_person(
    session: DbSession, key: str, *, actor: str, now: datetime, reason: str | None = None
) -> Mapping[str, int]:
    """Take whoever has this address, or telephone number (E.164), out of every table. Twice is once.

    Gives how much there was, by kind. ``reason`` is a code of ours: what somebody typed might name the person.

    After the commit, ``consult.privacy.files.scrub`` takes it out of SQLite's own files too.

    Raises:
        StillToCome: a talk or a seat stands; nothing is erased.
    """
    address = key.strip().lower()
    found = of_person(session, address)
    if coming := to_come(session, found, now=now):
        raise StillToCome(coming)
    counts = {kind: len(ids) for kind, ids in found.by_kind().items() if ids}
    counts |= {"mail": _erase_mail(session, address, found)} | {"guest": _leave_guest_lists(session, address)}
    _untell_programs(session, found)
    erase_subjects(session, found.by_kind(), cause=ASKED, now=now)
    counts = {kind: count for kind, count in counts.items() if count}
    if counts:
        why = {"reason": reason} if reason else {}
        record(session, OFFICE, "privacy.erased", actor=actor, now=now, counts=counts, **why)
    session.flush()
    session.expire_all()
    return counts


def erase_subjects(
    session: DbSession, subjects: Mapping[str, Collection[int]], *, cause: str, now: datetime
) -> None:
    """Take the people out of these questions, talks, seats, series and contacts, and what belongs to them."""
    one_at_a_time(session)
    _erase_answers(session, subjects)
    for kind, ids in subjects.items():
        if ids:
            _erase_kind(session, kind, ids, now=now)
            session.add_all(
                Erasure(subject_kind=kind, subject_id=each, at=now, cause=cause)
                for each in set(ids) - _erased(session, kind, ids)
                if kind != "contact"
            )
    session.flush()


def one_at_a_time(session: DbSession) -> None:
    """Whoever erases waits for another that does, up to the end of the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ERASING)))


def _erase_kind(session: DbSession, kind: str, ids: Collection[int], *, now: datetime) -> None:
    root = tables()[SUBJECTS[kind]]
    blank_children(session, kind, ids)
    for chunk in in_chunks(ids):
        told = and_(Activity.subject_kind == kind, Activity.subject_id.in_(chunk))
        # The row of a contact goes, and its number may be given out again.
        (forget_rows if kind == "contact" else forget_texts)(session, told)
        for table in named_by_kind():
            session.execute(delete(table).where(*_about(table, kind, chunk)))
        opened = (kind, Purpose.OWN_DATA) if kind == "enquiry" else (kind,)
        session.execute(
            delete(PersonalLink).where(PersonalLink.purpose.in_(opened), PersonalLink.subject_id.in_(chunk))
        )
        if kind == "contact":
            session.execute(delete(root).where(root.c.id.in_(chunk)))
            continue
        blank(session, root, root.c.id.in_(chunk))
        _settle(session, kind, chunk, now=now)


def _settle(session: DbSession, kind: str, ids: Collection[int], *, now: datetime) -> None:
    """Nobody answers a question without a person; calendars that subscribe must see that a talk changed."""
    if kind == "enquiry":
        which = update(Enquiry).where(Enquiry.id.in_(ids)).execution_options(synchronize_session=False)
        session.execute(which.where(Enquiry.closed_at.is_(None)).values(closed_at=now))
        session.execute(which.values(state=EnquiryState.CLOSED, due_soon_at=None, contact_id=None))
    if kind == "booking":
        session.execute(
            update(Booking)
            .where(Booking.id.in_(ids))
            .values(changed_at=now, contact_id=None)
            .execution_options(synchronize_session=False)
        )


def _erase_mail(session: DbSession, address: str, found: Found) -> int:
    """Mail to or from the address, whatever it was about; and mail about talks that it was asked to as a guest."""
    gone = session.scalars(
        delete(OutgoingMail)
        .where(
            or_(
                func.lower(OutgoingMail.recipient) == address,
                and_(OutgoingMail.subject_kind == "booking", OutgoingMail.subject_id.in_(found.guest_in)),
            )
        )
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    came = session.scalars(
        delete(IncomingMail)
        .where(func.lower(IncomingMail.sender) == address)
        .returning(IncomingMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone) + len(came)


def _untell_programs(session: DbSession, found: Found) -> None:
    """What other programs are told about a talk names its guests; what is about the person goes with its subject."""
    told = tables()["webhook_delivery"]
    for chunk in in_chunks(found.guest_in):
        session.execute(delete(told).where(*_about(told, "booking", chunk)))


def _leave_guest_lists(session: DbSession, address: str) -> int:
    guests = (
        delete(Invitation)
        .where(func.lower(Invitation.address) == address, Invitation.role == InviteeRole.GUEST)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(guests).all())


def _erase_answers(session: DbSession, subjects: Mapping[str, Collection[int]]) -> None:
    """Answers of the API that tell a number of one of these; they exist for a day, so all of them are looked at."""
    answers = tables().get(ANSWERS)
    if answers is None:
        return
    numbers: set[str] = set()
    for kind in ("enquiry", "booking"):
        root = tables()[SUBJECTS[kind]]
        for chunk in in_chunks(subjects.get(kind, ())):
            numbers.update(session.scalars(select(root.c.reference).where(root.c.id.in_(chunk))))
    if not numbers:
        return
    for row in session.execute(select(answers.c.key, answers.c.route, answers.c.answer)).all():
        if any(number in str(row.answer) for number in numbers):
            session.execute(delete(answers).where(answers.c.key == row.key, answers.c.route == row.route))


def _about(table: AnyTable, kind: str, ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return table.c.subject_kind == kind, table.c.subject_id.in_(ids)


def _erased(session: DbSession, kind: str, ids: Collection[int]) -> set[int]:
    known: set[int] = set()
    for chunk in in_chunks(ids):
        known.update(
            session.scalars(
                select(Erasure.subject_id).where(Erasure.subject_kind == kind, Erasure.subject_id.in_(chunk))
            )
        )
    return known
