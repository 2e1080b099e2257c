"""What the office keeps, to look at: pages, teams, organisations and the people there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from consult.api.desk_schemas import OfficeQuery, PeopleQuery
from consult.api.operations import KEEPS, KNOWS_PEOPLE, call
from consult.api.paging import page_of
from consult.api.payloads.office import (
    OrganisationList,
    OrganisationOut,
    PageLine,
    PageList,
    PersonList,
    PersonOut,
    TeamList,
    TeamOut,
)
from consult.api.problems import not_found
from consult.contact.upkeep.pages import all_pages
from consult.database import db
from consult.people.models import Advisor, Contact, Organisation, Team

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from consult.api.operations import Asked


@call("GET", "/pages", tag="office", gives=PageList, scopes=KEEPS)
def pages(asked: Asked[None]) -> PageList:
    """Every contact page by title, those that are off too."""
    del asked
    return PageList(pages=[PageLine.of(each) for each in all_pages(db.session)])


@call("GET", "/teams", tag="office", gives=TeamList, scopes=KEEPS)
def teams(asked: Asked[None]) -> TeamList:
    """Every team by name, with who is in it."""
    del asked
    found = db.session.scalars(select(Team).options(selectinload(Team.members)).order_by(Team.name))
    return TeamList(teams=[TeamOut.of(each) for each in found])


@call("GET", "/organisations", tag="office", query=OfficeQuery, gives=OrganisationList, scopes=KEEPS)
def organisations(asked: Asked[OfficeQuery]) -> OrganisationList:
    """The organisations that asked or talked with us."""
    query = select(Organisation)
    if asked.given.search:
        query = query.where(_contains(Organisation.name, asked.given.search))
    rows, links = page_of(db.session, query, Organisation.id, asked.given)
    slugs = _slugs()
    return OrganisationList(organisations=[OrganisationOut.of(each, slugs) for each in rows], links=links)


@call(
    "GET",
    "/organisations/<int(max=2147483647):number>",
    tag="office",
    gives=OrganisationOut,
    scopes=KEEPS,
    problems=(404,),
)
def organisation(asked: Asked[None], number: int) -> OrganisationOut:
    """One organisation."""
    del asked
    found = db.session.get(Organisation, number)
    if found is None:
        raise not_found()
    return OrganisationOut.of(found, _slugs())


@call("GET", "/people", tag="office", query=PeopleQuery, gives=PersonList, scopes=KNOWS_PEOPLE)
def people(asked: Asked[PeopleQuery]) -> PersonList:
    """The people who asked or talked with us, with how to reach them."""
    query = select(Contact)
    if asked.given.search:
        query = query.where(_contains(Contact.name, asked.given.search))
    if asked.given.organisation is not None:
        query = query.where(Contact.organisation_id == asked.given.organisation)
    rows, links = page_of(db.session, query, Contact.id, asked.given)
    slugs = _slugs()
    return PersonList(people=[PersonOut.of(each, slugs) for each in rows], links=links)


@call(
    "GET",
    "/people/<int(max=2147483647):number>",
    tag="office",
    gives=PersonOut,
    scopes=KNOWS_PEOPLE,
    problems=(404,),
)
def person(asked: Asked[None], number: int) -> PersonOut:
    """One person."""
    del asked
    found = db.session.get(Contact, number)
    if found is None:
        raise not_found()
    return PersonOut.of(found, _slugs())


def _contains(column: InstrumentedAttribute[str], part: str) -> ColumnElement[bool]:
    return func.lower(column).contains(part.lower(), autoescape=True)


def _slugs() -> dict[int, str]:
    return dict(db.session.execute(select(Advisor.id, Advisor.slug)).all())
