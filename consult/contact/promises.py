"""The promise: by when a first answer comes, by topic and urgency, on the business clock.

A promise stands until it is kept or made anew: while we wait for the visitor nothing runs, and what the visitor then
writes gets a new one. Knows no mail.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.people.schedules import business_clocks
from consult.worktime import NoWorkingTime, Promise

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.people.models import Topic
    from consult.settings import Settings

FIRST_ANSWER = Promise(working_days=1)
URGENT_ANSWER = Promise(working_time=timedelta(hours=2))
WARN_AT = 0.75
DAY = timedelta(days=1)


def promise_for(topic: Topic | None, *, urgent: bool) -> Promise:
    """What the topic promises; without one the end of the next working day, or two working hours when urgent."""
    if topic is None:
        return URGENT_ANSWER if urgent else FIRST_ANSWER
    if urgent:
        return Promise(working_time=timedelta(minutes=topic.urgent_minutes))
    return Promise(working_days=topic.answer_days)


def make_promise(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> None:
    """Set by when the question is answered, and when its advisor is warned.

    Counts on the advisor's own hours, absences and holidays; on the firm's without an advisor or without hours.
    """
    topic = enquiry.topic or (enquiry.page.topic if enquiry.page else None)
    promise = promise_for(topic, urgent=enquiry.urgent)
    for clock in business_clocks(session, enquiry.advisor, settings=settings, now=now):
        try:
            due = clock.due(now, promise)
            set_promise(enquiry, due, warn_at=clock.part_way(now, due, WARN_AT))
        except NoWorkingTime:
            continue
        return
    set_promise(enquiry, now + DAY, warn_at=now + DAY * WARN_AT)


def set_promise(enquiry: Enquiry, answer_by: datetime, *, warn_at: datetime | None) -> None:
    """Promise an answer by then, and warn at ``warn_at``; up to the first answer it is that one that is promised."""
    enquiry.answer_by, enquiry.due_soon_at = answer_by, warn_at
    if enquiry.answered_at is None:
        enquiry.first_answer_by = answer_by


def take_up_promise(enquiry: Enquiry, *, now: datetime) -> None:
    """Let a promise run that nobody could keep until now; its advisor is warned within what is left of it."""
    enquiry.due_soon_at = now + max(enquiry.answer_by - now, timedelta()) * WARN_AT


def agree_on(enquiry: Enquiry, window_from: datetime, window_until: datetime) -> None:
    """Promise what was agreed with the visitor: to call within this window, and warn when it begins."""
    set_promise(enquiry, window_until, warn_at=window_from)
