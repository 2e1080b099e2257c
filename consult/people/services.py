"""Find people and organisations, recognise who asks, and describe the advisors for routing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from consult.people import municipalities
from consult.people.models import (
    Absence,
    Advisor,
    Contact,
    Organisation,
    OrganisationKind,
    Topic,
    advisor_topic,
)
from consult.routing.advisor import Absence as RoutingAbsence
from consult.routing.advisor import Advisor as RoutingAdvisor
from consult.sealing.types import findable_as, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.municipalities import Municipality


# Addresses are stored in lower case. Made once: making it costs more than asking it; and past the unit of work.
_CONTACT = Contact.metadata.tables[Contact.__tablename__]
_SEEN = (_CONTACT.c.id, _CONTACT.c.email, _CONTACT.c.phone, _CONTACT.c.organisation_id, _CONTACT.c.owner_id)
_REACHED_BY = (
    select(*_SEEN)
    .where(or_(_CONTACT.c.email == bindparam("email"), findable_as(_CONTACT.c.phone, "phone")))
    .order_by(_CONTACT.c.id)
)
_NEW_CONTACT = {
    name: dialect.insert(_CONTACT).on_conflict_do_nothing(index_elements=["email"]).returning(*_SEEN)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


class Recognised(NamedTuple):
    """A contact: the telephone number and organisation we know, and the advisor who knows this person."""

    id: int
    phone: str | None
    organisation_id: int | None
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Workload:
    """What one advisor has: questions or talks not finished, and those given in the rolling window."""

    unfinished: int = 0
    given: int = 0
    last_given_at: datetime | None = None


def active_advisors(session: DbSession) -> Sequence[Advisor]:
    """Everyone who works here now, by name."""
    return session.scalars(select(Advisor).where(Advisor.active).order_by(Advisor.name)).all()


def active_topics(session: DbSession) -> Sequence[Topic]:
    """The topics a visitor may choose, in order."""
    return session.scalars(select(Topic).where(Topic.active).order_by(Topic.position, Topic.name)).all()


def advisor_by_slug(session: DbSession, slug: str) -> Advisor | None:
    """The active advisor with this name in addresses."""
    return session.scalar(select(Advisor).where(Advisor.slug == slug, Advisor.active))


def topic_by_slug(session: DbSession, slug: str) -> Topic | None:
    """The active topic with this name in addresses."""
    return session.scalar(select(Topic).where(Topic.slug == slug, Topic.active))


def organisation_named(session: DbSession, name: str | None, email: str | None) -> Organisation | None:
    """The organisation with this name ("Gemeente" before it or not), else the one whose mail domain this is.

    A municipality of the list of Statistics Netherlands that is not here yet is made, with its code and province.
    """
    if name:
        plain = name.strip().removeprefix("Gemeente ").removeprefix("gemeente ")
        found = session.scalars(
            select(Organisation).where(func.lower(Organisation.name) == plain.lower()).limit(1)
        ).first()
        if found is not None:
            return found
    domain = (email or "").rpartition("@")[2].lower()
    if domain:
        by_domain = select(Organisation).where(Organisation.domain == domain).limit(1)
        if (known := session.scalars(by_domain).first()) is not None:
            return known
    municipality = municipality_of(name, email)
    return _organisation_of(session, municipality) if municipality else None


def municipality_of(name: str | None, email: str | None) -> Municipality | None:
    """The municipality that somebody names, in any spelling, else the one that mails from this address."""
    return (municipalities.by_name(name) if name else None) or municipalities.by_domain(email or "")


def _organisation_of(session: DbSession, municipality: Municipality) -> Organisation:
    """The municipality's row, made when it was not there."""
    query = select(Organisation).where(Organisation.code == municipality.code)
    known = session.scalars(query).first()
    if known is not None:
        return known
    made = Organisation(
        name=municipality.name,
        kind=OrganisationKind.MUNICIPALITY,
        code=municipality.code,
        province=municipality.province,
        domain=municipality.domain or None,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # Somebody else of the same municipality came in at this very moment, and was first.
        return session.scalars(query).one()
    return made


def recognise(
    session: DbSession,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    organisation: Organisation | None,
    now: datetime,
) -> Contact:
    """The contact with this address, else with this number, else a new one. What we knew is never overwritten."""
    session.flush()
    address = email.lower() if email else None
    found = session.connection().execute(_REACHED_BY, {"email": address} | spellings("phone", phone)).all()
    # Two people may share a desk telephone, so an address that is known decides first.
    known = next((each for each in found if each.email == address or address is None), None)
    learnt = {"email": address, "phone": phone, "organisation_id": organisation.id if organisation else None}
    seen = Recognised(known.id, known.phone, known.organisation_id, known.owner_id) if known else None
    contact = remember(session, seen, {"name": name, "created_at": now} | learnt)
    return session.get_one(Contact, contact.id, populate_existing=True)


def remember(session: DbSession, known: Recognised | None, learnt: dict[str, Any]) -> Recognised:
    """Add to a contact what we did not know, or make it when there is none; ``learnt`` are the columns of a new one."""
    connection = session.connection()
    if known is None:
        made = connection.execute(_NEW_CONTACT[connection.dialect.name], learnt).one_or_none()
        # None: the same person came in twice at this very moment, and the other one was first.
        by_address = {"email": learnt["email"]} | spellings("phone", None)
        row = made or connection.execute(_REACHED_BY, by_address).one()
        known = Recognised(row.id, row.phone, row.organisation_id, row.owner_id)
    phone, of = known.phone or learnt["phone"], known.organisation_id or learnt["organisation_id"]
    if (phone, of) != (known.phone, known.organisation_id):
        row_of = update(_CONTACT).where(_CONTACT.c.id == known.id)
        connection.execute(row_of.values(phone=phone, organisation_id=of))
    return known._replace(phone=phone, organisation_id=of)


def for_routing(
    session: DbSession, *, now: datetime, workloads: Mapping[int, Workload], only: Iterable[int] | None = None
) -> tuple[tuple[RoutingAdvisor, ...], tuple[int, ...]]:
    """The advisors as the routing engine sees them, and the ids of the fallback in order.

    ``only`` limits the advisors to some ids. Three statements, whatever their number.
    """
    query = select(Advisor).order_by(Advisor.id)
    if only is not None:
        query = query.where(Advisor.id.in_(tuple(only)))
    rows = session.scalars(query).all()
    topics = defaultdict(set)
    for advisor_id, topic_id in session.execute(select(advisor_topic.c.advisor_id, advisor_topic.c.topic_id)):
        topics[advisor_id].add(topic_id)
    away = defaultdict(list)
    for absence in session.execute(
        select(Absence.advisor_id, Absence.starts_at, Absence.ends_at, Absence.stand_in_id).where(
            Absence.ends_at > now
        )
    ):
        away[absence.advisor_id].append(
            RoutingAbsence(absence.starts_at, absence.ends_at, absence.stand_in_id)
        )
    nothing = Workload()
    described = tuple(
        RoutingAdvisor(
            id=row.id,
            channels=_channels(row),
            topic_ids=frozenset(topics[row.id]),
            generalist=row.generalist,
            active=row.active,
            weight=row.weight,
            capacity=row.capacity,
            open_count=workloads.get(row.id, nothing).unfinished,
            assigned_count=workloads.get(row.id, nothing).given,
            last_assigned_at=workloads.get(row.id, nothing).last_given_at,
            joined_at=row.joined_at,
            absences=tuple(away[row.id]),
        )
        for row in rows
    )
    return described, tuple(row.id for row in rows if row.fallback)


def _channels(advisor: Advisor) -> frozenset[str]:
    """Everybody reads mail and can call back; a chat needs a number of one's own."""
    return frozenset({"email", "phone", *(["whatsapp"] if advisor.whatsapp else [])})
