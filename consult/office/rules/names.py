"""What rules name by number, as words: advisors, teams, topics, pages, kinds of talk, municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.models import MeetingType
from consult.contact.models import ContactPage
from consult.people import municipalities
from consult.people.models import Advisor, Team, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select

    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Names:
    """Id to name of everything a rule can name; what does not exist has none."""

    advisors: Mapping[int, str]
    teams: Mapping[int, str]
    topics: Mapping[int, str]
    pages: Mapping[int, str]
    meeting_types: Mapping[int, str]

    @staticmethod
    def municipality(code: str) -> str:
        """The name that belongs to an official code; the code itself when nothing does."""
        found = municipalities.by_code(code)
        return found.name if found else code


def names(session: DbSession) -> Names:
    """All names, in the order in which a list shows them; five statements."""
    return Names(
        advisors=_pairs(session, select(Advisor.id, Advisor.name).order_by(Advisor.name)),
        teams=_pairs(session, select(Team.id, Team.name).order_by(Team.name)),
        topics=_pairs(session, select(Topic.id, Topic.name).order_by(Topic.position, Topic.name)),
        pages=_pairs(session, select(ContactPage.id, ContactPage.title).order_by(ContactPage.title)),
        meeting_types=_pairs(
            session, select(MeetingType.id, MeetingType.name).order_by(MeetingType.position, MeetingType.name)
        ),
    )


def _pairs(session: DbSession, query: Select[int, str]) -> dict[int, str]:
    return {number: name for number, name in session.execute(query)}  # noqa: C416 (a row is no pair to mypy)
