"""What the figures of the sample firm count beside questions and talks: hand-outs that were read, and switches.

The same for the same plan. Every hand-over of a question in the plan is a switch, with the reason that was given.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from consult.activity.models import Activity
from consult.activity.services import advisor_actor
from consult.contact.models import HandoutCount
from consult.operations.sample.moments import local_day
from consult.operations.sample_rows import store_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from consult.operations.sample.shapes import PlannedEnquiry, SamplePlan
    from consult.operations.sample_rows import Keys

DAYS = 90
MOST_VIEWS = 9
# Saturday and Sunday, when hardly anybody reads.
WEEKEND = 5


def store_counts(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    """Store how often hand-outs were opened, and who got another advisor."""
    store_plain(session, HandoutCount, list(_handouts(plan, keys)))
    switched = [row for one in plan.enquiries for row in _switches(one, keys)]
    store_plain(session, Activity, switched)


def _handouts(plan: SamplePlan, keys: Keys) -> Iterator[dict[str, Any]]:
    rng, today = Random(f"{plan.seed} handouts"), local_day(plan.now)
    for page in (page for page in plan.content.pages if page.handout):
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            views = rng.randint(0, 1 if day.weekday() >= WEEKEND else MOST_VIEWS)
            if views:
                yield {
                    "page_id": keys.page[page.slug],
                    "day": day,
                    "views": views,
                    "downloads": rng.randint(0, views),
                }


def _switches(one: PlannedEnquiry, keys: Keys) -> Iterator[dict[str, Any]]:
    for entry in one.entries:
        if entry.kind == "handed_over" and entry.to in keys.advisor:
            before = keys.advisor.get(entry.author)
            yield {
                "at": entry.at,
                "subject_kind": "contact",
                "subject_id": keys.contact[one.contact],
                "what": "contact.switched",
                "actor": advisor_actor(before) if before else "system",
                "why": entry.text,
                "data": {
                    "before": before,
                    "advisor": keys.advisor[entry.to],
                    "enquiry": keys.enquiry[one.number],
                },
            }
