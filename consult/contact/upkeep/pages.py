"""Contact pages as a coordinator keeps them: texts, people in order, and a name in addresses that may change.

A name that a page once had leads to it for good: links in articles and on paper stay. Writes no history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.contact.models import ContactPage, FormerSlug, PageAdvisor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession


class SlugTaken(Exception):
    """Another page has this name in addresses, or once had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An advisor on a page, with the channels that it shows for that person."""

    advisor_id: int
    by_phone: bool = True
    by_whatsapp: bool = True
    by_email: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What can be set down about a page; ``places`` in the order in which people are shown."""

    slug: str
    title: str
    intro: str
    body: str
    invitation: str
    article_url: str | None
    topic_id: int | None
    handout_title: str | None
    in_order: bool
    active: bool
    allowed_sites: tuple[str, ...]
    places: tuple[Place, ...]


def all_pages(session: DbSession) -> Sequence[ContactPage]:
    """Every page by title with its people, those that are off too."""
    people = selectinload(ContactPage.people).joinedload(PageAdvisor.advisor)
    return session.scalars(select(ContactPage).options(people).order_by(ContactPage.title)).all()


def page_once_called(session: DbSession, slug: str) -> ContactPage | None:
    """The page that had this name in addresses, if it is shown."""
    return session.scalar(
        select(ContactPage)
        .join(FormerSlug, FormerSlug.page_id == ContactPage.id)
        .where(FormerSlug.slug == slug, ContactPage.active)
    )


def save_page(session: DbSession, page: ContactPage | None, facts: PageFacts) -> ContactPage:
    """Change a page, or make one.

    Raises:
        SlugTaken: another page has the name, or had it.
    """
    _take_slug(session, page, facts.slug)
    if page is None:
        page = ContactPage()
        session.add(page)
    for name in PageFacts.__dataclass_fields__:
        if name not in {"places", "allowed_sites"}:
            setattr(page, name, getattr(facts, name))
    page.allowed_sites = list(facts.allowed_sites)
    session.flush()
    _set_places(session, page, facts.places)
    return page


def _take_slug(session: DbSession, page: ContactPage | None, slug: str) -> None:
    other = session.scalar(select(ContactPage).where(ContactPage.slug == slug))
    former = session.get(FormerSlug, slug)
    own_id = page.id if page else None
    if (other is not None and other is not page) or (former is not None and former.page_id != own_id):
        raise SlugTaken
    if former is not None:
        session.delete(former)
    if page is not None and page.slug != slug:
        session.add(FormerSlug(slug=page.slug, page_id=page.id))


def _set_places(session: DbSession, page: ContactPage, places: Sequence[Place]) -> None:
    known = {row.advisor_id: row for row in page.people}
    page.people = [
        known.get(place.advisor_id) or PageAdvisor(advisor_id=place.advisor_id) for place in places
    ]
    for position, (row, place) in enumerate(zip(page.people, places, strict=True)):
        row.position, row.by_phone = position, place.by_phone
        row.by_whatsapp, row.by_email = place.by_whatsapp, place.by_email
    session.flush()
