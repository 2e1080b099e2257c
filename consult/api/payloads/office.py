"""What the office keeps, as it goes out: pages, teams, organisations and the people there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.api.payloads.base import Links, Outgoing
from consult.people.models import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.contact.models import ContactPage
    from consult.people.models import Contact, Organisation, Team


class PageLine(Outgoing):
    """A contact page in a list, with the slugs of its topic and advisors."""

    slug: str
    title: str
    active: bool
    article_url: str | None
    topic: str | None
    advisors: list[str]

    @classmethod
    def of(cls, row: ContactPage) -> PageLine:
        """As it stands now."""
        return cls(
            slug=row.slug,
            title=row.title,
            active=row.active,
            article_url=row.article_url,
            topic=row.topic.slug if row.topic else None,
            advisors=[each.advisor.slug for each in row.people],
        )


class PageList(Outgoing):
    """Every contact page by title, those that are off too."""

    pages: list[PageLine]


class TeamOut(Outgoing):
    """A team with the slugs of who is in it."""

    slug: str
    name: str
    members: list[str]

    @classmethod
    def of(cls, row: Team) -> TeamOut:
        """As it stands now."""
        return cls(slug=row.slug, name=row.name, members=sorted(each.slug for each in row.members))


class TeamList(Outgoing):
    """Every team by name."""

    teams: list[TeamOut]


class OrganisationOut(Outgoing):
    """An organisation; ``code`` is the official code of a municipality, ``owner`` the slug of its regular advisor."""

    id: int
    name: str
    kind: OrganisationKind
    code: str | None
    province: str | None
    domain: str | None
    owner: str | None

    @classmethod
    def of(cls, row: Organisation, slugs: Mapping[int, str]) -> OrganisationOut:
        """As it stands now; ``slugs`` are those of the advisors by id."""
        return cls(
            id=row.id,
            name=row.name,
            kind=OrganisationKind(row.kind),
            code=row.code,
            province=row.province,
            domain=row.domain,
            owner=slugs.get(row.owner_id or 0),
        )


class OrganisationList(Outgoing):
    """A page of organisations, by number."""

    organisations: list[OrganisationOut]
    links: Links


class PersonOut(Outgoing):
    """Somebody who asked or talked with us; ``organisation`` is the number of theirs, ``owner`` the regular advisor."""

    id: int
    name: str
    email: str | None
    phone: str | None
    function: str | None
    organisation: int | None
    owner: str | None

    @classmethod
    def of(cls, row: Contact, slugs: Mapping[int, str]) -> PersonOut:
        """As it stands now; ``slugs`` are those of the advisors by id."""
        return cls(
            id=row.id,
            name=row.name,
            email=row.email,
            phone=row.phone,
            function=row.function,
            organisation=row.organisation_id,
            owner=slugs.get(row.owner_id or 0),
        )


class PersonList(Outgoing):
    """A page of people, by number."""

    people: list[PersonOut]
    links: Links
