"""Every Dutch text a visitor, advisor or coordinator reads is plain: level B1, short sentences, "u" (UX.md, TRUST.md).

Mails and calendars are made of the same catalogue; the texts of the sample firm are held to it too, as an example.
"""

from __future__ import annotations

import re
import tomllib
from statistics import mean
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from tests.house.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUE = ROOT / "consult/translations/en/LC_MESSAGES/messages.po"
LONGEST, USUAL = 25, 15
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{\w+\}")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
WORD = re.compile(r"[\w’'@/-]+(?:\.\d+)*")
# A person is "u"; what went wrong is said in words that help.
UNWANTED = re.compile(
    r"\b(?:je|jij|jou|jouw|jullie|ongeldige?|succesvol|verplicht veld|dient u|middels|derhalve|indien)\b",
    re.IGNORECASE,
)
# What the sample firm says itself; its visitors write as people do.
OWN_WORDS = frozenset({"intro", "body", "invitation", "subtitle", "lines", "summary", "welcome"})


def catalogue_texts() -> list[str]:
    with CATALOGUE.open("rb") as file:
        ids = [message.id for message in read_po(file, locale="en") if message.id]
    return [text for each in ids for text in (each if isinstance(each, tuple | list) else [each])]


def sentences(text: str) -> list[str]:
    plain = PLACEHOLDER.sub("woord", re.sub(r"[*_#>`]|\[|\]\([^)]*\)", "", text))
    return [part.strip() for part in SENTENCE_END.split(plain) if part.strip()]


def words(sentence: str) -> int:
    return len(WORD.findall(sentence))


def test_sentences_are_told_apart() -> None:
    text = "Vandaag 14.00 uur. Komt u?\n\n- Bel %(name)s op 020 123 4567: nu"
    assert sentences(text) == ["Vandaag 14.00 uur.", "Komt u?", "- Bel woord op 020 123 4567:", "nu"]
    assert [words(each) for each in sentences(text)] == [3, 2, 7, 1]


def test_no_sentence_is_long_and_most_are_short() -> None:
    found = [sentence for text in catalogue_texts() for sentence in sentences(text)]
    long = {sentence: words(sentence) for sentence in found if words(sentence) > LONGEST}
    assert not long, f"more than {LONGEST} words: cut it in two"
    whole = [words(sentence) for sentence in found if sentence[-1] in ".!?" and words(sentence) > 2]
    assert len(whole) > 300
    assert mean(whole) <= USUAL


def test_texts_speak_to_people_as_agreed() -> None:
    found = {text: match.group() for text in catalogue_texts() if (match := UNWANTED.search(text))}
    assert not found


def own_words(value: object, key: str = "") -> Iterator[str]:
    """The texts under the keys of ``OWN_WORDS``, wherever they stand."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from own_words(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from own_words(inner, key)
    elif isinstance(value, str) and key in OWN_WORDS:
        yield value


@pytest.mark.parametrize("name", ["firm", "handout"])
def test_what_the_sample_firm_says_is_as_plain(name: str) -> None:
    path = ROOT / f"consult/operations/sample/texts/{name}.toml"
    texts = list(own_words(tomllib.loads(path.read_text(encoding="utf-8"))))
    found = [sentence for text in texts for sentence in sentences(text)]
    assert len(found) > 10
    assert {sentence: words(sentence) for sentence in found if words(sentence) > LONGEST} == {}
    assert mean(words(sentence) for sentence in found) <= USUAL
    assert not [text for text in texts if UNWANTED.search(text)]
