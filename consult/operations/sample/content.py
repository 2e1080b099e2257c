"""What the sample firm is made of: the hand-written texts of this folder as immutable values.

Knows nothing of dates, chance or the database. Everybody in it is invented: addresses are at example.nl, numbers
lie in one block that the sample data uses for nothing else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final = Path(__file__).with_name("texts")
WEEKDAYS: Final = ("ma", "di", "wo", "do", "vr", "za", "zo")
MAIL_DOMAIN: Final = "example.nl"


@dataclass(frozen=True, slots=True)
class SampleTopic:
    """A subject, in Dutch and English."""

    slug: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class SampleTeam:
    """A team with the slugs of its members."""

    slug: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeeklyBlock:
    """A block of weekly hours on the wall clock of Amsterdam; weekday 0 is Monday."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class SampleAdvisor:
    """Somebody who advises; ``portrait`` is a path under static/, ``phone`` is in E.164 and takes WhatsApp."""

    slug: str
    name: str
    first_name: str
    role: str
    role_en: str
    about: str
    email: str
    phone: str
    portrait: str
    topics: tuple[str, ...]
    hours: tuple[WeeklyBlock, ...]
    weight: int
    fallback: bool


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """An absence in days from today, both ends included."""

    advisor: str
    stand_in: str
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class SampleMeetingType:
    """A kind of talk; lengths in minutes, ``places`` as the booking feature names them, ``share`` of all talks.

    ``series`` says whether a visitor may make a series of it.
    """

    slug: str
    name: str
    name_en: str
    description: str
    description_en: str
    minutes: int
    buffer_before: int
    buffer_after: int
    places: tuple[str, ...]
    share: int
    series: bool


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A contact page; ``body`` is Markdown, ``handout`` a path under static/ or None."""

    slug: str
    title: str
    intro: str
    body: str
    invitation: str
    topic: str
    advisors: tuple[str, ...]
    handout: str | None
    handout_title: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a visitor might write it."""

    topic: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """All of it. ``replies`` is by topic, with "algemeen" for any; ``talks`` and ``places`` are by name."""

    topics: tuple[SampleTopic, ...]
    teams: tuple[SampleTeam, ...]
    advisors: tuple[SampleAdvisor, ...]
    absences: tuple[AbsenceRule, ...]
    meeting_types: tuple[SampleMeetingType, ...]
    pages: tuple[SamplePage, ...]
    questions: tuple[Question, ...]
    replies: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    follow_ups: tuple[str, ...]
    hand_overs: tuple[str, ...]
    needs: tuple[str, ...]
    reachable: tuple[str, ...]
    talks: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    first_names: tuple[str, ...]
    surnames: tuple[str, ...]
    functions: tuple[str, ...]


@lru_cache(maxsize=1)
def content() -> Content:
    """The content of the sample firm; read from the texts on first use."""
    firm, thread, people = _read("firm"), _read("thread"), _read("people")
    return Content(
        topics=tuple(SampleTopic(**row) for row in firm["topics"]),
        teams=tuple(SampleTeam(row["slug"], row["name"], tuple(row["members"])) for row in firm["teams"]),
        advisors=tuple(_advisor(place, row) for place, row in enumerate(firm["advisors"])),
        absences=tuple(AbsenceRule(**row) for row in firm["absences"]),
        meeting_types=tuple(
            SampleMeetingType(**{**row, "places": tuple(row["places"])}) for row in firm["meeting_types"]
        ),
        pages=tuple(_page(row) for row in firm["pages"]),
        questions=tuple(
            Question(topic, subject, text.strip())
            for topic, questions in _read("questions").items()
            for subject, text in questions.items()
        ),
        replies=_lists(thread["replies"]),
        notes=tuple(thread["notes"]["texts"]),
        follow_ups=tuple(thread["follow_ups"]["texts"]),
        hand_overs=tuple(thread["hand_overs"]["texts"]),
        needs=tuple(thread["needs"]["texts"]),
        reachable=tuple(thread["calls"]["reachable"]),
        talks=_lists(thread["talks"]),
        places=_lists(firm["places"]),
        first_names=tuple(people["first_names"]),
        surnames=tuple(people["surnames"]),
        functions=tuple(people["functions"]),
    )


def advisor_phone(place: int) -> str:
    """The number of the advisor at this place, in E.164, from the block 06 1234 1001 and up."""
    return f"+3161234{1001 + place}"


def contact_phone(place: int) -> str:
    """The number of the contact at this place, in E.164, from the block 06 1234 5000 to 5999, used in turn."""
    return f"+3161234{5000 + place % 1000}"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def _lists(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in table.items()}


def _advisor(place: int, row: dict[str, Any]) -> SampleAdvisor:
    return SampleAdvisor(
        **{
            **row,
            "email": f"{row['slug']}@{MAIL_DOMAIN}",
            "phone": advisor_phone(place),
            "portrait": f"portraits/{row['slug']}.svg",
            "topics": tuple(row["topics"]),
            "hours": tuple(block for day in row["hours"] for block in _blocks(day)),
        }
    )


def _blocks(day: str) -> list[WeeklyBlock]:
    """The blocks of a line like "ma 09:00-12:30 13:00-17:00"."""
    weekday, *spans = day.split()
    halves = (span.split("-") for span in spans)
    return [
        WeeklyBlock(WEEKDAYS.index(weekday), time.fromisoformat(starts), time.fromisoformat(ends))
        for starts, ends in halves
    ]


def _page(row: dict[str, Any]) -> SamplePage:
    return SamplePage(
        slug=row["slug"],
        title=row["title"],
        intro=row["intro"],
        body=row["body"].strip(),
        invitation=row["invitation"],
        topic=row["topic"],
        advisors=tuple(row["advisors"]),
        handout=row.get("handout"),
        handout_title=row.get("handout_title"),
    )
