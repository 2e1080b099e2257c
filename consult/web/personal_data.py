"""What in a text looks like data of a resident: a citizen service number, a date of birth, the number of a case.

Guesses, for a hint that people may pass by; never a reason to refuse. Knows no form and keeps nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class PersonalData(StrEnum):
    """Kinds of data that a question does not need."""

    BSN = "bsn"
    BIRTH_DATE = "birth_date"
    CASE = "case"


_NINE_DIGITS = re.compile(r"(?<![\d.,€/-])\d(?:[ .]?\d){7,8}(?![\d]|[.,/-]\d)")
_MONTH = r"(?:jan|feb|m(?:aa)?rt|mar|apr|mei|may|jun|jul|aug|sep|o[kc]t|nov|dec)[a-z]*\.?"
_DATE = rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:19|20)?\d{{2}}|\d{{1,2}}\s+{_MONTH}\s+(?:19|20)?\d{{2}})"
_BORN = re.compile(
    rf"\b(?:geboren|geboortedatum|geb|born|date of birth|dob)\b\.?[^.\n]{{0,25}}?{_DATE}", re.IGNORECASE
)
_CASE = re.compile(
    r"\b(?:zaak|dossier|casus|kenmerk|case|file)(?:\s?(?:nummer|number|nr\.?|no\.?))?\s*[:#]?\s*"
    r"[A-Z]{0,4}[-/. ]?\d[\d/.-]{3,}"
    r"|\bZ[-/]?(?:20)?\d{2}[-/]\d{4,}\b",
    re.IGNORECASE,
)


def personal_data_in(text: str) -> tuple[PersonalData, ...]:
    """The kinds that seem to stand in the text, each once."""
    return tuple(_kinds(text))


def is_bsn(digits: str) -> bool:
    """Whether 8 or 9 digits pass the test of eleven: nine times the first, eight times the second … minus the last."""
    nine = digits.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, nine, strict=True))
    return total != 0 and total % 11 == 0


def _kinds(text: str) -> Iterator[PersonalData]:
    if any(is_bsn(re.sub(r"\D", "", found)) for found in _NINE_DIGITS.findall(text)):
        yield PersonalData.BSN
    if _BORN.search(text):
        yield PersonalData.BIRTH_DATE
    if _CASE.search(text):
        yield PersonalData.CASE
