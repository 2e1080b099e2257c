"""Everything that a file about organisations is held against, read once: organisations, people, topics and owners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select

from consult.people import municipalities
from consult.people.models import Advisor, Organisation, OrganisationKind, TopicOwner
from consult.people.topics import all_topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consult.database import DbSession
    from consult.people.organisations import OrganisationFacts

KINDS = {"gemeente": OrganisationKind.MUNICIPALITY, "anders": OrganisationKind.OTHER}
OF_TOPIC = "adviseur voor "


@dataclass(frozen=True, slots=True)
class Person:
    """An advisor as a file can name one: by mail address, or by name."""

    id: int
    name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What there is. ``topics`` id to name in order; ``owners`` by organisation and topic id."""

    organisations: Mapping[str, Organisation]
    people: Mapping[int, Person]
    by_word: Mapping[str, Person]
    topics: Mapping[int, str]
    owners: Mapping[tuple[int, int], int]

    def named(self, name: str) -> Organisation | None:
        """The organisation with this name, capitals aside."""
        return self.organisations.get(name.casefold())

    def by_name(self) -> list[Organisation]:
        """All of them, in order of their names."""
        return sorted(self.organisations.values(), key=lambda each: each.name.casefold())

    def called(self, advisor_id: int | None) -> str | None:
        """How a file names an advisor."""
        person = self.people.get(advisor_id or 0)
        return person.email if person else None

    def advisor_id(self, word: str) -> int | None:
        """Whose mail address or name this is."""
        person = self.by_word.get(word.casefold())
        return person.id if person else None

    def may_be(self, word: str, there: Organisation | None, topic_id: int | None) -> bool:
        """Whether this one may own it: who works here, or who left and owns it still."""
        person = self.by_word.get(word.casefold())
        return person is not None and (person.active or person.id == self._owner(there, topic_id))

    def differences(
        self, there: Organisation, facts: OrganisationFacts, owners: Mapping[int, int]
    ) -> Iterator[str]:
        """What the facts would change, one sentence for each."""
        words = {value: key for key, value in KINDS.items()}
        pairs = [
            (gettext("Soort"), words[OrganisationKind(there.kind)], words[facts.kind]),
            (gettext("Provincie"), there.province, facts.province),
            (gettext("Maildomein"), there.domain, facts.domain),
            (gettext("Vaste adviseur"), self._name(there.owner_id), self._name(facts.owner_id)),
        ]
        for topic_id, advisor_id in owners.items():
            before = self._name(self.owners.get((there.id, topic_id)))
            pairs.append((f"{OF_TOPIC}{self.topics[topic_id]}".capitalize(), before, self._name(advisor_id)))
        for what, before, after in pairs:
            if before != after:
                yield gettext(
                    "%(what)s: %(before)s wordt %(after)s.", what=what, before=before or "–", after=after
                )

    def _owner(self, there: Organisation | None, topic_id: int | None) -> int | None:
        if there is None:
            return None
        return there.owner_id if topic_id is None else self.owners.get((there.id, topic_id))

    def _name(self, advisor_id: int | None) -> str | None:
        person = self.people.get(advisor_id or 0)
        return person.name if person else None


def everything_known(session: DbSession) -> Known:
    """Read it; four statements. Of two organisations with the same name the oldest counts."""
    newest_first = select(Organisation).order_by(Organisation.id.desc())
    rows = session.execute(select(Advisor.id, Advisor.name, Advisor.email, Advisor.active))
    people = {row.id: Person(*row) for row in rows}
    # A mail address is one person's; of two with the same name who works here goes first.
    in_turn = sorted(people.values(), key=lambda each: (each.active, -each.id))
    by_word = {each.name.casefold(): each for each in in_turn}
    by_word |= {each.email.casefold(): each for each in in_turn}
    owners = session.execute(select(TopicOwner.organisation_id, TopicOwner.topic_id, TopicOwner.advisor_id))
    return Known(
        organisations={each.name.casefold(): each for each in session.scalars(newest_first)},
        people=people,
        by_word=by_word,
        topics={each.id: each.name for each in all_topics(session)},
        owners={(row[0], row[1]): row[2] for row in owners},
    )


@lru_cache(maxsize=1)
def provinces() -> tuple[str, ...]:
    """The twelve, by name."""
    return tuple(sorted({each.province for each in municipalities.municipalities()}))
