"""Text that comes from outside, cleaned once at the edge; and the one table of how long a text may be."""

from __future__ import annotations

import re
import unicodedata

# Field → most characters. The validation and the documentation of the API both read it.
LENGTHS = {
    "name": 128,
    "first_name": 64,
    "email": 254,
    "phone": 32,
    "reachable": 200,
    "organisation": 200,
    "subject": 200,
    "title": 100,
    "needs": 500,
    "question": 5000,
    "message": 5000,
    "note": 2000,
    "reason": 500,
    "location": 200,
    "guests": 1500,
    "page_text": 20000,
    "address": 500,
}

# C0 and C1 controls but TAB and LF, the line and paragraph separators, bidirectional overrides and isolates, and the
# byte order mark. The joiners U+200C and U+200D stay: names and emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n?")


def clean(text: str) -> str:
    """Normalise to NFC with LF line ends, without control, bidirectional and separator characters, trimmed."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))).strip()


def is_one_line(text: str) -> bool:
    """Whether a cleaned text holds no line break; a field of one line refuses one rather than guess."""
    return "\n" not in text and "\t" not in text
