"""A table as people send it: a CSV file in whatever encoding and with whatever separator their program wrote.

Knows columns and lines; refuses to know what a column is about. A cell that a spreadsheet would run as a formula is
written with an apostrophe before it, and read back without (CWE-1236).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.web.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SEPARATORS = (";", ",", "\t")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MOST_LINES = 10_000


class Unreadable(ValueError):
    """This is no table in text."""


class TooLong(ValueError):
    """The table has more lines than anybody checks at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file, the heading included, and its cells by the heading of their column.

    ``formulas`` names the columns whose cell a spreadsheet would run; ``extra``: there are more cells than headings.
    """

    number: int
    cells: Mapping[str, str]
    extra: bool = False
    formulas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headings in small letters, in order, and the lines that are not empty."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else as Windows writes Western European text.

    Raises:
        Unreadable: it holds bytes that no text has.
    """
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _decode(content, encoding)
    if b"\x00" in content:
        raise Unreadable
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def read_sheet(text: str) -> Sheet:
    """The table in a text; the separator is the one that the first line has most of.

    Raises:
        Unreadable: there is no heading, or quotes that never end.
        TooLong: there are more than ``MOST_LINES`` lines.
    """
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        headings = tuple(clean(cell).casefold() for cell in next(reader, []))
        lines = []
        for cells in reader:
            # A cell may hold a line break, so the number is that of the line where the row ends.
            if any(cell.strip() for cell in cells):
                lines.append(_line(reader.line_num, headings, cells))
            if len(lines) > MOST_LINES:
                raise TooLong
    except csv.Error:
        raise Unreadable from None
    if not any(headings):
        raise Unreadable
    return Sheet(headings, tuple(lines))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run it."""
    return cell.startswith(FORMULA)


def write_sheet(headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> bytes:
    """The table as a file that spreadsheets open as it is: UTF-8 with a mark, semicolons, nothing that runs."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerows([_written(cell or "") for cell in row] for row in (headings, *rows))
    return made.getvalue().encode("utf-8-sig")


def _line(number: int, headings: Sequence[str], cells: Sequence[str]) -> Line:
    pairs = [(heading, clean(cell)) for heading, cell in zip(headings, cells, strict=False)]
    return Line(
        number,
        {heading: _read(cell) for heading, cell in pairs},
        extra=len(cells) > len(headings),
        formulas=frozenset(heading for heading, cell in pairs if is_formula(cell)),
    )


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable from None


def _read(cell: str) -> str:
    """What was written: an apostrophe that keeps a text from being run is no part of it."""
    return cell[1:] if cell.startswith("'") and is_formula(cell.lstrip("'")) else cell


def _written(cell: str) -> str:
    return f"'{cell}" if is_formula(cell.lstrip("'")) else cell
