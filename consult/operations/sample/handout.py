"""The hand-out of the sample page as a PDF of one sheet, made from its text without a library.

The same text gives the same bytes. Knows A4, the built-in Helvetica of every reader and the letters of Western
Europe; the file under static/ is what ``handout`` returns.
"""

from __future__ import annotations

import textwrap
import tomllib
from typing import Final

from consult.operations.sample.content import TEXTS

WIDTH: Final = 595
HEIGHT: Final = 842
MARGIN: Final = 64
INK: Final = "0.13 0.16 0.20"
ACCENT: Final = "0.12 0.38 0.33"
# Letters that fit on a line of text; Helvetica at 11 points is about half as wide as it is high.
LETTERS: Final = 82
LEADING: Final = 17


def handout() -> bytes:
    """The PDF (ISO 32000-1, version 1.7): one page in Dutch, with a title, headings, points and questions."""
    text = tomllib.loads((TEXTS / "handout.toml").read_text(encoding="utf-8"))
    drawing = _drawing(text["title"], text["subtitle"], text["lines"]).encode("cp1252")
    title = _literal(text["title"])
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R/Lang(nl-NL)/ViewerPreferences<</DisplayDocTitle true>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents 6 0 R"
            "/Resources<</Font<</R 4 0 R/B 5 0 R>>>>>>".encode(),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
            b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing),
            f"<</Title({title})>>".encode("cp1252"),
        ]
    )


def _drawing(title: str, subtitle: str, lines: list[str]) -> str:
    """The operators that draw the sheet, from the top down."""
    drawn = [f"{ACCENT} rg 0 {HEIGHT - 14} {WIDTH} 14 re f"]
    top = HEIGHT - 96
    drawn.append(_text("B", 25, MARGIN, top, title, ACCENT))
    drawn.append(_text("R", 11, MARGIN, top - 22, subtitle, INK))
    top -= 58
    for line in lines:
        mark, _, rest = line.partition(" ")
        if mark == "#":
            top -= 14
            drawn.append(_text("B", 14, MARGIN, top, rest, ACCENT))
            top -= LEADING + 4
            continue
        indent = 22 if mark == "-" or mark.isdigit() else 0
        if mark.isdigit():
            drawn.append(_text("B", 13, MARGIN, top, mark, ACCENT))
        elif mark == "-":
            drawn.append(f"{ACCENT} rg {MARGIN + 3} {top + 2.5} 4 4 re f")
        for part in textwrap.wrap(rest if indent else line, LETTERS):
            drawn.append(_text("R", 11, MARGIN + indent, top, part, INK))
            top -= LEADING
        top -= 5
    return "\n".join(drawn)


def _text(font: str, size: int, left: int, base: float, text: str, colour: str) -> str:
    return f"{colour} rg BT /{font} {size} Tf {left} {base:g} Td ({_literal(text)}) Tj ET"


def _literal(text: str) -> str:
    """The text inside a string literal: brackets and backslashes escaped (ISO 32000-1, 7.3.4.2)."""
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, with the table that says where each begins (ISO 32000-1, 7.5)."""
    made = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    starts: list[int] = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(objects),
            len(made),
        )
    )
