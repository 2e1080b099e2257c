"""Open a mail that came in: judge it, and hand what is in it to the feature it is about.

Features are handed in; none is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from consult.outbox.models import MailState, OutgoingMail
from consult.outbox.services import answer_address
from consult.postbox.addresses import Own
from consult.postbox.classify import Judgement, Kind, envelope, judge
from consult.postbox.models import ArrivalState, IncomingMail
from consult.postbox.outcome import Arrived, Correspondent, Judged, Verdict
from consult.postbox.services import leave, settle

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.postbox.bounces import Bounce
    from consult.settings import Settings

Correspondents: TypeAlias = tuple[Correspondent, ...]


def open_mail(
    session: DbSession,
    mail: IncomingMail,
    correspondents: Correspondents,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Judge a mail and do what it asks. What nobody can act on is left for a person; twice is once."""
    if mail.state != ArrivalState.RECEIVED:
        return
    own = Own.of(settings)
    judgement = judge(mail.raw, own)
    mail.subject_kind, mail.subject_id = _subject(session, mail.token, correspondents, settings)
    arrived = Arrived(
        mail.id,
        mail.content_hash,
        mail.token,
        mail.sender,
        envelope(mail.raw, own).sender_name,
        mail.received_at,
    )
    if judgement.bounce is not None:
        _bounced(session, mail, judgement.bounce, correspondents, settings=settings, now=now)
    elif judgement.kind in {Kind.OWN, Kind.AUTOMATIC}:
        settle(mail, ArrivalState.IGNORED, Judged(judgement.kind), now=now, text=judgement.text or None)
    elif judgement.kind is Kind.ANSWER:
        _take(mail, _answered(session, arrived, judgement, correspondents, settings, now), now=now)
    elif judgement.kind is Kind.TEXT:
        _take(mail, _written(session, arrived, judgement, correspondents, settings, now), now=now)
        mail.text = mail.text or judgement.text or None
    else:
        leave(mail, judgement.flaw or judgement.kind, now=now)


def _subject(
    session: DbSession, token: str | None, correspondents: Correspondents, settings: Settings
) -> tuple[str, int] | tuple[None, None]:
    if token is not None:
        for each in correspondents:
            found = each.locate(session, token, settings=settings)
            if found is not None:
                return each.kind, found
    return None, None


def _answered(
    session: DbSession,
    arrived: Arrived,
    judgement: Judgement,
    correspondents: Correspondents,
    settings: Settings,
    now: datetime,
) -> Verdict | None:
    """Hand over every answer of the mail; the last verdict stands, and one that is left to a person before others."""
    verdicts = [
        verdict
        for answer in judgement.answers
        for each in correspondents
        if (verdict := each.take_answer(session, arrived, answer, settings=settings, now=now)) is not None
    ]
    return next((each for each in verdicts if each.left), verdicts[-1] if verdicts else None)


def _written(
    session: DbSession,
    arrived: Arrived,
    judgement: Judgement,
    correspondents: Correspondents,
    settings: Settings,
    now: datetime,
) -> Verdict | None:
    # What cannot be taken over is named, so that whoever reads the text knows that there is more.
    text = "\n\n".join(filter(None, (judgement.text, *(f"[{name}]" for name in judgement.attachments))))
    for each in correspondents:
        verdict = each.take_text(session, arrived, text, settings=settings, now=now)
        if verdict is not None:
            return verdict
    return None


def _bounced(
    session: DbSession,
    mail: IncomingMail,
    bounce: Bounce,
    correspondents: Correspondents,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    lost = _lost_mail(session, mail, bounce, settings)
    if lost is None:
        leave(mail, "no mail of ours", now=now, judged=Judged.BOUNCE)
        return
    mail.subject_kind, mail.subject_id = lost.subject_kind, lost.subject_id
    reason = f"{bounce.status} {bounce.reason}".strip()
    settle(mail, ArrivalState.HANDLED, Judged.BOUNCE, now=now, text=reason or None)
    if lost.state == MailState.FAILED:
        return
    lost.state, lost.settled_at, lost.last_error = MailState.FAILED, now, reason
    lost.leased_until = None
    session.flush()
    for each in correspondents:
        if each.kind == lost.subject_kind:
            each.take_bounce(session, lost, bounce, settings=settings, now=now)


def _lost_mail(
    session: DbSession, mail: IncomingMail, bounce: Bounce, settings: Settings
) -> OutgoingMail | None:
    """The mail that came back: by its Message-ID, else the last one from the address that the bounce was sent to."""
    lost = session.scalars(
        select(OutgoingMail).where(OutgoingMail.message_id.in_(bounce.message_ids)).with_for_update()
    ).first()
    if lost is not None or mail.token is None or not bounce.recipient:
        return lost
    return session.scalars(
        select(OutgoingMail)
        .where(
            OutgoingMail.sender == answer_address(settings, mail.token),
            OutgoingMail.recipient == bounce.recipient,
        )
        .order_by(OutgoingMail.id.desc())
        .limit(1)
        .with_for_update()
    ).first()


def _take(mail: IncomingMail, verdict: Verdict | None, *, now: datetime) -> None:
    if verdict is None:
        leave(mail, "unknown address", now=now)
        return
    mail.subject_kind, mail.subject_id = verdict.subject
    if verdict.left:
        leave(mail, verdict.left, now=now, judged=verdict.judged)
        mail.text = verdict.text
    else:
        settle(mail, ArrivalState.HANDLED, verdict.judged, now=now, text=verdict.text)
