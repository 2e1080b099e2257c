"""What a public site shows: who advises, about what, in which kinds of talk, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from consult.api.payloads.base import Outgoing, Problem, Utc
from consult.booking.models import Place
from consult.web import current

if TYPE_CHECKING:
    from consult.booking.models import MeetingType
    from consult.people.models import Advisor, Topic


class AdvisorOut(Outgoing):
    """An advisor, as everybody may know."""

    slug: str
    name: str
    role: str

    @classmethod
    def of(cls, advisor: Advisor) -> AdvisorOut:
        """In the language of the call."""
        role = advisor.role if current.language() == "nl" else advisor.role_en or advisor.role
        return cls(slug=advisor.slug, name=advisor.name, role=role)


class AdvisorList(Outgoing):
    """Everyone who can be asked."""

    advisors: list[AdvisorOut]


class TopicOut(Outgoing):
    """What can be asked about."""

    slug: str
    name: str


class TopicList(Outgoing):
    """The topics in the order of the firm."""

    topics: list[TopicOut]


class MeetingTypeOut(Outgoing):
    """A kind of talk."""

    slug: str
    name: str
    minutes: int
    places: list[Place]

    @classmethod
    def of(cls, kind: MeetingType) -> MeetingTypeOut:
        """In the language of the call."""
        places = [Place(each) for each in kind.places]
        return cls(slug=kind.slug, name=name_in_language(kind), minutes=kind.minutes, places=places)


class MeetingTypeList(Outgoing):
    """The kinds of talk in the order of the firm."""

    meeting_types: list[MeetingTypeOut]


class PageOut(Outgoing):
    """A contact page: its texts and its advisors in order; ``askUrl`` is where a person asks."""

    slug: str
    title: str
    intro: str
    invitation: str
    topic: str | None
    advisors: list[AdvisorOut]
    ask_url: str


class SlotOut(Outgoing):
    """A moment that can be booked, with the slugs of the advisors who can take it."""

    start: Utc
    end: Utc
    advisors: list[str]


class SlotList(Outgoing):
    """The moments in order of time."""

    slots: list[SlotOut]


class Taken(Problem):
    """The moment is not, or no longer, free; others that are."""

    alternatives: list[SlotOut] = Field(default_factory=list)


def name_in_language(named: Topic | MeetingType) -> str:
    """The name in the language of the call."""
    return named.name if current.language() == "nl" else named.name_en
