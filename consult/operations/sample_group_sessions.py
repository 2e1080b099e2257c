"""A group session of the sample firm, through the services that pages use: so its mail can be read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consult.activity.services import SYSTEM
from consult.availability import Days
from consult.booking.groups import hosts as group_hosts
from consult.booking.groups import planning as group_planning
from consult.booking.groups import seats as group_seats
from consult.booking.models import Place
from consult.contact.models import ContactPage
from consult.web.dates import local_date

if TYPE_CHECKING:
    from consult.booking.groups.models import GroupSession
    from consult.database import DbSession
    from consult.operations.sample.shapes import SamplePlan
    from consult.settings import Settings

SLUG = "kennissessie-wijkgesprekken"
LENGTH = timedelta(minutes=90)
FROM_DAYS, SEARCHED_DAYS = 14, 28
COMING = 5
DESCRIPTION = (
    "Hoe voert u een wijkgesprek als de meningen ver uit elkaar liggen? Twee gemeenten vertellen wat bij hen werkte, "
    "en wat niet. Daarna is er tijd voor uw vragen."
)
DESCRIPTION_EN = (
    "How do you hold a neighbourhood conversation when opinions are far apart? Two municipalities tell what worked "
    "for them, and what did not. There is time for your questions afterwards."
)


def sample_group_sessions(session: DbSession, plan: SamplePlan, *, settings: Settings) -> GroupSession | None:
    """One knowledge session in a few weeks, with two hosts and some who come; None when two are never free together."""
    page = session.scalars(select(ContactPage).order_by(ContactPage.id).limit(1)).first()
    if page is None:
        return None
    host_ids = tuple(row.advisor_id for row in page.people if row.advisor.active)[:2]
    first = local_date(plan.now, settings.timezone) + timedelta(days=FROM_DAYS)
    days = Days(first, first + timedelta(days=SEARCHED_DAYS), ZoneInfo(settings.timezone))
    free = group_hosts.common_moments(session, host_ids, LENGTH, days, now=plan.now) if host_ids else ()
    for slot in free:
        new = group_planning.NewGroupSession(
            slug=SLUG,
            title="Kennissessie: wijkgesprekken die verder komen",
            title_en="Knowledge session: neighbourhood conversations that get somewhere",
            description=DESCRIPTION,
            description_en=DESCRIPTION_EN,
            starts_at=slot.start,
            ends_at=slot.end,
            host_ids=host_ids,
            place=Place.VIDEO,
            handout=page.handout,
            handout_title=page.handout_title,
        )
        try:
            group = group_planning.create(session, new, actor=SYSTEM, settings=settings, now=plan.now)
        except group_hosts.HostsBusy:
            # The buffers of the session reach into a talk beside it.
            continue
        _sign_up(session, plan, group, settings)
        return group
    return None


def _sign_up(session: DbSession, plan: SamplePlan, group: GroupSession, settings: Settings) -> None:
    for person in [one for one in plan.contacts if one.email][-COMING:]:
        new = group_seats.NewSeat(
            form_key=f"sample-seat-{person.email}"[:64],
            name=person.name,
            email=person.email,
            organisation=person.organisation,
        )
        group_seats.sign_up(session, group.id, new, settings=settings, now=plan.now)
