"""Rows of the desk's lists as one line on a screen: who, what it is about, by when, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext

from consult.contact.models import Channel, EnquiryState
from consult.web import current, dates

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.desk.agenda.talk_queries import BookingRow
    from consult.desk.inbox.queries import EnquiryRow

SUBJECT_LENGTH = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """What ``inbox_item`` shows."""

    href: str
    name: str
    organisation: str | None
    subject: str
    due: str
    when: str
    badge: str | None
    unread: bool
    late: bool
    select_name: str | None = None
    select_value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """What ``agenda_item`` shows."""

    href: str
    time: str | None
    title: str
    detail: str
    badge: str | None
    late: bool = False


def inbox_item(
    row: EnquiryRow, now: datetime, *, name_advisor: bool = False, may_tick: bool = False
) -> InboxItem:
    """A question in the inbox; ``may_tick``: it can be chosen for an act on several."""
    late, has_news = is_late(row, now), is_reaction(row)
    who = [row.organisation, row.advisor or gettext("van niemand")] if name_advisor else [row.organisation]
    return InboxItem(
        href=url_for("desk.enquiry", reference=row.reference),
        name=row.name,
        organisation=" · ".join(filter(None, who)),
        subject=subject(row.opening),
        due=due(row, now),
        when=stamp(row.asked_at),
        badge=_badge(row, now, late=late),
        unread=row.state == EnquiryState.OPEN and (row.answered_at is None or has_news),
        late=late,
        select_name="vraag" if may_tick else None,
        select_value=row.reference if may_tick else None,
    )


def question_item(row: EnquiryRow, now: datetime) -> AgendaItem:
    """A question among the things to do today."""
    late = is_late(row, now)
    return AgendaItem(
        href=url_for("desk.enquiry", reference=row.reference),
        time=None,
        title=row.name if not row.organisation else f"{row.name}, {row.organisation}",
        detail=f"{due(row, now)} · {subject(row.opening)}",
        badge="late" if late else ("urgent" if row.urgent else None),
        late=late,
    )


def earlier_item(row: EnquiryRow, now: datetime, *, name_asker: bool = False) -> AgendaItem:
    """Another question of the same person, or with ``name_asker`` of somebody else there."""
    asker = [row.name] if name_asker else []
    return AgendaItem(
        href=url_for("desk.enquiry", reference=row.reference),
        time=None,
        title=subject(row.opening),
        detail=" · ".join([*asker, stamp(row.asked_at), row.advisor or gettext("van niemand")]),
        badge="late" if is_late(row, now) else row.state,
    )


def talk_item(row: BookingRow, *, with_day: bool = False, name_advisor: bool = False) -> AgendaItem:
    """A talk in a list; ``with_day`` where the list has more days than one."""
    zone, language = current.settings().timezone, current.language()
    kind = row.kind if language == "nl" else row.kind_en
    parts = [dates.hours(row.starts_at, row.ends_at, zone, language), kind, place_name(row.place)]
    if with_day:
        parts.insert(0, dates.day(dates.local_date(row.starts_at, zone), language))
    if name_advisor:
        parts.append(row.advisor)
    answered = row.participation.lower() if row.participation else None
    return AgendaItem(
        href=url_for("desk.booking", reference=row.reference),
        time=None if with_day else dates.hours(row.starts_at, row.ends_at, zone, language).partition(" ")[0],
        title=row.name if not row.organisation else f"{row.name}, {row.organisation}",
        detail=" · ".join(parts if with_day else parts[1:]),
        badge="cancelled" if row.state == "cancelled" else answered,
    )


def is_late(row: EnquiryRow, now: datetime) -> bool:
    """Whether a promise is broken: nobody answered, and the promised moment has passed."""
    return row.state == EnquiryState.OPEN and row.answer_by < now and not _answered_since(row)


def is_reaction(row: EnquiryRow) -> bool:
    """Whether the visitor wrote again after we answered."""
    return row.state == EnquiryState.OPEN and row.answered_at is not None and row.wrote_at is not None


def is_call(row: EnquiryRow) -> bool:
    """Whether the visitor waits for a call."""
    return row.channel == Channel.PHONE


def due(row: EnquiryRow, now: datetime) -> str:
    """By when something is promised; nothing when it is not our move."""
    if row.state != EnquiryState.OPEN:
        return ""
    zone, language = current.settings().timezone, current.language()
    moment = dates.deadline(row.answer_by, now, zone, language)
    return gettext("uiterlijk %(moment)s", moment=moment)


def place_name(place: str) -> str:
    """Where a talk is held, in a word or two."""
    names = {
        "video": gettext("online"),
        "phone": gettext("telefonisch"),
        "office": gettext("bij ons op kantoor"),
        "visit": gettext("op bezoek"),
        "neutral": gettext("op een neutrale plek"),
    }
    return names.get(place, place)


def talk_moment(booking: Booking) -> str:
    """Day and hours of a talk."""
    return dates.moment(booking.starts_at, booking.ends_at, current.settings().timezone, current.language())


def subject(opening: str) -> str:
    """How a question begins: its first line, cut at a word where it is long."""
    line = " ".join(opening.strip().partition("\n")[0].split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[:SUBJECT_LENGTH].rsplit(' ', 1)[0]} …"


def stamp(at: datetime) -> str:
    """A moment in the past, short."""
    return dates.stamp(at, current.settings().timezone, current.language())


def _answered_since(row: EnquiryRow) -> bool:
    return row.answered_at is not None and row.wrote_at is None


def _badge(row: EnquiryRow, now: datetime, *, late: bool) -> str | None:
    if late:
        return "late"
    if row.snoozed_until is not None and row.snoozed_until > now:
        return "snoozed"
    if row.urgent and row.state == EnquiryState.OPEN:
        return "urgent"
    return row.state if row.state != EnquiryState.OPEN else None
