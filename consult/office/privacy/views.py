"""Privacy in the office: what tonight erases and by which rule, and what the last nights erased."""

from __future__ import annotations

from flask import render_template

from consult import clock
from consult.contact.held.services import count_to_review
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.privacy.words import ERASED, length, tonight
from consult.privacy import retention
from consult.privacy.upcoming import kept_longer, last_rounds, upcoming
from consult.web import current, dates


@page("/privacy")
def privacy(who: Coordinator) -> str:
    """What the next round erases; the same rules that erase say so."""
    del who
    zone, now = current.settings().timezone, clock.now()
    at = retention.next_round(db.session, zone=zone, now=now)
    due = upcoming(db.session, at=at)
    return render_template(
        "office/privacy/tonight.html",
        at=at,
        due=sorted(due, key=lambda each: each.count == 0),
        sentence=tonight(sum(each.count for each in due), overdue=at == now),
        longer=[
            (reference, dates.day(day, current.language(), year=True))
            for reference, day in kept_longer(db.session, at=at)
        ],
        rounds=last_rounds(db.session),
        held=count_to_review(db.session),
        words=ERASED,
        length=length,
    )
