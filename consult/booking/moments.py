"""Moments as a page shows them: the first few at once, then a week at a time, forth and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consult.booking.forms import moment_value
from consult.booking.hosts import with_whom
from consult.booking.offering import FAR_DAYS, advisor_names, offer
from consult.booking.services import other_moments
from consult.people.models import Advisor
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from consult.availability import Slot
    from consult.booking.choosing import Choice
    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.settings import Settings

FIRST_MOMENTS = 6
DAYS_AT_ONCE = 7
FIRST_SEARCH_DAYS = 62
# A page of a week stays light: of busy days it shows some moments, spread evenly, and the way to all of the day.
MOST_MOMENTS = 40
NOON = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """One radio button."""

    value: str
    label: str
    advisor: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of radio buttons; ``all_of`` is its date when there are more moments than these."""

    label: str
    moments: tuple[Moment, ...]
    all_of: date | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A page of moments: ``more_from`` is the date from which there is more, ``earlier_from`` that of the page before.

    ``part`` is the part of the day that was asked for, or nothing.
    """

    days: tuple[Day, ...]
    more_from: date | None = None
    earlier_from: date | None = None
    part: str = ""


def page_of_moments(
    session: DbSession,
    choice: Choice,
    args: Mapping[str, str],
    alternatives: Sequence[Slot] = (),
    *,
    now: datetime,
) -> Offered:
    """The moments that the address asks for: the first six, a week from ``vanaf``, or all of the day ``dag``.

    With ``alternatives`` these, whatever the address asks.
    """
    if alternatives:
        return Offered(by_day(session, alternatives, choice))
    wish = choice.wish
    today = now.astimezone(ZoneInfo(wish.zone)).date()
    last = today + timedelta(days=choice.meeting_type.horizon_days)
    start, length = _asked(args, today, last)
    part = args.get("dagdeel", "") if args.get("dagdeel") in {"ochtend", "middag"} else ""
    until = min(last, (start or today) + timedelta(days=length - 1))
    # One more than is shown tells whether there is more.
    enough = None if start or part else FIRST_MOMENTS + 1
    found = offer(session, wish, start or today, max(until, start or today), now=now, at_most=enough)
    slots = [slot for slot in found if _in_part(slot, part, wish.zone)]
    shown, next_day = _first_of(slots, wish.zone, every=start is not None)
    more = next_day or (until + timedelta(days=1) if until < last else None)
    days = _light(by_day(session, shown, choice), shown, wish.zone)
    return Offered(days, more, _earlier(start, today), part)


def page_for_move(
    session: DbSession,
    booking: Booking,
    args: Mapping[str, str],
    alternatives: Sequence[Slot],
    *,
    now: datetime,
) -> Offered:
    """The moments to which a talk can be moved, as many as of ``page_of_moments``; or the alternatives."""
    zone = current.settings().timezone
    today = now.astimezone(ZoneInfo(zone)).date()
    far = booking.series_id is not None
    last = today + timedelta(days=FAR_DAYS if far else booking.meeting_type.horizon_days)
    # A talk of a series may be months away: begin two days before it.
    near = max(today, dates.local_date(booking.starts_at, zone) - timedelta(days=2)) if far else today
    asked, length = _asked(args, today, last)
    start = asked or near
    until = max(start, min(last, start + timedelta(days=length - 1)))
    if alternatives:
        return Offered(_days(alternatives, zone, {}), start)
    enough = None if asked else FIRST_MOMENTS + 1
    slots = other_moments(
        session, booking, start, until, settings=current.settings(), now=now, at_most=enough
    )
    shown, next_day = _first_of(slots, zone, every=asked is not None)
    more = next_day or (until + timedelta(days=1) if until < last else None)
    return Offered(_light(_days(shown, zone, {}), shown, zone), more, _earlier(asked, today))


def by_day(session: DbSession, slots: Sequence[Slot], choice: Choice) -> tuple[Day, ...]:
    """Moments grouped per day; with whom is said where it is not who was chosen, and only one person can."""
    alone = {slot.hosts[0] for slot in slots if len(slot.hosts) == 1}
    if choice.advisor is not None:
        return _days(slots, choice.wish.zone, {}, _advisors(session, alone - {choice.advisor.id}))
    names = advisor_names(session, alone) if len(choice.advisor_ids) > 1 and alone else {}
    return _days(slots, choice.wish.zone, names)


def calendar_links(booking: Booking, settings: Settings) -> dict[str, str]:
    """Links that put the talk into a calendar on the web; the title tells no subject."""
    title = f"{with_whom(booking, current.language())} ({settings.firm_name})"
    start, end = (at.astimezone(UTC) for at in (booking.starts_at, booking.ends_at))
    compact = "%Y%m%dT%H%M%SZ"
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{start.strftime(compact)}/{end.strftime(compact)}",
    }
    outlook = {"rru": "addevent", "subject": title, "startdt": start.isoformat(), "enddt": end.isoformat()}
    return {
        "Google": f"https://calendar.google.com/calendar/render?{urlencode(google)}",
        "Outlook": f"https://outlook.office.com/calendar/0/deeplink/compose?{urlencode(outlook)}",
    }


def _advisors(session: DbSession, ids: Collection[int]) -> dict[int, Advisor]:
    return (
        {each.id: each for each in session.scalars(select(Advisor).where(Advisor.id.in_(ids)))} if ids else {}
    )


def _days(
    slots: Sequence[Slot],
    zone: str,
    names: Mapping[int, str],
    colleagues: Mapping[int, Advisor] | None = None,
) -> tuple[Day, ...]:
    """``names`` of who can, by id; ``colleagues`` are not who was chosen, so that the moment must name them."""
    language = current.language()
    grouped: dict[date, list[Moment]] = {}
    for slot in sorted(slots, key=lambda each: each.start):
        name = names.get(slot.hosts[0]) if len(slot.hosts) == 1 else None
        value = moment_value(slot.start)
        if colleague := (colleagues or {}).get(slot.hosts[0]):
            name, value = colleague.name, f"{value}|{colleague.slug}"
        moment = Moment(value, dates.hours(slot.start, slot.end, zone, language), name)
        grouped.setdefault(dates.local_date(slot.start, zone), []).append(moment)
    return tuple(Day(dates.day(on, language), tuple(moments)) for on, moments in grouped.items())


def _first_of(slots: Sequence[Slot], zone: str, *, every: bool) -> tuple[Sequence[Slot], date | None]:
    """As many of these moments as a page shows, and the day of the first that it does not."""
    ordered = sorted(slots, key=lambda each: each.start)
    if every or len(ordered) <= FIRST_MOMENTS:
        return ordered, None
    return ordered[:FIRST_MOMENTS], dates.local_date(ordered[FIRST_MOMENTS].start, zone)


def _earlier(asked: date | None, today: date) -> date | None:
    """The date at which the page before this one begins; None for the first page, and for one from today."""
    return max(today, asked - timedelta(days=DAYS_AT_ONCE)) if asked and asked > today else None


def _light(days: tuple[Day, ...], slots: Sequence[Slot], zone: str) -> tuple[Day, ...]:
    """The same days with as many moments as a page carries; a page of one day has them all."""
    if len(days) < 2 or len(slots) <= MOST_MOMENTS:
        return days
    each = MOST_MOMENTS // len(days)
    minutes: dict[date, list[int]] = {}
    for slot in sorted(slots, key=lambda each: each.start):
        local = slot.start.astimezone(ZoneInfo(zone))
        minutes.setdefault(local.date(), []).append(local.minute)
    dated = zip(minutes.items(), days, strict=True)
    return tuple(_thinned(day, on, of_day, each) for (on, of_day), day in dated)


def _thinned(day: Day, on: date, minutes: Sequence[int], most: int) -> Day:
    """At most so many moments of a day; whole hours before half ones, and those before the rest."""
    if len(day.moments) <= most:
        return day
    timed = tuple(zip(day.moments, minutes, strict=True))
    pools = ([moment for moment, minute in timed if minute % whole == 0] for whole in (60, 30, 1))
    pool = next(found for found in pools if len(found) >= most or len(found) == len(day.moments))
    return Day(day.label, tuple(pool[number * len(pool) // most] for number in range(most)), on)


def _asked(args: Mapping[str, str], today: date, last: date) -> tuple[date | None, int]:
    """The date that an address asks for, and how many days from there on; without a date the first that come."""
    if day := _read_date(args.get("dag"), today, last):
        return day, 1
    start = _read_date(args.get("vanaf"), today, last)
    return start, DAYS_AT_ONCE if start else FIRST_SEARCH_DAYS


def _in_part(slot: Slot, part: str, zone: str) -> bool:
    if not part:
        return True
    return (slot.start.astimezone(ZoneInfo(zone)).hour < NOON) == (part == "ochtend")


def _read_date(text: str | None, today: date, last: date) -> date | None:
    """The date that an address asks for, between today and the horizon; None for anything else."""
    try:
        asked = date.fromisoformat(text or "")
    except ValueError:
        return None
    return min(max(asked, today), last)
