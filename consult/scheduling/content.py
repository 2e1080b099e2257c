"""Content lines as octets, and icalendar's components as such lines: what its writer gives, at a quarter of the cost.

The library makes an object of every line and looks at every character of it; here only lines that need it pay for
that. The values of a component are encoded by the library. Knows no meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icalendar.parser import Contentline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icalendar.cal.component import Component

# The library folds so that a line has at most 74 octets, its leading space not counted (75 with it, RFC 5545 3.1).
FOLD_AT = 74


def written(component: Component) -> bytes:
    """The component with all that is in it, in the order in which it was put there; folded, with CRLF.

    Raises:
        ValueError: a value holds a line break, and would be read as a property of its own.
    """
    return folded(_lines(component))


def folded(lines: Iterable[str]) -> bytes:
    """The lines in octets, each ended by CRLF, and cut where they are long (RFC 5545 3.1).

    Raises:
        ValueError: a line holds a line break, and would be read as a property of its own.
    """
    text = "\r\n".join(map(_folded, lines))
    return f"{text}\r\n".encode()


def _lines(component: Component) -> Iterator[str]:
    yield f"BEGIN:{component.name}"
    for name, held in component.items():
        for value in held if isinstance(held, list) else (held,):
            yield _line(name, value)
    for inner in component.subcomponents:
        yield from _lines(inner)
    yield f"END:{component.name}"


def _line(name: str, value: Any) -> str:
    params, encoded = value.params, value.to_ical()
    head = f"{name};{params.to_ical(sorted=False).decode()}" if params else name
    # Some of the library's values give text, others bytes; TZID=UTC is a parameter that it leaves out.
    text = encoded.decode() if isinstance(encoded, bytes) else encoded
    return f"{head.removesuffix(';')}:{text}"


def _folded(line: str) -> str:
    if "\n" in line or "\r" in line:
        raise ValueError("a calendar line with a line break in it")
    if len(line) <= FOLD_AT and line.isascii():
        return line
    if not line.isascii() or "\\" in line or "^" in line:
        return Contentline(line).to_ical().decode()  # type: ignore[no-untyped-call] # library
    return "\r\n ".join(line[start : start + FOLD_AT] for start in range(0, len(line), FOLD_AT))
