"""Every text of the firm: its default is what the mail says anyway, and may be saved as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from consult.outbox.rendering import environment_for, render
from consult.outbox.texts.defaults import default, sample_values, shown
from consult.outbox.texts.grammar import places_of, problems
from consult.outbox.texts.kinds import BrokenText, Said
from consult.outbox.texts.registry import FIXED, TEXTS, of_event, of_key
from consult.outbox.texts.speaking import expression, spoken
from consult.settings import load
from tests.house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from consult.outbox.rendering import Words
    from consult.outbox.texts.kinds import FirmText
    from consult.settings import Settings

OF_THE_SAMPLE = re.compile(r"\d|Sanne|Rik\b|Mirte|Stadhuis|Kennissessie|Polarisatie|Zonnewende|example")
EVERY = [(text, language) for text in TEXTS for language in text.languages]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A firm whose name and number are ordinary words of its mails."""
    instance: Path = tmp_path_factory.mktemp("texts")
    return load(
        {}, instance=instance, secret_key="only for this test run", firm_name="Dag", firm_phone="+31201234567"
    )


def words(mail: Words) -> tuple[str, list[str]]:
    return mail.subject, mail.text.split()


def test_every_mail_has_a_text_and_every_text_a_name_of_its_own() -> None:
    folders = {path.parent.name for path in (ROOT / "templates/email").glob("*/subject.txt")}
    lacking = {folder for folder in folders if not of_event(folder) and not folder.startswith(FIXED)}
    assert not lacking, "give it a text in consult/outbox/texts, or name it in FIXED"
    assert len({text.key for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize(("text", "language"), EVERY, ids=lambda part: getattr(part, "key", part))
def test_a_default_is_good_and_says_what_the_mail_says(
    text: FirmText, language: str, settings: Settings
) -> None:
    said = default(text, language, settings)
    assert problems(text, said) == ([], [])
    made = shown(text, said, language, settings)
    if text.event is not None:
        assert expression(environment_for(settings, language), text.applies)(text.sample)
        ours = render(text.event, language, settings, dict(text.sample))
        assert not isinstance(made, str)
        assert words(made) == words(ours)


@pytest.mark.parametrize(("text", "language"), EVERY, ids=lambda part: getattr(part, "key", part))
def test_no_two_places_look_alike_in_the_sample(text: FirmText, language: str, settings: Settings) -> None:
    """Else the default would name the wrong one; and what is left of the sample would be said to everybody."""
    values = sample_values(text, language, settings)
    assert len(set(values.values())) == len(values)
    said = default(text, language, settings)
    assert not OF_THE_SAMPLE.findall(f"{said.subject}\n{said.body}")


@pytest.mark.parametrize(("key", "place", "lacking"), [
    ("booking-requested.visitor", "uiterlijk", {"answer_by": None}),
    ("booking-proposed.colleague", "voorstel", {"moment": None}),
    ("series-planned.visitor", "begin", {"dates": []}),
    ("booking-confirmed-by.visitor", "collega", {"planned_by": None}),
])  # fmt: skip
def test_a_place_without_a_value_breaks_the_text_and_not_the_talk(
    key: str, place: str, lacking: dict[str, object], settings: Settings
) -> None:
    text = of_key(key)
    assert text
    body = "\n".join(f"{{{each}}}" for each in (place, *(part.name for part in text.parts)))
    with pytest.raises(BrokenText):
        spoken(text, Said("Dag", body), environment_for(settings, "nl"), {**text.sample, **lacking})


def test_texts_for_visitors_name_them_and_their_number(settings: Settings) -> None:
    said = default(of_event("enquiry-received")[0], "nl", settings)
    assert said.subject == "Wij hebben uw vraag ({nummer})"
    assert said.body.startswith("Dag {naam},\n\nWij hebben uw vraag. Uw nummer is {nummer}.\n{belofte}\n")
    assert places_of(said.body) == {"naam", "nummer", "belofte", "vraag", "knop"}
