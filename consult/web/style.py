"""The style sheet of every page as it is sent: our own, squeezed, with the firm's accent at its end, in one answer.

Nothing is compressed on the way out (a page that holds both secrets and a visitor's words must not be), so a space
that says nothing is left out here.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A space before a colon can stand for "inside": it stays. After a colon it never means anything.
_ROUND = re.compile(r"\s*([{};,>])\s*|(:)\s+")


def squeeze(sheet: str) -> str:
    """The same style sheet without comments and without spaces that mean nothing."""
    plain = re.sub(r"\s+", " ", _COMMENT.sub("", sheet))
    return _ROUND.sub(lambda found: found[1] or found[2], plain).replace(";}", "}").strip()


@lru_cache(maxsize=4)
def style_sheet(path: Path, accent: str, accent_ink: str, _changed_at: float) -> tuple[str, str]:
    """The sheet in ``path`` with the firm's colours, and its fingerprint; ``_changed_at`` tells new from old."""
    text = (
        f"{squeeze(path.read_text(encoding='utf-8'))}\n:root{{--accent:{accent};--accent-ink:{accent_ink}}}\n"
    )
    return text, hashlib.sha256(text.encode()).hexdigest()[:10]
