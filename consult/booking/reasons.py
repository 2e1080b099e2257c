"""Why a moment is not free, and what contradicts in the rules of a kind of talk, in Dutch sentences for the desk.

The engine finds the reasons; here they become words. Knows no page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import select

from consult import availability
from consult.availability import BusyKind, Conflict, Days, Host, Rule, Terms
from consult.booking.kind_rules import rules_of
from consult.booking.offering import advisor_names, hosts_for
from consult.people.models import Advisor
from consult.people.schedules import work_calendars
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from consult.availability import Contradiction, MeetingRules, Refusal
    from consult.booking.models import MeetingType
    from consult.booking.offering import Wish
    from consult.database import DbSession
    from consult.people.schedules import WorkCalendar

# Four weeks hold every rhythm of hours that there is.
LOOKED_AHEAD = timedelta(days=28)
MAX_AHEAD = timedelta(days=4000)


def why_not(session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime) -> dict[int, list[str]]:
    """Per advisor of the wish the sentences that say why this moment is not free; an empty list: it is.

    Asked of each advisor alone, as the offer is. The times are those of ``wish.zone``. Needs an app context.
    """
    zone = ZoneInfo(wish.zone)
    on = min(max(starts_at, now), now + MAX_AHEAD).astimezone(zone).date()
    found: dict[int, list[str]] = {}
    for host in hosts_for(session, wish, Days(on, on, zone), now=now):
        refusals = availability.why_not((host,), starts_at, wish.terms(now))
        found[host.id] = [sentence(refusal, wish.zone) for refusal in refusals]
    return found


def contradictions_of(session: DbSession, meeting_type: MeetingType, *, now: datetime) -> list[str]:
    """What can never work in the rules of a kind of talk, with the hours of those who hold it, or of everybody here.

    What is wrong with all is told once; what is wrong with the hours of some names them.
    """
    rules = rules_of(meeting_type)
    ids = tuple(meeting_type.host_ids) or tuple(session.scalars(select(Advisor.id).where(Advisor.active)))
    names = advisor_names(session, ids)
    calendars = work_calendars(session, ids, now=now)
    found: dict[str, list[str]] = {}
    for advisor_id, calendar in calendars.items():
        theirs = availability.tightened(rules, calendar.own)
        for each in availability.contradictions(theirs, calendar.week):
            found.setdefault(contradiction_sentence(each), []).append(names[advisor_id])
    told = [
        text if len(whose) == len(calendars) else f"{', '.join(sorted(whose))}: {text}"
        for text, whose in found.items()
    ]
    if not found and len(calendars) > 1 and meeting_type.host_ids and not _share_hours(calendars, rules, now):
        told.append(gettext("Deze adviseurs hebben samen geen tijd waarin dit gesprek past."))
    return told


def _share_hours(calendars: Mapping[int, WorkCalendar], rules: MeetingRules, now: datetime) -> bool:
    """Whether some moment of the weeks to come is in the hours of all, whatever they are busy with or away for."""
    days = Days(now.date(), now.date() + LOOKED_AHEAD, ZoneInfo("UTC"))
    rules = replace(rules, horizon=LOOKED_AHEAD.days + 1)
    first, last = days.first - timedelta(days=1), days.last + timedelta(days=1)
    hosts = [
        Host(each, availability.compile_schedule(calendar.week, (), rules, first, last))
        for each, calendar in calendars.items()
    ]
    return bool(availability.together(hosts, days, Terms(now, urgent=True), at_most=1))


def sentence(refusal: Refusal, zone: str) -> str:
    """One reason in words, with the times of ``zone``."""
    words = {
        Rule.PAST: gettext("Dit moment is voorbij."),
        Rule.NOTICE: gettext(
            "Dit is te kort van tevoren. Het kan vanaf %(moment)s.", moment=_moment(refusal, zone)
        ),
        Rule.HORIZON: gettext(
            "Dit is te ver vooruit. Het kan tot %(moment)s.", moment=_moment(refusal, zone)
        ),
        Rule.OUTSIDE_HOURS: gettext("Buiten werktijd: %(hours)s.", hours=_hours(refusal, zone)),
        Rule.DAY_CHANGED: gettext(
            "Andere werktijden op deze dag. Niet: %(hours)s.", hours=_hours(refusal, zone)
        ),
        Rule.HOLIDAY: gettext("Feestdag: %(day)s.", day=_day(refusal.on)),
        Rule.OFF_STEP: gettext(
            "Gesprekken beginnen op een rooster vanaf %(time)s uur.", time=_start(refusal, zone)
        ),
        Rule.ABSENT: gettext("Afwezig tot %(moment)s.", moment=_end(refusal, zone)),
        Rule.BUSY: _busy(refusal, zone),
        Rule.BUFFER_AFTER: gettext("Rusttijd na het gesprek van %(time)s uur.", time=_start(refusal, zone)),
        Rule.BUFFER_BEFORE: gettext(
            "Rusttijd voor het gesprek van %(time)s uur.", time=_start(refusal, zone)
        ),
        Rule.DAY_LIMIT: gettext("De grens van %(limit)s per dag is bereikt.", limit=refusal.limit),
        Rule.WEEK_LIMIT: gettext("De grens van %(limit)s per week is bereikt.", limit=refusal.limit),
        Rule.VISITOR_LIMIT: gettext("De bezoeker heeft al %(limit)s afspraken staan.", limit=refusal.limit),
        Rule.NO_SEATS: gettext("Alle %(limit)s plaatsen zijn bezet.", limit=refusal.limit),
    }
    return str(words[refusal.rule])


def contradiction_sentence(found: Contradiction) -> str:
    """One contradiction in words."""
    given, bound = _amount(found.given), _amount(found.bound)
    words = {
        Conflict.NO_HOURS: gettext("Er zijn geen werktijden. Er wordt nooit een moment aangeboden."),
        Conflict.LENGTH_BEYOND_HOURS: gettext(
            "Het gesprek duurt %(given)s, maar het langste blok werktijd is %(bound)s.",
            given=given,
            bound=bound,
        ),
        Conflict.STEP_BEYOND_HOURS: gettext(
            "Om de %(given)s begint een gesprek, maar het langste blok werktijd is %(bound)s.",
            given=given,
            bound=bound,
        ),
        Conflict.NOTICE_BEYOND_HORIZON: gettext(
            "U vraagt %(given)s werktijd vooraf, maar binnen de termijn is er maar %(bound)s.",
            given=given,
            bound=bound,
        ),
        Conflict.DAY_LIMIT_BEYOND_WEEK_LIMIT: gettext(
            "De grens per dag (%(given)s) is hoger dan die per week (%(bound)s).", given=given, bound=bound
        ),
        Conflict.BREAK_OUTSIDE_HOURS: gettext("Een pauze valt buiten de werktijden."),
        Conflict.BLOCKS_OVERLAP: gettext("Twee blokken werktijd op één dag vallen over elkaar."),
    }
    return str(words[found.conflict])


def _busy(refusal: Refusal, zone: str) -> str:
    hours = _hours(refusal, zone)
    words = {
        BusyKind.BOOKING: gettext("Er is al een gesprek: %(hours)s.", hours=hours),
        BusyKind.PENDING: gettext("Er wacht een gesprek op akkoord: %(hours)s.", hours=hours),
        BusyKind.HOLD: gettext("Iemand is dit moment aan het boeken: %(hours)s.", hours=hours),
        BusyKind.GROUP: gettext("Er is een bijeenkomst: %(hours)s.", hours=hours),
        BusyKind.FOREIGN: gettext("De eigen agenda is bezet: %(hours)s.", hours=hours),
    }
    return str(words[refusal.kind or BusyKind.FOREIGN])


def _hours(refusal: Refusal, zone: str) -> str:
    span = refusal.span
    return dates.hours(span.start, span.end, zone, current.language()) if span else ""


def _start(refusal: Refusal, zone: str) -> str:
    return dates.zoned_time(refusal.span.start, zone, current.language()) if refusal.span else ""


def _end(refusal: Refusal, zone: str) -> str:
    return _day_and_time(refusal.span.end, zone) if refusal.span else ""


def _moment(refusal: Refusal, zone: str) -> str:
    return _day_and_time(refusal.until, zone) if refusal.until else gettext("over meer dan een jaar")


def _day_and_time(at: datetime, zone: str) -> str:
    language = current.language()
    time = dates.zoned_time(at, zone, language)
    return gettext("%(day)s %(time)s uur", day=_day(dates.local_date(at, zone)), time=time)


def _day(on: date | None) -> str:
    return dates.day(on, current.language()) if on else ""


def _amount(value: object) -> str:
    """A length of time in hours and minutes; a number as it is."""
    if not isinstance(value, timedelta):
        return str(value)
    hours, minutes = divmod(int(value / timedelta(minutes=1)), 60)
    if not hours:
        return gettext("%(minutes)s minuten", minutes=minutes)
    if not minutes:
        return gettext("%(hours)s uur", hours=hours)
    return gettext("%(hours)s uur en %(minutes)s minuten", hours=hours, minutes=minutes)
