"""An uploaded picture: only whole PNG, JPEG and WebP pictures of a fitting size pass, and nothing but the picture."""

from __future__ import annotations

import struct
import zlib

import pytest

from consult.people.orientation import only_orientation, orientation_in
from consult.people.pictures import MOST_BYTES, NotAPicture, WrongSize, read_picture

PLACE = b"GPS 52.0907 N 5.1214 E"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 96, height: int = 96, *more: bytes) -> bytes:
    """A grey PNG; ``more`` chunks stand before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 96, height: int = 96, frame: int = 0xC0) -> bytes:
    """The skeleton of a JPEG with a camera's notes in it; its scan holds a stuffed FF and a restart."""
    sides = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    notes = segment(0xE1, b"Exif\0\0" + PLACE) + segment(0xFE, PLACE)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + notes + segment(frame, sides) + scan + b"\xff\xd9"


def webp(width: int = 96, height: int = 96, *more: tuple[bytes, bytes]) -> bytes:
    """The skeleton of a lossless WebP; ``more`` chunks follow its pixels."""
    bits = (width - 1) | (height - 1) << 14
    chunks = [(b"VP8L", b"\x2f" + struct.pack("<I", bits) + b"\0"), *more]
    inside = b"".join(n + struct.pack("<I", len(b)) + b + b"\0" * (len(b) % 2) for n, b in chunks)
    return b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WEBP" + inside


def lossy(width: int, height: int) -> bytes:
    body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    wide = (
        struct.pack("<I", 0x2C)[:4] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    inside = b"".join(n + struct.pack("<I", len(b)) + b for n, b in ((b"VP8X", wide), (b"VP8 ", body)))
    return b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WEBP" + inside


def camera(turned: int, order: str = ">", *, before: bytes = b"") -> bytes:
    """A JPEG of a telephone: make, place and which way up, in either order of bytes."""
    entries = [
        struct.pack(f"{order}HHII", 0x010F, 2, 4, 0x41424300),
        struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0),
    ]
    tiff = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HI", 42, 8)
    tiff += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + b"\0\0\0\0" + PLACE
    plain = jpeg(120, 80)
    return plain[:2] + before + segment(0xE1, b"Exif\0\0" + tiff) + plain[2:]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turned", [2, 3, 6, 8])
def test_of_a_cameras_notes_only_which_way_up_stays(turned: int, order: str) -> None:
    picture = read_picture(camera(turned, order))
    assert PLACE not in picture.content
    assert picture.content.count(only_orientation(turned)) == 1
    assert read_picture(picture.content) == picture


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0MM\0*",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0XX\0*\0\0\0\x08",
        b"http://ns.adobe.com",
    ],
)
def test_notes_that_cannot_be_read_turn_nothing(body: bytes) -> None:
    assert orientation_in(body) == 1
    assert orientation_in(only_orientation(9)) == 1
    assert b"Exif" not in read_picture(camera(1, before=segment(0xE1, body))).content


@pytest.mark.parametrize(
    ("told", "content", "media_type"),
    [
        ("a PNG with a note", png(120, 80, chunk(b"tEXt", b"Comment\0" + PLACE)), "image/png"),
        ("a JPEG of a camera", jpeg(120, 80), "image/jpeg"),
        ("a progressive JPEG", jpeg(120, 80, 0xC2), "image/jpeg"),
        ("a lossless WebP", webp(120, 80, (b"EXIF", PLACE)), "image/webp"),
        ("a lossy WebP", lossy(120, 80), "image/webp"),
        ("with something behind it", png(120, 80) + b"<script>" + PLACE, "image/png"),
    ],
)
def test_a_picture_keeps_its_pixels_and_nothing_else(told: str, content: bytes, media_type: str) -> None:
    del told
    picture = read_picture(content)
    assert (picture.media_type, picture.width, picture.height) == (media_type, 120, 80)
    assert PLACE not in picture.content
    assert b"<script>" not in picture.content
    assert read_picture(picture.content) == picture


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 50,
        png()[:-20],
        png().replace(b"IDAT", b"IDAU"),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        jpeg()[:-30],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\0\x04ab<html>",
        webp()[:-3],
        webp(96, 96, (b"ANIM", b"\0" * 6)),
        b"RIFF\4\0\0\0WEBP",
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises((NotAPicture, WrongSize)):
        read_picture(content)


@pytest.mark.parametrize(
    "content", [png(63, 96), png(96, 1601), jpeg(8, 8), webp(2000, 96), b"x" * (MOST_BYTES + 1)]
)
def test_a_size_that_does_not_fit_is_told_apart(content: bytes) -> None:
    with pytest.raises(WrongSize):
        read_picture(content)
