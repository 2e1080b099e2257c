"""A text as the office shows it: what counts now, the default, the versions; and all of them in a list."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from consult.office.texts.words import JOURNEYS, RECEIVERS
from consult.outbox.texts.defaults import default, sample_values
from consult.outbox.texts.kinds import Said
from consult.outbox.texts.registry import TEXTS
from consult.outbox.texts.services import Key, in_use, versions
from consult.outbox.texts.speaking import is_broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession
    from consult.outbox.texts.kinds import FirmText
    from consult.outbox.texts.models import TextVersion
    from consult.outbox.texts.speaking import Own
    from consult.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """One text in one language: what is said now, what the default says, and every version, the newest first."""

    text: FirmText
    key: Key
    said: Said
    default: Said
    versions: Sequence[TextVersion]
    values: dict[str, str]

    @property
    def number(self) -> int:
        """The number of the version that counts; 0 when nothing was ever saved."""
        return self.versions[0].number if self.versions else 0

    @property
    def is_own(self) -> bool:
        """Whether the firm's own words count."""
        return bool(self.versions) and self.versions[0].body is not None


def kept(session: DbSession, text: FirmText, language: str, *, settings: Settings) -> Kept:
    """A text as it stands; one statement."""
    key, usual = Key(text.key, language), default(text, language, settings)
    stood = versions(session, key)
    newest = stood[0] if stood else None
    said = Said(newest.subject, newest.body) if newest is not None and newest.body is not None else usual
    return Kept(text, key, said, usual, stood, sample_values(text, language, settings))


def journeys(own: Own) -> list[dict[str, Any]]:
    """Every text in order, under what somebody is doing."""
    return [
        {"name": JOURNEYS[journey], "rows": [_row(text, own) for text in listed]}
        for journey, listed in groupby(sorted(TEXTS, key=_order), key=lambda text: text.journey)
    ]


def count_broken(session: DbSession) -> int:
    """How many of the firm's own words no longer fit, so that the default is said in their place; one statement."""
    own, known = in_use(session), {text.key: text for text in TEXTS}
    return sum(key in known and is_broken(known[key], said) for (key, _language), said in own.items())


def _row(text: FirmText, own: Own) -> dict[str, Any]:
    states: dict[str, str] = {}
    for language in text.languages:
        said = own.get((text.key, language))
        states[language] = "default" if said is None else "broken" if is_broken(text, said) else "own"
    return {"key": text.key, "when": text.when, "receiver": RECEIVERS[text.receiver], "states": states}


def _order(text: FirmText) -> int:
    return list(JOURNEYS).index(text.journey)
