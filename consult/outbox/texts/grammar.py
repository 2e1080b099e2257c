"""How places stand in a text, and everything that can be wrong with that, by line.

``{name}`` is a place; a part of the template stands alone on its line. A brace means nothing else. Knows no page and
says nothing in words; the office does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.outbox.texts.kinds import Part
from consult.outbox.texts.markup import places_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consult.outbox.texts.kinds import FirmText, Said

_PLACE = re.compile(r"\{([^{}\n]*)\}")
_IN_LINK = re.compile(r"\]\([^)]*\{|<[^>]*\{")


class Fault(StrEnum):
    """What can be wrong."""

    LOOSE = "loose"
    UNKNOWN = "unknown"
    NOT_ALONE = "not-alone"
    TWICE = "twice"
    MISSING = "missing"
    IN_LINK = "in-link"
    NOT_IN_SUBJECT = "not-in-subject"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: on which line (from 1), with which place, and the one that may be meant."""

    fault: Fault
    line: int
    name: str = ""
    meant: str | None = None


def problems(text: FirmText, said: Said) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with a subject and with a body, each in the order of its lines."""
    wrong = sorted(_body(text, said.body), key=lambda each: each.line)
    return list(_subject(text, said.subject)), wrong


def pieces(body: str, parts: Iterable[Part]) -> list[str | Part]:
    """The body cut at the parts of the template: runs of Markdown, and the parts between them."""
    alone = {f"{{{each.name}}}": each for each in parts}
    done: list[str | Part] = []
    run: list[str] = []
    for line in body.split("\n"):
        part = alone.get(line.strip())
        if part is None:
            run.append(line)
            continue
        done += ["\n".join(run), part]
        run = []
    done.append("\n".join(run))
    return [each for each in done if isinstance(each, Part) or each.strip()]


def filled(line: str, values: dict[str, str]) -> str:
    """A line of plain text with its places filled in.

    Raises:
        KeyError: a place has no value.
    """
    return _PLACE.sub(lambda found: values[found[1]], line)


def places_of(text: str) -> set[str]:
    """The names of all places in a text."""
    return set(_PLACE.findall(text))


def _subject(text: FirmText, subject: str) -> Iterator[Problem]:
    yield from _loose(subject, 1)
    here = [each.name for each in text.subject_places]
    elsewhere = set(text.names)
    for name in _PLACE.findall(subject):
        if name in elsewhere - set(here):
            yield Problem(Fault.NOT_IN_SUBJECT, 1, name)
        elif name not in here:
            yield Problem(Fault.UNKNOWN, 1, name, _meant(name, here))


def _body(text: FirmText, body: str) -> Iterator[Problem]:
    lines = body.split("\n")
    parts, known = [each.name for each in text.parts], text.names
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        yield from _loose(line, number)
        for name in _PLACE.findall(line):
            if name not in known:
                yield Problem(Fault.UNKNOWN, number, name, _meant(name, known))
            elif name in parts and line.strip() != f"{{{name}}}":
                yield Problem(Fault.NOT_ALONE, number, name)
            elif name in parts and name in seen:
                yield Problem(Fault.TWICE, number, name)
            seen.add(name)
    wanted = (*parts, *(each.name for each in text.places if each.name in text.needed))
    yield from (Problem(Fault.MISSING, len(lines), name) for name in wanted if name not in seen)
    yield from _in_links(body, lines)


def _loose(line: str, number: int) -> Iterator[Problem]:
    if set("{}") & set(_PLACE.sub("", line)):
        yield Problem(Fault.LOOSE, number)


def _in_links(body: str, lines: Sequence[str]) -> Iterator[Problem]:
    """A place that was written where it is not filled in: in the address of a link."""
    for first, end, read in places_read(body):
        written = lines[first:end]
        if sum(len(_PLACE.findall(line)) for line in written) != read:
            suspect = (at for at, line in enumerate(written) if _IN_LINK.search(line))
            yield Problem(Fault.IN_LINK, first + 1 + next(suspect, 0))


def _meant(name: str, known: Sequence[str]) -> str | None:
    near = get_close_matches(name.strip().lower(), known, n=1)
    return near[0] if near else None
