"""What a visitor sees of an advisor's hours and own rules as they stand in this transaction, kept or only tried."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from consult import availability, clock
from consult.booking.hosts import held_with
from consult.booking.kind_rules import rules_of
from consult.booking.offering import Wish, offer
from consult.booking.reasons import contradiction_sentence
from consult.booking.services import active_meeting_types
from consult.database import db
from consult.people.schedules import work_calendars
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from consult.booking.models import MeetingType
    from consult.people.models import Advisor
    from consult.people.schedules import WorkCalendar

SHOWN_DAYS = timedelta(days=20)
MOST_SEEN = 7
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def today() -> date:
    """The date on the firm's clock."""
    return dates.local_date(clock.now(), current.settings().timezone)


def kinds_of(advisor: Advisor) -> list[MeetingType]:
    """The kinds of talk that this advisor can hold."""
    return held_with(active_meeting_types(db.session), advisor.id)


def preview(advisor: Advisor, wanted: str | None) -> dict[str, Any]:
    """What the part ``desk/hours_seen.html`` shows: the moments of the kind that is wanted, and what contradicts."""
    kinds = kinds_of(advisor)
    kind = next((each for each in kinds if each.slug == wanted), next(iter(kinds), None))
    return {
        "kind": kind,
        "seen": _seen(advisor, kind) if kind else [],
        "warnings": _warnings(advisor, kinds),
    }


def rules_rows(advisor: Advisor) -> list[list[str]]:
    """Per kind of talk what holds for this advisor, the own rules included; as rows of a table."""
    own, language = _calendar(advisor).own, current.language()
    return [
        [
            kind.name if language == "nl" else kind.name_en,
            *(
                f"{number:g}" if number is not None else "–"
                for number in _numbers(availability.tightened(rules_of(kind), own))
            ),
        ]
        for kind in kinds_of(advisor)
    ]


def _numbers(rules: availability.MeetingRules) -> tuple[float | None, ...]:
    return (
        rules.length / MINUTE,
        rules.buffer_before / MINUTE,
        rules.buffer_after / MINUTE,
        round(rules.notice / HOUR, 1),
        rules.horizon,
        rules.per_day,
        rules.per_week,
    )


def _calendar(advisor: Advisor) -> WorkCalendar:
    return work_calendars(db.session, (advisor.id,), now=clock.now())[advisor.id]


def _warnings(advisor: Advisor, kinds: Sequence[MeetingType]) -> list[tuple[str, str]]:
    """What can never work in these hours with these rules, by kind of talk."""
    calendar, language = _calendar(advisor), current.language()
    return [
        (kind.name if language == "nl" else kind.name_en, contradiction_sentence(each))
        for kind in kinds
        for each in availability.contradictions(
            availability.tightened(rules_of(kind), calendar.own), calendar.week
        )
    ]


def _seen(advisor: Advisor, kind: MeetingType) -> list[tuple[str, list[str]]]:
    """The first days on which a visitor is offered something, each with its times from first to last."""
    zone, language = current.settings().timezone, current.language()
    wish = Wish(kind, (advisor.id,), zone)
    step = timedelta(minutes=kind.step_minutes)
    days: dict[date, list[list[datetime]]] = {}
    for slot in offer(db.session, wish, today(), today() + SHOWN_DAYS, now=clock.now()):
        runs = days.setdefault(dates.local_date(slot.start, zone), [])
        if runs and slot.start - runs[-1][-1] == step:
            runs[-1].append(slot.start)
        else:
            runs.append([slot.start])
    return [
        (dates.day(on, language), [_run(run) for run in runs]) for on, runs in list(days.items())[:MOST_SEEN]
    ]


def _run(starts: Sequence[datetime]) -> str:
    """Starts that follow one another, from the first to the last."""
    zone, language = current.settings().timezone, current.language()
    ends = dict.fromkeys(dates.zoned_time(at, zone, language) for at in (starts[0], starts[-1]))
    return " – ".join(ends)
