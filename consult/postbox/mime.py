"""A mail's bytes as parts, for any bytes whatever: bounded in size, depth and number, without a copy of a part.

The standard library reads the headers; it does not cut the parts, because its parser makes an object of every part
and every block, and ten megabytes can hold millions. Judges nothing.
"""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from functools import cached_property
from typing import TYPE_CHECKING, Any

from consult.scheduling.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 10 * 1024 * 1024
MOST_HEAD = 64 * 1024
LONGEST_HEADER = 2000
MOST_PARTS = 100
DEEPEST = 8
LONGEST_NAME = 100

_BLANK = re.compile(rb"\n\r?\n")
_NO_HEAD = re.compile(rb"\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
# Others are slow on purpose-made input (idna, punycode), or no text encodings at all.
_CHARSET = re.compile(
    r"ascii|utf-(7|8|16|32)(-[bl]e)?|utf-8-sig|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|shift_jis\w*"
    r"|iso2022_\w+|euc_\w+|johab|hz|tis-620"
)


@dataclass(frozen=True)
class Part:
    """A mail or a part of one: where its headers and its body stand in ``raw``; ``kind`` when it names none."""

    raw: bytes
    head_start: int
    head_end: int
    body_start: int
    body_end: int
    ordinary_kind: str = "text/plain"

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        head = self.raw[self.head_start : self.head_end]
        message = BytesParser(policy=policy.default).parsebytes(head, headersonly=True)
        return [(name.lower(), value) for name, value in message.raw_items()]

    def names(self) -> frozenset[str]:
        """The names of its headers, in small letters."""
        return frozenset(name for name, _ in self._headers)

    def plain(self, name: str, *, most: int = LONGEST_HEADER) -> str:
        """The header as it stands there, unfolded, cut at ``most`` characters; "" when there is none."""
        return " ".join(self.every(name)[:1])[:most]

    def every(self, name: str) -> list[str]:
        """All headers of that name, unfolded."""
        return [one_line(value[: MOST_HEAD // 4]) for known, value in self._headers if known == name.lower()]

    def parsed(self, name: str) -> Any:
        """The header as the standard library reads it; None when there is none that it can read."""
        value = self.plain(name)
        if not value:
            return None
        try:
            return policy.default.header_factory(name, value)
        except Exception:  # noqa: BLE001 (on damaged headers it raises whatever comes up)
            return None

    @property
    def kind(self) -> str:
        """The content type in small letters, such as ``text/plain``."""
        stated = self.plain("content-type").partition(";")[0].strip().lower()
        return stated if stated.count("/") == 1 else self.ordinary_kind

    def param(self, name: str) -> str:
        """A parameter of the content type; "" when there is none."""
        parsed = self.parsed("content-type")
        return "" if parsed is None else one_line(str(parsed.params.get(name, "")))

    @property
    def filename(self) -> str:
        """The name an attachment goes by, on one line; "" when it has none."""
        disposition = self.parsed("content-disposition")
        stated = "" if disposition is None else str(disposition.params.get("filename", ""))
        return one_line(stated or self.param("name"))[:LONGEST_NAME]

    @property
    def is_attachment(self) -> bool:
        """Whether it is to be saved rather than shown."""
        return self.plain("content-disposition").lower().startswith("attachment")

    def content(self, most: int) -> bytes:
        """The body with its transfer encoding undone, cut at about ``most`` bytes."""
        encoding = self.plain("content-transfer-encoding").strip().lower()
        if encoding == "base64":
            body = _NOT_BASE64.sub(
                b"", self.raw[self.body_start : min(self.body_end, self.body_start + 2 * most)]
            )
            body = body[: len(body) - 1] if len(body) % 4 == 1 else body
            return binascii.a2b_base64(body + b"=" * (-len(body) % 4))[:most]
        if encoding == "quoted-printable":
            return binascii.a2b_qp(
                self.raw[self.body_start : min(self.body_end, self.body_start + 4 * most)]
            )[:most]
        return self.raw[self.body_start : min(self.body_end, self.body_start + most)]

    def text(self, most: int) -> str:
        """The body as text; bytes that are not in the charset it names are read as Windows-1252."""
        return decoded(self.content(most), self.param("charset"))


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, whatever they are."""
    try:
        codec = codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        codec = "utf-8"
    if not _CHARSET.fullmatch(codec):
        codec = "utf-8"
    for name in ("utf-8" if codec == "ascii" else codec, "utf-8"):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    return content.decode("cp1252", errors="replace")


def whole(raw: bytes) -> Part:
    """The mail itself."""
    return _part(raw, 0, len(raw), "text/plain")


def leaves(mail: Part) -> Iterator[Part]:
    """The parts that hold something, in order; a mail inside the mail is one part and is not opened."""
    waiting = [(mail, 0)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        inner = list(_inside(part)) if part.kind.startswith("multipart/") and depth < DEEPEST else []
        if inner:
            waiting.extend((each, depth + 1) for each in reversed(inner))
        elif not part.kind.startswith("multipart/"):
            yield part


def _inside(part: Part) -> Iterator[Part]:
    boundary = part.param("boundary").encode("utf-8", "replace")
    if not boundary or len(boundary) > 200:
        return
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    kind = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    start: int | None = None
    for number, found in enumerate(line.finditer(part.raw, part.body_start, part.body_end)):
        if start is not None:
            yield _part(part.raw, start, max(start, found.start() - 1), kind)
        start = min(found.end() + 1, part.body_end)
        if found.group(1) or number >= MOST_PARTS:
            return
    # A mail that was cut off has no last boundary.
    if start is not None:
        yield _part(part.raw, start, part.body_end, kind)


def _part(raw: bytes, start: int, end: int, ordinary_kind: str) -> Part:
    end = max(start, end)
    if empty := _NO_HEAD.match(raw, start, end):
        return Part(raw, start, start, empty.end(), end, ordinary_kind)
    limit = min(end, start + MOST_HEAD)
    if blank := _BLANK.search(raw, start, limit):
        return Part(raw, start, blank.start() + 1, blank.end(), end, ordinary_kind)
    return Part(raw, start, limit, limit, limit, ordinary_kind)
