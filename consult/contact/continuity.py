"""Who knows whom: the owner of a contact, and of an organisation in a topic. Continuity comes before balance.

The first advisor who answers somebody keeps that person; a hand-over passes the person on with the question. Whoever
stands in for an absent colleague owns nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.activity.services import advisor_actor, record
from consult.people.models import TopicOwner

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.people.models import Advisor


def topic_owner_id(session: DbSession, organisation_id: int, topic_id: int | None) -> int | None:
    """The id of the advisor who knows this organisation in this topic."""
    if topic_id is None:
        return None
    return session.scalar(
        select(TopicOwner.advisor_id).where(
            TopicOwner.organisation_id == organisation_id, TopicOwner.topic_id == topic_id
        )
    )


def topic_owners(session: DbSession, organisation_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """The owners of these organisations by organisation and topic id."""
    rows = session.execute(
        select(TopicOwner.organisation_id, TopicOwner.topic_id, TopicOwner.advisor_id).where(
            TopicOwner.organisation_id.in_(tuple(organisation_ids))
        )
    )
    return {(organisation_id, topic_id): advisor_id for organisation_id, topic_id, advisor_id in rows}


def set_topic_owner(
    session: DbSession,
    organisation_id: int,
    topic_id: int,
    advisor: Advisor | None,
    *,
    actor: str,
    why: str | None = None,
    now: datetime,
) -> None:
    """Let this advisor, or nobody in particular, get what the organisation asks about the topic. Twice is once."""
    known = session.get(TopicOwner, (organisation_id, topic_id))
    before = known.advisor_id if known else None
    if before == (advisor.id if advisor else None):
        return
    if known is not None and advisor is None:
        session.delete(known)
    elif known is not None and advisor is not None:
        known.advisor_id = advisor.id
    elif advisor is not None:
        session.add(TopicOwner(organisation_id=organisation_id, topic_id=topic_id, advisor_id=advisor.id))
    after = advisor.id if advisor else None
    record_owner(session, organisation_id, topic_id, before, after, actor=actor, why=why, now=now)
    session.flush()


def record_owner(
    session: DbSession,
    organisation_id: int,
    topic_id: int | None,
    before: int | None,
    after: int | None,
    *,
    actor: str,
    why: str | None,
    now: datetime,
) -> None:
    """Write down that another advisor knows an organisation, in this topic or (None) in all others."""
    told = {"topic": topic_id, "before": before, "advisor": after}
    subject = ("organisation", organisation_id)
    record(session, subject, "organisation.owner_set", actor=actor, now=now, why=why, **told)


def keep_contact(session: DbSession, enquiry: Enquiry, advisor: Advisor, *, now: datetime) -> None:
    """An advisor answered: who has the question keeps the contact, if nobody knew this person yet."""
    contact = enquiry.contact
    if contact is None or contact.owner_id is not None:
        return
    if enquiry.advisor_id != advisor.id or enquiry.stand_in_for_id is not None:
        return
    contact.owner_id = advisor.id
    record(session, ("contact", contact.id), "contact.kept", actor=advisor_actor(advisor.id), now=now)


def pass_contact_on(
    session: DbSession, enquiry: Enquiry, before: int, to: Advisor, *, actor: str, why: str, now: datetime
) -> None:
    """A question changed hands for good: so does the contact, if it was of who gave it away. The switch is counted."""
    contact = enquiry.contact
    if contact is None:
        return
    if contact.owner_id == before:
        contact.owner_id = to.id
    told = {"before": before, "advisor": to.id, "enquiry": enquiry.id}
    count_switch(session, contact.id, actor=actor, why=why, now=now, **told)


def count_switch(
    session: DbSession, contact_id: int, *, actor: str, why: str, now: datetime, **told: int | None
) -> None:
    """Write down that somebody got another advisor, with the reason; ``told`` is who it was and who it is."""
    record(session, ("contact", contact_id), "contact.switched", actor=actor, now=now, why=why, **told)


def switches(session: DbSession, *, since: datetime, until: datetime) -> int:
    """How often somebody got another advisor in this time."""
    return session.scalars(
        select(func.count())
        .select_from(Activity)
        .where(Activity.what == "contact.switched", Activity.at >= since, Activity.at < until)
    ).one()
