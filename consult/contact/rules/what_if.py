"""Who would get a question that nobody asked: the same decision, with nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, or_, select

from consult.contact.continuity import topic_owner_id
from consult.contact.models import Channel, ContactPage
from consult.contact.roster import roster_for
from consult.contact.rules.versions import load_rules
from consult.people.models import Advisor, Contact, Organisation, Topic
from consult.people.services import municipality_of
from consult.routing.engine import decide
from consult.routing.question import Question

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.routing.decision import Decision

Row = TypeVar("Row", ContactPage, Topic, Advisor)


class Unknown(Exception):
    """There is no such page, topic, organisation or advisor; ``kind`` says which, ``known`` what there is."""

    def __init__(self, kind: str, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no {kind} {asked!r}")
        self.kind = kind
        self.asked = asked
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A question to try out: names as in addresses (slugs), an organisation by name or mail domain."""

    page: str | None = None
    topic: str | None = None
    organisation: str | None = None
    advisor: str | None = None
    email: str | None = None
    channel: Channel | None = None
    text: str = ""
    language: str | None = None
    urgent: bool = False
    meeting_type_id: int | None = None


def suppose(session: DbSession, asked: Supposed, *, now: datetime) -> Decision:
    """The decision that this question would get now.

    Raises:
        Unknown: it names what does not exist.
    """
    page = _by_slug(session, ContactPage, "page", asked.page)
    topic = _by_slug(session, Topic, "topic", asked.topic)
    advisor = _by_slug(session, Advisor, "advisor", asked.advisor)
    organisation = _organisation(session, asked.organisation or asked.email)
    municipality = municipality_of(asked.organisation, asked.organisation or asked.email)
    if asked.organisation and organisation is None and municipality is None:
        raise Unknown("organisation", asked.organisation, ())
    place = organisation or municipality
    topic_id = topic.id if topic else (page.topic_id if page else None)
    owner_id = topic_owner_id(session, organisation.id, topic_id) if organisation else None
    question = Question(
        at=now,
        channel=asked.channel,
        text=asked.text,
        urgent=asked.urgent,
        topic_id=topic.id if topic else None,
        page_id=page.id if page else None,
        chosen_advisor_id=advisor.id if advisor else None,
        contact_owner_id=_contact_owner_id(session, asked.email),
        organisation_topic_owner_id=owner_id,
        organisation_owner_id=organisation.owner_id if organisation else None,
        organisation_domain=(asked.email or "").rpartition("@")[2] or None,
        municipality_code=place.code if place else None,
        province=place.province if place else None,
        language=asked.language,
        meeting_type_id=asked.meeting_type_id,
    )
    return decide(question, roster_for(session, question.page_id, load_rules(session), now=now))


def _by_slug(session: DbSession, model: type[Row], kind: str, slug: str | None) -> Row | None:
    if slug is None:
        return None
    found = session.scalars(select(model).where(model.slug == slug)).first()
    if found is None:
        known = session.scalars(select(model.slug).where(model.active).order_by(model.slug)).all()
        raise Unknown(kind, slug, tuple(known))
    return found


def _organisation(session: DbSession, named: str | None) -> Organisation | None:
    """The row with this name, mail domain or municipality; none is made."""
    if not named:
        return None
    municipality = municipality_of(named, named)
    domain = named.rpartition("@")[2].lower()
    plain = named.strip().removeprefix("Gemeente ").removeprefix("gemeente ").lower()
    ways = [func.lower(Organisation.name) == plain, Organisation.domain == domain]
    if municipality is not None:
        ways.append(Organisation.code == municipality.code)
    return session.scalars(select(Organisation).where(or_(*ways)).order_by(Organisation.id).limit(1)).first()


def _contact_owner_id(session: DbSession, email: str | None) -> int | None:
    if not email:
        return None
    return session.scalar(select(Contact.owner_id).where(func.lower(Contact.email) == email.lower()))
