"""Pictures that somebody uploads: bytes in, checked and cleaned bytes out. Knows no advisor, database or page.

Only what draws the picture is kept (PNG 1.2, JPEG ITU-T T.81, WebP RFC 9649): where and with what it was taken, and
whatever else hides in a file, is left out; of a camera's notes only which way up stays. Nothing is decoded; a browser
does that.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.people.orientation import UPRIGHT, only_orientation, orientation_in

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 200 * 1024
LEAST_SIDE, MOST_SIDE = 64, 1600
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"IDAT", b"IEND"})
# Frames that browsers draw: baseline, extended and progressive Huffman.
JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
JPEG_KEPT = JPEG_FRAMES | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}
JPEG_SCAN, JPEG_END, JPEG_NOTES = 0xDA, 0xD9, 0xE1
WEBP_KEPT = frozenset({b"VP8X", b"ALPH", b"VP8 ", b"VP8L"})
WEBP_HAS_ALPHA = 0x10


class NotAPicture(Exception):
    """The bytes are no whole PNG, JPEG or WebP picture."""


class WrongSize(Exception):
    """The picture has too many bytes, or is too small or too large to be a portrait."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to show; sides in pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """The picture in an uploaded file, with nothing in it but the picture.

    Raises:
        WrongSize: over 200 kB, or a side under 64 or over 1600 pixels.
        NotAPicture: it is something else, or broken.
    """
    if len(content) > MOST_BYTES:
        raise WrongSize
    try:
        picture = _read(content)
    except (IndexError, ValueError):
        raise NotAPicture from None
    if not all(LEAST_SIDE <= side <= MOST_SIDE for side in (picture.width, picture.height)):
        raise WrongSize
    return picture


def _read(content: bytes) -> Picture:
    if content.startswith(PNG_SIGNATURE):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    raise NotAPicture


def _number(content: bytes, at: int, length: int, order: str = "big") -> int:
    """A whole number of so many bytes.

    Raises:
        ValueError: the file ends before it.
    """
    found = content[at : at + length]
    if len(found) < length:
        raise ValueError("the file is cut off")
    return int.from_bytes(found, "little" if order == "little" else "big")


def _png(content: bytes) -> Picture:
    kept, names = [PNG_SIGNATURE], []
    for name, chunk in _png_chunks(content):
        names.append(name)
        if name in PNG_KEPT:
            kept.append(chunk)
    if names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise NotAPicture
    return Picture("image/png", b"".join(kept), _number(content, 16, 4), _number(content, 20, 4))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = len(PNG_SIGNATURE), b""
    while name != b"IEND":
        length = _number(content, at, 4)
        name, end = content[at + 4 : at + 8], at + 8 + length
        if _number(content, end, 4) != zlib.crc32(content[at + 4 : end]):
            raise NotAPicture
        yield name, content[at : end + 4]
        at = end + 4


def _jpeg(content: bytes) -> Picture:
    kept, at, sides, turned = [b"\xff\xd8"], 2, (0, 0), UPRIGHT
    while True:
        if content[at] != 0xFF:
            raise NotAPicture
        marker = content[at + 1]
        if marker == JPEG_END:
            break
        end = at + 2 + _number(content, at + 2, 2)
        if marker in JPEG_FRAMES:
            sides = (_number(content, at + 7, 2), _number(content, at + 5, 2))
        if marker == JPEG_NOTES and turned == UPRIGHT:
            turned = orientation_in(content[at + 4 : end])
        if marker == JPEG_SCAN:
            end = _scan_end(content, end)
        if marker == JPEG_SCAN or marker in JPEG_KEPT:
            kept.append(content[at:end])
        at = end
    if not any(each[1] == JPEG_SCAN for each in kept):
        raise NotAPicture
    if turned != UPRIGHT:
        notes = only_orientation(turned)
        kept.insert(1, bytes([0xFF, JPEG_NOTES]) + (len(notes) + 2).to_bytes(2, "big") + notes)
    return Picture("image/jpeg", b"".join((*kept, b"\xff\xd9")), *sides)


def _scan_end(content: bytes, at: int) -> int:
    """Where the next marker stands after the data of a scan (T.81 B.1.1.5: a stuffed 0 and restarts are data)."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _webp(content: bytes) -> Picture:
    end = 8 + _number(content, 4, 4, "little")
    if end > len(content):
        raise NotAPicture
    kept, sides, at = [], (0, 0), 12
    while at < end:
        name, length = content[at : at + 4], _number(content, at + 4, 4, "little")
        body = content[at + 8 : at + 8 + length]
        if name in {b"ANIM", b"ANMF"} or len(body) != length:
            raise NotAPicture
        if name in WEBP_KEPT:
            if name == b"VP8X":
                body = bytes([body[0] & WEBP_HAS_ALPHA, 0, 0, 0]) + body[4:]
            sides = _webp_sides(name, body) or sides
            kept.append(name + length.to_bytes(4, "little") + body + b"\0" * (length % 2))
        at += 8 + length + length % 2
    inside = b"WEBP" + b"".join(kept)
    return Picture("image/webp", b"RIFF" + len(inside).to_bytes(4, "little") + inside, *sides)


def _webp_sides(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Width and height as a bitstream says them; None for a part that is no bitstream."""
    if name == b"VP8 ":
        if body[3:6] != b"\x9d\x01\x2a":
            raise NotAPicture
        return _number(body, 6, 2, "little") & 0x3FFF, _number(body, 8, 2, "little") & 0x3FFF
    if name == b"VP8L":
        if body[0] != 0x2F:
            raise NotAPicture
        bits = _number(body, 1, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
