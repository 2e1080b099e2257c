"""Organisations and the people there, as a coordinator keeps them. Writes no history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.people.models import Contact, Organisation, OrganisationKind, TopicOwner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

PAGE = 50


class NameTaken(Exception):
    """There is an organisation with this name already."""


class AddressTaken(Exception):
    """Somebody with this mail address is known already; ``contact`` is who."""

    def __init__(self, contact: Contact) -> None:
        super().__init__("address taken")
        self.contact = contact


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What can be set down about an organisation; ``domain`` is that of its mail, without @."""

    name: str
    kind: OrganisationKind
    province: str | None
    domain: str | None
    owner_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What can be set down about a person at an organisation."""

    name: str
    email: str | None
    phone: str | None
    function: str | None
    owner_id: int | None


def named(session: DbSession, name: str) -> Organisation | None:
    """The organisation with exactly this name, capitals aside."""
    query = select(Organisation).where(func.lower(Organisation.name) == name.strip().lower())
    return session.scalars(query.order_by(Organisation.id).limit(1)).first()


def save_organisation(
    session: DbSession, organisation: Organisation | None, facts: OrganisationFacts
) -> Organisation:
    """Change an organisation, or make one.

    Raises:
        NameTaken: another one has this name.
    """
    other = named(session, facts.name)
    if other is not None and other is not organisation:
        raise NameTaken
    if organisation is None:
        organisation = Organisation()
        session.add(organisation)
    organisation.name, organisation.kind, organisation.province = facts.name, facts.kind, facts.province
    organisation.domain, organisation.owner_id = facts.domain, facts.owner_id
    session.flush()
    return organisation


def save_contact(
    session: DbSession, contact: Contact, organisation: Organisation, facts: ContactFacts
) -> Contact:
    """Change a person of this organisation; a new one is made with ``Contact(created_at=…)``.

    Raises:
        AddressTaken: somebody else has this mail address.
    """
    email = facts.email.lower() if facts.email else None
    if email is not None:
        other = session.scalars(select(Contact).where(func.lower(Contact.email) == email)).first()
        if other is not None and other is not contact:
            raise AddressTaken(other)
    contact.name, contact.email, contact.phone = facts.name, email, facts.phone
    contact.function, contact.owner_id, contact.organisation = facts.function, facts.owner_id, organisation
    session.add(contact)
    session.flush()
    return contact


def people_at(session: DbSession, organisation: Organisation) -> Sequence[Contact]:
    """Everybody known at an organisation, by name."""
    query = select(Contact).where(Contact.organisation_id == organisation.id)
    return session.scalars(query.order_by(Contact.name)).all()


def owners_by_topic(session: DbSession, organisation: Organisation) -> dict[int, int]:
    """Topic id to the id of the advisor who knows this organisation in it."""
    rows = session.execute(
        select(TopicOwner.topic_id, TopicOwner.advisor_id).where(
            TopicOwner.organisation_id == organisation.id
        )
    )
    return {row.topic_id: row.advisor_id for row in rows}
