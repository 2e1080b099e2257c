"""Vandaag as a page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import render_template

from consult import clock
from consult.contact.held.services import count_to_review
from consult.database import db
from consult.desk import items
from consult.desk.agenda import talk_queries
from consult.desk.guard import Colleague, page
from consult.desk.inbox import queries
from consult.desk.inbox.counting import counts
from consult.desk.inbox.views_of import View
from consult.desk.schedule import absences
from consult.desk.today import items as today_items
from consult.desk.today import queries as today_queries
from consult.people.absences import is_away
from consult.timespan import Span
from consult.web import current, dates


@page("/")
def today(who: Colleague) -> str:
    """What must be done now, in the order in which it was promised."""
    now = clock.now()
    urgent = today_items.urgent_lines(db.session, who)
    shown_above = {line.reference for line in urgent}
    mine = queries.to_do(db.session, who, now=now)
    rows = [row for row in mine if row.reference not in shown_above]
    reactions = [row for row in rows if items.is_reaction(row)]
    calls = [row for row in rows if items.is_call(row) and row not in reactions]
    questions = [row for row in rows if row not in reactions and row not in calls]
    zone = current.settings().timezone
    return render_template(
        "desk/today.html",
        day=_capital(dates.day(dates.local_date(now, zone), current.language(), year=True)),
        talks=[
            items.talk_item(row)
            for row in talk_queries.on_day(db.session, who, _day_of(now, zone))
            if row.ends_at > now
        ],
        questions=[items.question_item(row, now) for row in questions],
        calls=[items.question_item(row, now) for row in calls],
        reactions=[items.question_item(row, now) for row in reactions],
        unassigned=[items.question_item(row, now) for row in queries.of_nobody(db.session, who, now=now)],
        more=max(0, counts(who)[View.MINE] - len(mine)),
        waiting=today_items.sections(db.session, who, now=now),
        held=count_to_review(db.session) if who.coordinator else 0,
        urgent=[line.item for line in urgent],
        to_take_back=_to_take_back(who, now),
        back_from=absences.lately(db.session, who.advisor_id, now=now) if who.advisor_id else None,
        silent=today_items.silent_lines(db.session, who, now=now),
        left=today_queries.mails_left(db.session) if who.sees_left_mail else 0,
    )


def _to_take_back(who: Colleague, now: datetime) -> list[items.AgendaItem]:
    """What a stand-in has of mine, from the moment that I am back."""
    taken_over = queries.to_take_back(db.session, who.advisor.id) if who.advisor else []
    # Whether somebody is away is asked only when there is something to take back.
    if who.advisor is None or not taken_over or is_away(db.session, who.advisor.id, now=now):
        return []
    return [items.question_item(row, now) for row in taken_over]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day_of(now: datetime, zone: str) -> Span:
    """The day on the clock of ``zone``, which has 23, 24 or 25 hours."""
    tz = ZoneInfo(zone)
    date = now.astimezone(tz).date()
    start, end = (datetime.combine(day, time.min, tz) for day in (date, date + timedelta(days=1)))
    return Span(start, end)
