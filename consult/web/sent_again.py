"""What a visitor sent and we could not take in, for the page that says so: the text is shown, and can be sent again.

Knows no form: the longest text of words stands in a box, whatever else was sent goes along unseen. What was sent with
a password is never shown again.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True, slots=True)
class SentAgain:
    """Names and values of what was sent: ``text`` is what a person wrote, if anything; ``rest`` all else, in order."""

    text: tuple[str, str] | None
    rest: tuple[tuple[str, str], ...]


def sent_again() -> SentAgain | None:
    """The form of this request; None when there is none, when it cannot be read, or when it holds a password."""
    pairs = _sent()
    if not pairs or any("password" in name for name, _value in pairs):
        return None
    longest = max(
        (pair for pair in pairs if _is_written(pair[1])), key=lambda pair: len(pair[1]), default=None
    )
    rest = list(pairs)
    if longest is not None:
        rest.remove(longest)
    return SentAgain(longest, tuple(rest))


def _sent() -> tuple[tuple[str, str], ...]:
    if request.method != "POST":
        return ()
    try:
        return tuple(request.form.items(multi=True))
    except HTTPException:
        # Too large, or no form at all: there is nothing that could be shown.
        return ()


def _is_written(value: str) -> bool:
    return bool(value.split()[1:])
