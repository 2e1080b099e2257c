"""Which way up a camera held a picture: read from what it wrote down, and written again without the rest of it.

A telephone stores the pixels as its sensor lies and says beside them how to turn them (Exif 2.32, 4.6.4 A, tag 274).
Without that a browser shows the portrait on its side. Browsers obey it in a JPEG; other pictures come upright.
"""

from __future__ import annotations

import struct

EXIF = b"Exif\0\0"
TAG, SHORT = 0x0112, 3
UPRIGHT, LAST = 1, 8
# A big-endian TIFF of one directory with one entry, and no further directory.
_ALONE = struct.Struct(">6s2sHIHHHIHHI")


def orientation_in(body: bytes) -> int:
    """The orientation in the body of a JPEG's APP1 part, 1 to 8; 1 (upright) when it says nothing that we can read."""
    if not body.startswith(EXIF):
        return UPRIGHT
    try:
        found = _read(body[len(EXIF) :])
    except struct.error:
        return UPRIGHT
    return found if UPRIGHT <= found <= LAST else UPRIGHT


def only_orientation(orientation: int) -> bytes:
    """The body of an APP1 part that says this and nothing else."""
    return _ALONE.pack(EXIF, b"MM", 42, 8, 1, TAG, SHORT, 1, orientation, 0, 0)


def _read(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        tag, kind, _values, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
        if (tag, kind) == (TAG, SHORT):
            return int(value)
    return UPRIGHT
