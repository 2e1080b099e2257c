"""What a text of the firm is: which mail or page speaks it, to whom, and which places its writer may use.

Knows no single text; those stand in ``registry``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Journey(StrEnum):
    """What somebody is doing when a text is spoken."""

    QUESTION = "question"
    TALK = "talk"
    SERIES = "series"
    GROUP = "group"
    DESK = "desk"


class Receiver(StrEnum):
    """Who reads it."""

    VISITOR = "visitor"
    GUEST = "guest"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a text that is filled in, written as ``{name}``.

    ``value`` is a Jinja expression over the context of the mail or the page; ``told`` says what comes there. A subject
    holds nothing that a stranger typed (TRUST.md, Mail headers), unless a colleague reads it.
    """

    name: str
    value: str
    told: Any
    in_subject: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the template lays out, on a line of its own: ``block`` is its block there. It cannot be left out.

    ``sentences``: the block gives bare sentences, which make a paragraph.
    """

    name: str
    block: str
    told: Any
    sentences: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirmText:
    """One text: in a mail (``event`` is its folder) or on a page (None), where ``applies`` holds.

    ``applies`` is a Jinja expression over the mail's context. ``sample`` is such a context, with values that cannot be
    mistaken for one another. ``default`` is what a page says itself, as a Jinja template; a mail's own folder says it.
    """

    key: str
    journey: Journey
    when: Any
    receiver: Receiver
    event: str | None = None
    applies: str = "true"
    places: tuple[Place, ...] = ()
    needed: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    sample: Mapping[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = ("nl", "en")
    default: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a body may name."""
        return (*(each.name for each in self.parts), *(each.name for each in self.places))

    @property
    def subject_places(self) -> tuple[Place, ...]:
        """The places that a subject may use."""
        colleague = self.receiver == Receiver.COLLEAGUE
        return tuple(each for each in self.places if each.in_subject or colleague)


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it is written: a subject (empty on a page) and a body in a small Markdown, with places in both."""

    subject: str
    body: str


class BrokenText(Exception):
    """A kept text cannot be spoken: a place is gone, or has no value here."""
