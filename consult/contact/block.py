"""The contact block: per advisor the plain links to call, app, mail, ask and plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from consult.people.models import advisor_topic
from consult.people.schedules import Presence, presence
from consult.web import dates
from consult.web.assets import picture_href

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.contact.models import ContactPage, PageAdvisor
    from consult.database import DbSession
    from consult.people.models import Advisor, Topic

FACES = 3


@dataclass(frozen=True, slots=True)
class BlockPerson:
    """One advisor as the block shows it; a link that is None is not shown."""

    id: int
    name: str
    first_name: str
    role: str
    photo_href: str | None
    live: str | None
    reachable: bool
    phone_href: str | None
    whatsapp_href: str | None
    mail_href: str | None
    ask_href: str
    book_href: str


@dataclass(frozen=True, slots=True)
class Face:
    """A name and a picture, which may be None."""

    name: str
    photo_href: str | None


@dataclass(frozen=True, slots=True)
class TopicCard:
    """A subject with a few who know about it, and where to ask about it; ``more`` says how many others there are."""

    name: str
    ask_href: str
    people: tuple[BlockPerson, ...]
    more: int


def face(advisor: Advisor) -> Face:
    """Who somebody is, without a way to reach them."""
    return Face(advisor.name, picture_href(advisor.portrait) if advisor.portrait else None)


def by_topic(
    session: DbSession, topics: Sequence[Topic], people: Sequence[BlockPerson], *, language: str
) -> list[TopicCard]:
    """Each topic with some of these people who have it, who can be reached now first; one statement."""
    rows = session.execute(select(advisor_topic.c.topic_id, advisor_topic.c.advisor_id))
    pairs = {(topic_id, advisor_id) for topic_id, advisor_id in rows}
    first = sorted(people, key=lambda person: not person.reachable)
    cards = []
    for topic in topics:
        who = tuple(person for person in first if (topic.id, person.id) in pairs)
        name = topic.name if language == "nl" else topic.name_en
        href = url_for("contact.ask", thema=topic.slug)
        cards.append(TopicCard(name, href, who[:FACES], max(0, len(who) - FACES)))
    return cards


def people_of_page(
    session: DbSession, page: ContactPage, *, language: str, now: datetime
) -> list[BlockPerson]:
    """The advisors of a page in its order, each with the channels that the page allows."""
    shown = [row for row in page.people if row.advisor.active]
    here = presence(session, [row.advisor for row in shown], now=now)
    return [_person(row.advisor, here[row.advisor_id], language, row, page) for row in shown]


def people_of_firm(
    session: DbSession, advisors: Sequence[Advisor], *, language: str, now: datetime
) -> list[BlockPerson]:
    """Advisors outside any page, with every channel they have."""
    here = presence(session, advisors, now=now)
    return [_person(advisor, here[advisor.id], language) for advisor in advisors]


def _person(
    advisor: Advisor,
    here: Presence,
    language: str,
    row: PageAdvisor | None = None,
    page: ContactPage | None = None,
) -> BlockPerson:
    about = page.title if page else None
    slug = page.slug if page else None
    phone = advisor.phone if row is None or row.by_phone else None
    whatsapp = advisor.whatsapp if row is None or row.by_whatsapp else None
    mail = advisor.email if row is None or row.by_email else None
    return BlockPerson(
        id=advisor.id,
        name=advisor.name,
        first_name=advisor.first_name,
        role=advisor.role if language == "nl" else advisor.role_en or advisor.role,
        photo_href=picture_href(advisor.portrait),
        live=_live(advisor, here, language),
        reachable=here.until is not None,
        phone_href=f"tel:{phone}" if phone else None,
        whatsapp_href=_whatsapp(whatsapp, advisor, about) if whatsapp else None,
        mail_href=_mailto(mail, about) if mail else None,
        ask_href=url_for("contact.ask", pagina=slug, adviseur=advisor.slug),
        book_href=url_for("booking.plan", advisor=advisor.slug, pagina=slug),
    )


def _live(advisor: Advisor, here: Presence, language: str) -> str | None:
    zone, name = advisor.timezone, advisor.first_name
    if here.away_until is not None:
        back = dates.day(dates.local_date(here.away_until, zone), language)
        text: str = gettext("%(name)s is afwezig tot %(day)s.", name=name, day=back)
        if here.stand_in:
            text = f"{text} {gettext('%(name)s neemt waar.', name=here.stand_in)}"
        return text
    if here.until is not None:
        until = dates.zoned_time(here.until, zone, language)
        return str(gettext("%(name)s is vandaag bereikbaar tot %(time)s uur.", name=name, time=until))
    if here.next_from is not None:
        day = dates.day(dates.local_date(here.next_from, zone), language)
        since = dates.zoned_time(here.next_from, zone, language)
        back_on: str = gettext(
            "%(name)s is weer bereikbaar op %(day)s vanaf %(time)s uur.", name=name, day=day, time=since
        )
        return back_on
    return None


def _whatsapp(number: str, advisor: Advisor, about: str | None) -> str:
    greeting = gettext("Dag %(name)s, ik heb een vraag.", name=advisor.first_name)
    if about:
        greeting = gettext(
            "Dag %(name)s, ik heb een vraag over “%(page)s”.", name=advisor.first_name, page=about
        )
    return f"https://wa.me/{number.lstrip('+')}?text={quote(greeting)}"


def _mailto(address: str, about: str | None) -> str:
    subject = gettext("Vraag over “%(page)s”", page=about) if about else gettext("Een vraag")
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"
