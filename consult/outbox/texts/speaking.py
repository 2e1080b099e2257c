"""Speak a text of the firm in a mail: its subject, and its pieces for both parts of the mail.

What cannot be spoken is told by ``BrokenText``; whoever renders then says the default. Knows no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError
from markupsafe import Markup

from consult.outbox.texts.grammar import filled, pieces, places_of, problems
from consult.outbox.texts.kinds import BrokenText, FirmText, Part, Said
from consult.outbox.texts.markup import to_html, to_plain
from consult.outbox.texts.registry import of_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

Own = dict[tuple[str, str], Said]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in both shapes, or the name of a block of the template (see ``Part``)."""

    block: str = ""
    sentences: bool = False
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with everything filled in."""

    subject: str
    pieces: tuple[Piece, ...]


def chosen(
    own: Own, event: str, language: str, environment: Environment, context: Mapping[str, Any]
) -> tuple[FirmText, Said] | None:
    """The firm's own text for this mail, if it has one."""
    for text in of_event(event):
        said = own.get((text.key, language))
        if said is not None and expression(environment, text.applies)(context):
            return text, said
    return None


def spoken(
    text: FirmText, said: Said, environment: Environment, context: Mapping[str, Any], *, in_mail: bool = True
) -> Spoken:
    """Fill in what was written.

    Raises:
        BrokenText: it names what this text does not have, or leaves out what it needs.
    """
    if is_broken(text, said):
        raise BrokenText(text.key)
    values = values_of(text, said, environment, context)
    return Spoken(
        # One line, whatever a value holds; the header is made safe where it is written.
        " ".join(filled(said.subject, values).split()),
        tuple(
            Piece(block=each.block, sentences=each.sentences)
            if isinstance(each, Part)
            else Piece(text=to_plain(each, values), html=to_html(each, values, in_mail=in_mail))
            for each in pieces(said.body, text.parts)
        ),
    )


def values_of(
    text: FirmText, said: Said, environment: Environment, context: Mapping[str, Any]
) -> dict[str, str]:
    """What comes in the places that were used.

    Raises:
        BrokenText: a place has no value here.
    """
    used = places_of(f"{said.subject}\n{said.body}")
    values: dict[str, str] = {}
    for place in text.places:
        if place.name in used:
            try:
                value = expression(environment, place.value)(context)
            except (TemplateError, TypeError, AttributeError, ValueError) as error:
                raise BrokenText(f"{text.key}: {place.name}") from error
            if value is None:
                raise BrokenText(f"{text.key}: {place.name}")
            # An expression that translates gives HTML; a place holds the words themselves.
            values[place.name] = value.unescape() if isinstance(value, Markup) else str(value)
    return values


@lru_cache(maxsize=1024)
def expression(environment: Environment, source: str) -> Callable[[Mapping[str, Any]], Any]:
    """A Jinja expression, made once."""
    return environment.compile_expression(source, undefined_to_none=False)


@lru_cache(maxsize=512)
def is_broken(text: FirmText, said: Said) -> bool:
    """Whether this was written for another release, or past the check: it is never sent."""
    return any(map(bool, problems(text, said)))
