"""The parts of a talk's page: who answered what, the mail about it both ways, what was proposed, and its series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from consult.booking.models import Booking, BookingState, InviteeRole
from consult.booking.proposals import open_proposals
from consult.booking.series.dates import left_out
from consult.booking.series.models import TalkSeries
from consult.booking.series.pages import how_often, in_words
from consult.database import db
from consult.desk import items, mail_words
from consult.desk.thread.history import MAIL_BADGES
from consult.outbox.models import MailState, OutgoingMail
from consult.postbox import services as postbox
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.activity.models import Activity

ROLES = (InviteeRole.VISITOR, InviteeRole.HOST, InviteeRole.GUEST)
MOST_MAILS = 40
# The event of a mail → what it told.
TOLD = {
    "booking-confirmed": _l("Bevestiging"),
    "booking-requested": _l("Aanvraag"),
    "booking-moved": _l("Verzet"),
    "booking-cancelled": _l("Afgezegd"),
    "booking-declined": _l("Afgewezen"),
    "booking-released": _l("Vervallen"),
    "booking-reminder": _l("Herinnering"),
    "booking-handed-over": _l("Andere adviseur"),
    "booking-passed-on": _l("Overgedragen"),
    "advisor-switched": _l("Andere vaste adviseur"),
    "booking-place-changed": _l("Andere plek"),
    "booking-proposed": _l("Voorstel"),
    "booking-proposal-declined": _l("Voorstel afgewezen"),
    "booking-resent": _l("Uitnodiging opnieuw"),
    "booking-guest-proposed": _l("Voorstel van een gast"),
    "booking-message": _l("Bericht"),
    "booking-clash": _l("Botsing"),
    "invite-declined": _l("Iemand komt niet"),
    "series-planned": _l("Reeks gepland"),
    "series-extended": _l("Reeks verlengd"),
    "series-ending": _l("Reeks loopt af"),
    "series-ended": _l("Reeks gestopt"),
    "series-cancelled": _l("Reeks afgezegd"),
    "series-resent": _l("Reeks opnieuw"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one invited person said; ``old`` says to which earlier state of the talk, when it is an old answer."""

    name: str
    address: str
    role: str
    participation: str
    answered_at: datetime | None
    comment: str | None
    old: str | None


def answers_of(booking: Booking, happened: Iterable[Activity]) -> Iterable[Answer]:
    """What everybody but the leading advisor answered to the invite."""
    sequence = booking.sequence + (booking.series.sequence if booking.series else 0)
    moves = [row.at for row in happened if row.what == "booking.moved"]
    for each in booking.invitations:
        if each.role in ROLES:
            old = None
            if each.answered_sequence is not None and each.answered_sequence < sequence:
                was_moved = any(each.answered_at is None or at >= each.answered_at for at in moves)
                old = "moment" if was_moved else "details"
            yield Answer(
                each.name, each.address, each.role, each.participation, each.answered_at, each.comment, old
            )


def all_seen(answers: Iterable[Answer], happened: Iterable[Activity]) -> bool:
    """Whether somebody dealt with every no."""
    seen = max((row.at for row in happened if row.what == "booking.answers_seen"), default=None)
    said = [each.answered_at for each in answers if each.participation == "DECLINED" and each.answered_at]
    return seen is not None and all(at <= seen for at in said)


def mails_in(booking: Booking) -> list[dict[str, Any]]:
    """The mail that came in about a talk."""
    return [
        {
            "sender": mail.sender,
            "what": mail_words.judged(mail.judged),
            "received_at": mail.received_at,
            "text": mail.text,
        }
        for mail in postbox.of_subject(db.session, ("booking", booking.id))
    ]


def proposals_of(booking: Booking) -> list[dict[str, Any]]:
    """The moments that were proposed and wait for an answer."""
    zone, language = current.settings().timezone, current.language()
    return [
        {
            "id": each.id,
            "moment": dates.moment(each.starts_at, each.ends_at, zone, language),
            "comment": each.comment,
            "at": each.at,
        }
        for each in open_proposals(db.session, booking)
    ]


def mails_out(booking: Booking, lead_id: int | None) -> list[dict[str, Any]]:
    """The mails that went out about a talk and its series, newest first, with whether they arrived.

    ``lead_id`` is the first talk of the series: what was told of all of it is kept there.
    """
    about = OutgoingMail.subject_id == booking.id
    if lead_id is not None and lead_id != booking.id:
        of_series = (OutgoingMail.subject_id == lead_id) & OutgoingMail.event.startswith("series-")
        about = or_(about, of_series)
    about = and_(OutgoingMail.subject_kind == "booking", about)
    query = select(OutgoingMail.event, OutgoingMail.recipient, OutgoingMail.created_at, OutgoingMail.state)
    rows = db.session.execute(query.where(about).order_by(OutgoingMail.id.desc()).limit(MOST_MAILS))
    return [
        {
            "what": str(TOLD.get(event, event)),
            "to": to,
            "at": items.stamp(at),
            "badge": MAIL_BADGES[MailState(state)],
        }
        for event, to, at, state in rows
    ]


def series_of(booking: Booking, now: datetime) -> dict[str, Any] | None:
    """The rhythm that a talk belongs to, and its other talks; None for a talk on its own."""
    if booking.series_id is None:
        return None
    series = db.session.get_one(
        TalkSeries, booking.series_id, options=[selectinload(TalkSeries.talks)], populate_existing=True
    )
    talks = sorted(series.talks, key=lambda talk: talk.starts_at)
    coming = [talk for talk in talks if talk.state == BookingState.CONFIRMED and talk.starts_at > now]
    return {
        "rhythm": how_often(series.frequency, series.starts_at, series.zone),
        "skipped": in_words(left_out(series), series.advisor),
        "talks": [
            {
                "reference": talk.reference,
                "moment": items.talk_moment(talk),
                "state": talk.state,
                "moved": talk.original_start is not None and talk.original_start != talk.starts_at,
                "is_this": talk.id == booking.id,
            }
            for talk in talks
        ],
        "lead_id": series.lead.id,
        "more_after": any(talk.starts_at > booking.starts_at for talk in coming),
        "has_coming": bool(coming),
    }
