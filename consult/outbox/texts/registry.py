"""Every text of the firm, in the order of the list in the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.outbox.texts.pages import PAGES
from consult.outbox.texts.questions import DESK, QUESTIONS
from consult.outbox.texts.talks import GROUPS, SERIES, TALKS

if TYPE_CHECKING:
    from consult.outbox.texts.kinds import FirmText

TEXTS: tuple[FirmText, ...] = (*PAGES, *QUESTIONS, *TALKS, *SERIES, *GROUPS, *DESK)
# Nobody's wording: what keeps an account safe, and figures.
FIXED = ("account-", "weekly-figures")
_BY_KEY = {each.key: each for each in TEXTS}
_BY_EVENT: dict[str, list[FirmText]] = {}
for _each in TEXTS:
    if _each.event:
        _BY_EVENT.setdefault(_each.event, []).append(_each)


def of_event(event: str) -> list[FirmText]:
    """The texts of a mail: the first that applies is spoken."""
    return _BY_EVENT.get(event, [])


def of_key(key: str) -> FirmText | None:
    """A text by its key; None when no release knows it any more."""
    return _BY_KEY.get(key)
