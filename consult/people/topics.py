"""Topics as a coordinator keeps them: their names, what is promised, who is competent. Writes no history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from consult.people.models import Advisor, Topic, advisor_topic
from consult.people.slugs import free_slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """What can be set down about a topic; ``advisor_ids`` are those who are competent in it."""

    name: str
    name_en: str
    answer_days: int
    urgent_minutes: int
    active: bool
    advisor_ids: frozenset[int]


def all_topics(session: DbSession) -> Sequence[Topic]:
    """Every topic in order, those that are off too."""
    return session.scalars(select(Topic).order_by(Topic.position, Topic.name)).all()


def competent(session: DbSession, topic: Topic) -> tuple[int, ...]:
    """The ids of the advisors who have this topic among theirs, by id."""
    query = select(advisor_topic.c.advisor_id).where(advisor_topic.c.topic_id == topic.id)
    return tuple(sorted(session.scalars(query)))


def save_topic(session: DbSession, topic: Topic | None, facts: TopicFacts) -> Topic:
    """Change a topic, or make one at the end of the list; its name in addresses is given once and kept."""
    if topic is None:
        last = session.scalar(select(func.max(Topic.position)))
        slug = free_slug(session, Topic.slug, facts.name)
        topic = Topic(slug=slug, position=(last if last is not None else -1) + 1)
        session.add(topic)
    topic.name, topic.name_en, topic.active = facts.name, facts.name_en, facts.active
    topic.answer_days, topic.urgent_minutes = facts.answer_days, facts.urgent_minutes
    session.flush()
    session.execute(delete(advisor_topic).where(advisor_topic.c.topic_id == topic.id))
    known = session.scalars(select(Advisor.id).where(Advisor.id.in_(facts.advisor_ids))).all()
    if known:
        session.execute(insert(advisor_topic), [{"advisor_id": each, "topic_id": topic.id} for each in known])
    session.expire_all()
    return topic


def move_topic(session: DbSession, topic: Topic, places: int) -> None:
    """Put the topic so many places further down (up below zero); visitors choose from the list in this order."""
    listed = list(all_topics(session))
    at = listed.index(topic)
    listed.insert(max(0, at + places), listed.pop(at))
    for position, each in enumerate(listed):
        each.position = position
    session.flush()
