"""Let go of what was kept long enough: nightly, in small transactions, as often as one likes with the same end.

Questions, talks and seats lose their person and stay for the statistics; the rest goes. ``preview`` says what the next
round will do, ``purge`` does a part of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, delete, func, select, update

from consult.activity.models import Activity
from consult.activity.services import SYSTEM, record
from consult.booking.models import BusyPeriod
from consult.contact.models import Enquiry
from consult.contact.writing.models import Draft
from consult.links.models import PersonalLink
from consult.outbox.models import MailState, OutgoingMail
from consult.people.signin.models import SignIn, Ticket
from consult.postbox.models import IncomingMail
from consult.privacy import terms
from consult.privacy.erasure import OFFICE, TERM, erase_subjects, one_at_a_time
from consult.privacy.models import Erasure
from consult.privacy.register import ANSWERS, tables
from consult.privacy.terms import TERMS, Terms
from consult.privacy.trail import forget_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Select

    from consult.database import DbSession

# What people sleep through; a worker that was off does it when it is back.
NIGHTLY = time(2)
AT_A_TIME = 200
PURGED = "privacy.purged"


def last_night(now: datetime, zone: str) -> datetime:
    """The last time that it was two o'clock in the morning in ``zone``."""
    local = now.astimezone(ZoneInfo(zone))
    tonight = datetime.combine(local.date(), NIGHTLY, tzinfo=ZoneInfo(zone))
    return tonight if tonight <= local else tonight - timedelta(days=1)


def next_round(session: DbSession, *, zone: str, now: datetime) -> datetime:
    """When the next round is: the coming night; or now, when that of last night was not done yet."""
    if is_due(session, zone=zone, now=now):
        return now
    tonight = last_night(now, zone).astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tonight, NIGHTLY, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_due(session: DbSession, *, zone: str, now: datetime) -> bool:
    """Whether nobody has done this night's round."""
    done = session.scalar(
        select(func.max(Activity.at)).where(
            Activity.subject_kind == OFFICE[0], Activity.subject_id == OFFICE[1], Activity.what == PURGED
        )
    )
    return done is None or done < last_night(now, zone)


def preview(session: DbSession, *, now: datetime, kept: Terms = TERMS) -> dict[str, int]:
    """How much the next round lets go of, by kind, every kind named; changes nothing."""
    columns = [
        select(func.count()).select_from(due(now, kept).subquery()).scalar_subquery().label(kind)
        for kind, (due, _act) in KINDS.items()
    ]
    counts = dict(session.execute(select(*columns)).one()._mapping)  # noqa: SLF001 (a documented part of a row)
    return counts | {"answers": len(_old_answers(session, now))}


def purge(session: DbSession, *, now: datetime, kept: Terms = TERMS, most: int = AT_A_TIME) -> dict[str, int]:
    """Let go of at most ``most`` of each kind that is past its time; gives how much, nothing when all is done."""
    counts: dict[str, int] = {}
    one_at_a_time(session)
    for kind, (due, act) in KINDS.items():
        ids = session.scalars(due(now, kept).limit(most)).all()
        if ids:
            act(session, ids, now)
            counts[kind] = len(ids)
    if keys := _old_answers(session, now)[:most]:
        answers = tables()[ANSWERS]
        for key, route in keys:
            session.execute(delete(answers).where(answers.c.key == key, answers.c.route == route))
        counts["answers"] = len(keys)
    session.flush()
    session.expire_all()
    return counts


def conclude(session: DbSession, counts: Mapping[str, int], *, now: datetime, actor: str = SYSTEM) -> None:
    """Write down that the round was done, with its numbers."""
    record(session, OFFICE, PURGED, actor=actor, now=now, counts=dict(counts))


def _erase(kind: str) -> Callable[[DbSession, Sequence[int], datetime], None]:
    return lambda session, ids, now: erase_subjects(session, {kind: set(ids)}, cause=TERM, now=now)


def _drop_spam(session: DbSession, ids: Sequence[int], now: datetime) -> None:
    """It was never a question: nothing of it counts."""
    erase_subjects(session, {"enquiry": set(ids)}, cause=TERM, now=now)
    # The rows go, and their numbers may be given out again.
    forget_rows(session, and_(Activity.subject_kind == "enquiry", Activity.subject_id.in_(ids)))
    for gone in (
        delete(Erasure).where(Erasure.subject_kind == "enquiry", Erasure.subject_id.in_(ids)),
        delete(Enquiry).where(Enquiry.id.in_(ids)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))


def _drop_drafts(session: DbSession, ids: Sequence[int], _now: datetime) -> None:
    session.execute(
        delete(Draft).where(Draft.enquiry_id.in_(ids)).execution_options(synchronize_session=False)
    )


def _empty_sent(session: DbSession, ids: Sequence[int], _now: datetime) -> None:
    """What is given up cannot be sent again without its text."""
    given_up = case((OutgoingMail.state == MailState.FAILED, MailState.EXPIRED), else_=OutgoingMail.state)
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id.in_(ids))
        .values(raw=b"", last_error=None, state=given_up)
        .execution_options(synchronize_session=False)
    )


def _empty_arrived(session: DbSession, ids: Sequence[int], _now: datetime) -> None:
    session.execute(
        update(IncomingMail)
        .where(IncomingMail.id.in_(ids))
        .values(raw=b"", text=None)
        .execution_options(synchronize_session=False)
    )


def _drop(
    model: type[OutgoingMail | IncomingMail | BusyPeriod | PersonalLink | Ticket | SignIn],
) -> Callable[..., None]:
    def act(session: DbSession, ids: Sequence[int], _now: datetime) -> None:
        session.execute(delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False))

    return act


def _forget_trail(session: DbSession, ids: Sequence[int], _now: datetime) -> None:
    forget_rows(session, Activity.id.in_(ids))


def _old_answers(session: DbSession, now: datetime) -> list[tuple[str, str]]:
    """Answers of the API that nobody can ask for again: they are kept for a day."""
    answers = tables().get(ANSWERS)
    if answers is None:
        return []
    old = select(answers.c.key, answers.c.route).where(answers.c.created_at <= now - timedelta(days=1))
    return [(key, route) for key, route in session.execute(old)]


# In this order: what hangs on something goes before or with it.
KINDS: Mapping[str, tuple[Callable[..., Select[int]], Callable[..., None]]] = {
    "spam": (terms.spam, _drop_spam),
    "enquiries": (terms.enquiries, _erase("enquiry")),
    "series": (terms.series, _erase("series")),
    "contacts": (terms.contacts, _erase("contact")),
    "bookings": (terms.bookings, _erase("booking")),
    "seats": (terms.seats, _erase("seat")),
    "mail_bodies": (terms.sent_bodies, _empty_sent),
    "arrived_bodies": (terms.arrived_bodies, _empty_arrived),
    "sent_mails": (terms.sent_mails, _drop(OutgoingMail)),
    "arrived_mails": (terms.arrived_mails, _drop(IncomingMail)),
    "drafts": (terms.drafts, _drop_drafts),
    "holds": (terms.holds, _drop(BusyPeriod)),
    "links": (terms.links, _drop(PersonalLink)),
    "tickets": (terms.tickets, _drop(Ticket)),
    "sign_ins": (terms.sign_ins, _drop(SignIn)),
    "trail": (terms.trail, _forget_trail),
}
