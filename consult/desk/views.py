"""The desk's lists: what to do today, and the inbox; and what every page of the desk shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import g, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.desk import (
    absence_views,
    booking_act_views,
    booking_queries,
    booking_views,
    calendar_views,
    enquiry_views,
    group_views,
    items,
    left_mail_views,
    moment_views,
    more_views,
    post_views,
    queries,
    today_items,
    today_queries,
    urgent_views,
)
from consult.desk.guard import Colleague, desk, page
from consult.desk.queries import View
from consult.timespan import Span
from consult.web import current, dates
from consult.web.assets import asset
from consult.web.text import LENGTHS, clean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "absence_views",
    "booking_act_views",
    "booking_views",
    "calendar_views",
    "desk",
    "enquiry_views",
    "group_views",
    "inbox",
    "left_mail_views",
    "moment_views",
    "more_views",
    "post_views",
    "today",
    "urgent_views",
]

# The colleagues' questions are named by who has them.
NAMES_ADVISOR = frozenset({View.TEAM, View.ALL})


@dataclass(frozen=True, slots=True)
class Pages:
    """What the ``pagination`` macro shows."""

    number: int
    total: int
    previous_href: str | None
    next_href: str | None


@page("/")
def today(who: Colleague) -> str:
    """What must be done now, in the order in which it was promised."""
    now = clock.now()
    rows = queries.to_do(db.session, who)
    reactions = [row for row in rows if items.is_reaction(row)]
    calls = [row for row in rows if items.is_call(row) and row not in reactions]
    questions = [row for row in rows if row not in reactions and row not in calls]
    zone = current.settings().timezone
    return render_template(
        "desk/today.html",
        day=_capital(dates.day(dates.local_date(now, zone), current.language(), year=True)),
        talks=[items.talk_item(row) for row in booking_queries.on_day(db.session, who, _day_of(now, zone))],
        questions=[items.question_item(row, now) for row in questions],
        calls=[items.question_item(row, now) for row in calls],
        reactions=[items.question_item(row, now) for row in reactions],
        unassigned=[items.question_item(row, now) for row in queries.of_nobody(db.session, who)],
        more=max(0, _counts(who)[View.MINE] - len(rows)),
        waiting=today_items.sections(db.session, who, now=now),
        left=today_queries.mails_left(db.session) if who.sees_left_mail else 0,
    )


@page("/vragen")
def inbox(who: Colleague) -> str:
    """One view of the inbox; view, search and page stand in the address."""
    view, search, number = _asked_for()
    now = clock.now()
    listed = queries.inbox(db.session, who, view, search=search, number=number)
    return render_template(
        "desk/inbox.html",
        view=view,
        search=search,
        tabs=_tabs(who, view, search),
        items=[items.inbox_item(row, now, name_advisor=view in NAMES_ADVISOR) for row in listed.rows],
        pages=_pages(listed, lambda other: _inbox_href(view, search, other)),
        everywhere=_inbox_href(View.ALL, search),
        label=_labels()[view],
    )


@desk.context_processor
def _around() -> dict[str, Any]:
    """The menu and who is signed in; nothing for who is not let in."""
    who: Colleague | None = g.get("colleague")
    if who is None:
        return {}
    portrait = asset(who.advisor.portrait) if who.advisor and who.advisor.portrait else None
    return {
        "desk_menu": _menu(who),
        "signed_in": {"name": who.name, "photo_href": portrait},
        "sign_out_href": url_for("security.logout"),
        "lengths": LENGTHS,
    }


def _menu(who: Colleague) -> list[dict[str, Any]]:
    here = request.path
    entries = (
        (gettext("Vandaag"), url_for("desk.today"), "today", 0),
        (gettext("Vragen"), url_for("desk.inbox"), "inbox", _counts(who)[View.MINE]),
        (gettext("Afspraken"), url_for("desk.bookings"), "calendar", 0),
        (gettext("Bijeenkomsten"), url_for("desk.group_sessions"), "people", 0),
        (gettext("Agenda’s"), url_for("desk.calendars"), "clock", 0),
        (gettext("Afwezig"), url_for("desk.absent"), "person", 0),
        (gettext("Post"), url_for("desk.post"), "mail", 0),
    )
    start = url_for("desk.today")
    return [
        {
            "label": label,
            "href": href,
            "icon": icon,
            "count": count,
            "current": here == href if href == start else here.startswith(href),
        }
        for label, href, icon, count in entries
    ]


def _counts(who: Colleague) -> dict[View, int]:
    if "desk_counts" not in g:
        g.desk_counts = queries.counters(db.session, who)
    counts: dict[View, int] = g.desk_counts
    return counts


def _asked_for() -> tuple[View, str, int]:
    asked = request.args.get("weergave", "")
    view = View(asked) if asked in set(View) else View.MINE
    search = clean(request.args.get("zoek", ""))[:100]
    return view, search, max(1, request.args.get("bladzijde", 1, type=int))


def _labels() -> dict[View, str]:
    return {
        View.MINE: gettext("Mijn vragen"),
        View.NOBODY: gettext("Van niemand"),
        View.TEAM: gettext("Team"),
        View.WAITING: gettext("Wacht op klant"),
        View.DONE: gettext("Klaar"),
        View.ALL: gettext("Alles"),
    }


def _tabs(who: Colleague, chosen: View, search: str) -> list[dict[str, Any]]:
    counts = _counts(who)
    return [
        {
            "label": label,
            "href": _inbox_href(view, search),
            "current": view is chosen,
            "count": counts.get(view, 0),
        }
        for view, label in _labels().items()
    ]


def _inbox_href(view: View, search: str, number: int = 1) -> str:
    return url_for(
        "desk.inbox",
        weergave=view.value,
        zoek=search or None,
        bladzijde=number if number > 1 else None,
    )


def _pages(listed: queries.Listed, href: Callable[[int], str]) -> Pages:
    number, total = listed.number, listed.total
    return Pages(
        number,
        total,
        href(number - 1) if number > 1 else None,
        href(number + 1) if number < total else None,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day_of(now: datetime, zone: str) -> Span:
    """The day on the clock of ``zone``, which has 23, 24 or 25 hours."""
    tz = ZoneInfo(zone)
    date = now.astimezone(tz).date()
    start, end = (datetime.combine(day, time.min, tz) for day in (date, date + timedelta(days=1)))
    return Span(start, end)
