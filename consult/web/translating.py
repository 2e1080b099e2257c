"""Translate outside any request: for mails and calendars, in the receiver's language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.support import NullTranslations, Translations

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent.parent / "translations"


@lru_cache(maxsize=8)
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; Dutch, the source language, has none."""
    return Translations.load(FOLDER, [language])


def translator(language: str) -> Callable[[str], str]:
    """``gettext`` for one language."""
    return translations(language).gettext
