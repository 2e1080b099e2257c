"""Who plays in a plan: more advisors when asked for, teams, absences around today, and invented contacts.

Knows nothing of questions and talks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from consult.operations.sample.content import MAIL_DOMAIN, advisor_phone, contact_phone
from consult.operations.sample.shapes import PlannedAbsence, PlannedContact
from consult.people.municipalities import municipalities

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from consult.operations.sample.content import Content, SampleAdvisor, SampleTeam

# One in so many contacts works for no municipality; the others share fewer organisations than there are people.
OUTSIDERS: Final = 20
PEOPLE_PER_ORGANISATION: Final = 3
FEWEST_CONTACTS: Final = 40
MOST_CONTACTS: Final = 5000


def advisors(content: Content, rng: Random, count: int) -> tuple[SampleAdvisor, ...]:
    """The first ``count`` advisors: the six with a portrait, then others with hours and a portrait like theirs."""
    known = content.advisors[:count]
    names = [(first, last) for first, last in product(content.first_names, content.surnames)]
    extra = rng.sample(names, count - len(known))
    topics = [topic.slug for topic in content.topics]
    taken = {advisor.slug for advisor in known}
    more: list[SampleAdvisor] = []
    for place, (first, last) in enumerate(extra, start=len(known)):
        like = content.advisors[place % len(content.advisors)]
        slug = mail_name(first) if mail_name(first) not in taken else mail_name(f"{first}-{last}")
        taken.add(slug)
        more.append(
            replace(
                like,
                slug=slug,
                name=f"{first} {last}",
                first_name=first,
                about="",
                email=f"{slug}@{MAIL_DOMAIN}",
                phone=advisor_phone(place),
                topics=tuple(sorted(rng.sample(topics, 2))),
                fallback=False,
            )
        )
    return (*known, *more)


def teams(content: Content, people: tuple[SampleAdvisor, ...]) -> tuple[SampleTeam, ...]:
    """The teams with everybody in one: the hand-written members, and the others in turn."""
    here = [advisor.slug for advisor in people]
    written = {member for team in content.teams for member in team.members}
    others = [slug for slug in here if slug not in written]
    count = len(content.teams)
    return tuple(
        replace(team, members=(*(slug for slug in team.members if slug in here), *others[place::count]))
        for place, team in enumerate(content.teams)
    )


def absences(content: Content, people: tuple[SampleAdvisor, ...], today: date) -> tuple[PlannedAbsence, ...]:
    """The absences of those who are there, on dates around today."""
    here = {advisor.slug for advisor in people}
    return tuple(
        PlannedAbsence(
            rule.advisor,
            rule.stand_in,
            today + timedelta(days=rule.first_day),
            today + timedelta(days=rule.last_day),
        )
        for rule in content.absences
        if {rule.advisor, rule.stand_in} <= here
    )


def contacts(
    content: Content, rng: Random, people: tuple[SampleAdvisor, ...], enquiries: int
) -> tuple[PlannedContact, ...]:
    """People who ask, a third as many as questions, spread over a part of the municipalities."""
    count = min(max(FEWEST_CONTACTS, enquiries // 3), MOST_CONTACTS)
    everywhere = municipalities()
    places = rng.sample(everywhere, min(len(everywhere), count // PEOPLE_PER_ORGANISATION))
    names = rng.sample(list(product(content.first_names, content.surnames)), count)
    found: list[PlannedContact] = []
    for place, (first, last) in enumerate(names):
        at = None if place % OUTSIDERS == OUTSIDERS - 1 else places[place % len(places)]
        domain = f"{mail_name(at.name)}.{MAIL_DOMAIN}" if at else "example.org"
        found.append(
            PlannedContact(
                name=f"{first} {last}",
                email=f"{mail_name(first)}.{mail_name(last)}@{domain}",
                phone=contact_phone(place),
                function=rng.choice(content.functions),
                organisation=at.code if at else None,
                owner=rng.choice(people).slug if rng.random() < 0.4 else None,
            )
        )
    return tuple(found)


def mail_name(name: str) -> str:
    """The name as it stands in an address or a slug: small letters and hyphens."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter if letter.isascii() else "" for letter in folded)
    return "-".join("".join(sign if sign.isalnum() else " " for sign in letters).split())
