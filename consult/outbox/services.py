"""Queue mail in the running transaction; hand it out to workers under a lease; settle what became of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, func, insert, or_, select, update

from consult.database import UtcDateTime
from consult.outbox.message import Letter, compose
from consult.outbox.models import Heartbeat, MailState, OutgoingMail
from consult.outbox.rendering import render
from consult.outbox.texts.services import in_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.texts.speaking import Own
    from consult.settings import Settings

_MAIL = OutgoingMail.metadata.tables[OutgoingMail.__tablename__]
_NEW = insert(_MAIL)
_IS_PENDING = _MAIL.c.state == MailState.PENDING
_NOW = bindparam("now", type_=UtcDateTime)
_OF_THESE = _MAIL.c.id.in_(bindparam("ids", expanding=True, type_=Integer))
# Made once: making them costs more than asking them.
_EXPIRE = (
    update(_MAIL)
    .where(_IS_PENDING, _MAIL.c.expires_at <= _NOW)
    .values(state=MailState.EXPIRED, settled_at=_NOW)
)
_DUE = (
    select(_MAIL.c.id, _MAIL.c.event, _MAIL.c.raw, _MAIL.c.sender, _MAIL.c.recipient, _MAIL.c.expires_at)
    .where(
        _IS_PENDING,
        _MAIL.c.next_attempt_at <= _NOW,
        or_(_MAIL.c.leased_until.is_(None), _MAIL.c.leased_until <= _NOW),
    )
    .order_by(_MAIL.c.next_attempt_at, _MAIL.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_LEASE = update(_MAIL).where(_OF_THESE).values(leased_until=bindparam("until", type_=UtcDateTime))
_SENT = (
    update(_MAIL)
    .where(_OF_THESE, _IS_PENDING)
    .values(
        state=MailState.SENT,
        settled_at=_NOW,
        leased_until=None,
        last_error=None,
        attempts=_MAIL.c.attempts + 1,
    )
)
LEASE = timedelta(minutes=5)
# How long to wait after each failure; after the last one the mail is given up and shown to a person.
RETRY_AFTER = (
    timedelta(seconds=30),
    *(timedelta(minutes=m) for m in (1, 2, 5, 10, 30)),
    *(timedelta(hours=h) for h in (1, 1, 2)),
    *(timedelta(days=1) for _ in range(3)),
)


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a feature wants to tell one person.

    ``about`` is the kind and id of the subject; ``reply_token`` makes the address answers come back to;
    ``calendar`` is a calendar object with its method. A mail that is not sent before ``expires_at`` never is; before
    ``not_before`` it can still be withdrawn. ``number`` is the left half of its Message-ID, for who looks it up.
    """

    event: str
    about: tuple[str, int]
    to_name: str
    to_address: str
    from_name: str
    language: str
    reply_token: str | None = None
    calendar: tuple[str, bytes] | None = None
    expires_at: datetime | None = None
    not_before: datetime | None = None
    in_reply_to: str | None = None
    number: str | None = None
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail under our lease, with what the server needs of it."""

    id: int
    event: str
    raw: bytes
    sender: str
    recipient: str
    expires_at: datetime | None
    leased_until: datetime


def answer_address(settings: Settings, token: str | None) -> str:
    """The address of ours that carries ``token``: ``name+TOKEN@domain``; without one, the general address."""
    name = settings.mail_from.rpartition("@")[0]
    return f"{name}+{token}@{settings.answer_domain}" if token else settings.mail_from


def queue(
    session: DbSession, mailing: Mailing, *, settings: Settings, now: datetime, own: Own | None = None
) -> OutgoingMail:
    """Store a mail with its final bytes; it leaves after the transaction is committed, and only then.

    ``own`` are the firm's own texts to speak in, when it is not to be those that count.
    """
    mail = OutgoingMail(**_row(mailing, settings, now, in_use(session) if own is None else own))
    session.add(mail)
    return mail


def queue_all(
    session: DbSession, mails: Iterable[Mailing], own: Own | None = None, *, settings: Settings, now: datetime
) -> None:
    """Store several mails at once, as ``queue`` does; nobody gets them as objects."""
    if listed := list(mails):
        spoken = in_use(session) if own is None else own
        session.connection().execute(_NEW, [_row(each, settings, now, spoken) for each in listed])


def _row(mailing: Mailing, settings: Settings, now: datetime, own: Own) -> dict[str, Any]:
    words = render(mailing.event, mailing.language, settings, mailing.context, own)
    message_id = f"<{mailing.number or secrets.token_hex(16)}@{settings.answer_domain}>"
    sender = answer_address(settings, mailing.reply_token)
    method, calendar = mailing.calendar or (None, None)
    letter = Letter(
        from_name=mailing.from_name,
        from_address=sender,
        to_name=mailing.to_name,
        to_address=mailing.to_address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=calendar,
        calendar_method=method,
        message_id=message_id,
        date=now,
        in_reply_to=mailing.in_reply_to,
        auto_submitted=True,
    )
    kind, subject_id = mailing.about
    return {
        "event": mailing.event,
        "subject_kind": kind,
        "subject_id": subject_id,
        "sender": sender,
        "recipient": mailing.to_address,
        "message_id": message_id,
        "raw": compose(letter),
        "created_at": now,
        "next_attempt_at": mailing.not_before or now,
        "expires_at": mailing.expires_at,
    }


def claim(session: DbSession, *, now: datetime, most: int) -> list[Parcel]:
    """Take up to ``most`` mails that are due, oldest first, under a lease; other workers pass them by."""
    session.execute(_EXPIRE, {"now": now})
    found = [
        Parcel(*row, leased_until=now + LEASE) for row in session.execute(_DUE, {"now": now, "most": most})
    ]
    if found:
        session.execute(_LEASE, {"ids": [each.id for each in found], "until": now + LEASE})
    return found


def settle_sent(session: DbSession, mail_ids: Sequence[int], *, now: datetime) -> None:
    """The mail server has accepted these; in one statement, whatever their number."""
    session.execute(_SENT, {"ids": mail_ids, "now": now})


def settle_failed(mail: OutgoingMail, reason: str, *, permanent: bool, now: datetime) -> None:
    """It was not accepted: try again later, or give up after a permanent refusal or the last try."""
    mail.leased_until, mail.last_error = None, reason
    tried, mail.attempts = mail.attempts, mail.attempts + 1
    if permanent or tried >= len(RETRY_AFTER):
        mail.state, mail.settled_at = MailState.FAILED, now
    else:
        mail.next_attempt_at = now + RETRY_AFTER[tried]


def resend(session: DbSession, mail_id: int, *, now: datetime) -> bool:
    """Let a mail that was given up be sent once more: the same bytes, the same Message-ID, a fresh row of tries.

    Gives whether there was anything to do: only a failed mail is sent again, so that pressing twice is once.
    """
    mail = session.get(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.state != MailState.FAILED:
        return False
    mail.state, mail.attempts, mail.next_attempt_at = MailState.PENDING, 0, now
    mail.settled_at = mail.leased_until = None
    session.flush()
    return True


def withdraw(session: DbSession, mail_id: int, *, now: datetime) -> bool:
    """Take back a mail whose time has not come, as if never written; gives whether that was in time."""
    mail = session.get(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.state != MailState.PENDING or mail.attempts or mail.next_attempt_at <= now:
        return False
    session.delete(mail)
    session.flush()
    return True


def oldest_waiting(session: DbSession) -> datetime | None:
    """Since when the oldest mail waits that is still to be sent; None when nothing waits."""
    return session.scalar(
        select(func.min(OutgoingMail.created_at)).where(OutgoingMail.state == MailState.PENDING)
    )


def beat(session: DbSession, worker: str, *, now: datetime) -> None:
    """Note that a worker is at work."""
    session.merge(Heartbeat(worker=worker, seen_at=now))


def last_heartbeat(session: DbSession) -> datetime | None:
    """When any worker was last seen at work."""
    return session.scalar(select(func.max(Heartbeat.seen_at)))


def sent_lately(session: DbSession, event: str, recipient: str, *, since: datetime) -> int:
    """How many mails of this event were queued for an address since then, in whatever case it was typed."""
    return session.scalars(
        select(func.count())
        .select_from(OutgoingMail)
        .where(
            func.lower(OutgoingMail.recipient) == recipient.lower(),
            OutgoingMail.event == event,
            OutgoingMail.created_at > since,
        )
    ).one()
