"""The macros, read as a browser or a screen reader would: what is tied to what, and what is left out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from wtforms import EmailField, Form, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

TEMPLATES = Path(__file__).parents[2] / "templates"
PERSON = {"name": "Rik de Bruin", "first_name": "Rik", "role": "Adviseur", "live": None, "reachable": False}


class Question(Form):  # type: ignore[misc] # WTForms is not typed
    key = HiddenField(default="k1")
    question = TextAreaField("Uw vraag", [InputRequired("Vul uw vraag in."), Length(max=5)])
    channel = RadioField(
        "Hoe wilt u antwoord?",
        [InputRequired("Kies hoe u antwoord wilt.")],
        choices=[SelectChoice("email", "E-mail")],
    )
    email = EmailField("Uw e-mailadres")
    slot = StringField("Moment")


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("look", template_folder=str(TEMPLATES))
    Babel(app, default_locale="nl")
    return app


def _draw(app: Flask, source: str, **values: Any) -> str:
    with app.test_request_context():
        return " ".join(render_template_string(source, **values).split())


def _refused() -> Question:
    form = Question()
    form.validate()
    return form


FORMS = (
    '{% from "components/forms.html" import choice, error_summary, field, hidden, moments, title_prefix %}'
)
PEOPLE = '{% from "components/people.html" import contact_block, portrait %}'


def test_the_summary_leads_to_each_field_and_to_the_first_radio(app: Flask) -> None:
    page = _draw(app, FORMS + "{{ error_summary(form) }}", form=_refused())
    assert '<a href="#question" target="_self">Vul uw vraag in.</a>' in page
    assert '<a href="#channel-0" target="_self">Kies hoe u antwoord wilt.</a>' in page
    assert "autofocus" in page


def test_a_form_without_mistakes_has_no_summary_and_no_prefix(app: Flask) -> None:
    assert _draw(app, FORMS + "{{ title_prefix(form) }}{{ error_summary(form) }}", form=Question()) == ""


def test_the_title_of_a_refused_form_begins_with_the_fault(app: Flask) -> None:
    assert (
        _draw(app, FORMS + "{{ title_prefix(form) }}Stel uw vraag", form=_refused()) == "Fout: Stel uw vraag"
    )


def test_hint_error_and_count_are_read_with_their_field(app: Flask) -> None:
    page = _draw(app, FORMS + "{{ field(form.question, hint='Kort.', counter=5000) }}", form=_refused())
    assert 'aria-describedby="question-hint question-error question-count"' in page
    assert 'aria-invalid="true"' in page
    assert "Maximaal 5.000 tekens" in page


def test_a_browser_never_cuts_off_what_is_pasted(app: Flask) -> None:
    page = _draw(app, FORMS + "{{ field(form.question) }}", form=Question())
    assert "maxlength" not in page
    assert "required" not in page


def test_what_belongs_to_a_choice_stands_inside_its_option(app: Flask) -> None:
    inner = "{% if value == 'email' %}{{ field(form.email) }}{% endif %}"
    source = FORMS + "{% call(value) choice(form.channel) %}" + inner + "{% endcall %}"
    option = _draw(app, source, form=Question()).split('<div class="option">')[1]
    assert option.index('value="email"') < option.index('class="reveal"') < option.index('id="email"')


def test_hidden_fields_are_written_and_no_others(app: Flask) -> None:
    page = _draw(app, FORMS + "{{ hidden(form) }}", form=Question())
    assert page.count("<input") == 1
    assert 'value="k1"' in page


def test_the_chosen_moment_stays_chosen(app: Flask) -> None:
    moments = [SimpleNamespace(value=value, label=value, advisor=None) for value in "ab"]
    days = [SimpleNamespace(label="maandag", moments=moments)]
    page = _draw(app, FORMS + "{{ moments(days, form.slot) }}", form=Question(data={"slot": "b"}), days=days)
    assert 'value="b" checked' in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize(
    ("hrefs", "shown", "absent"),
    [
        (
            {"phone_href": "tel:+31"},
            ["Bel Rik"],
            ["App Rik", "Mail Rik", "Stel uw vraag", "Plan een gesprek"],
        ),
        (
            {"ask_href": "/vraag", "book_href": "/afspraak"},
            ["Stel uw vraag", "Plan een gesprek"],
            ["Bel Rik"],
        ),
    ],
)
def test_a_channel_without_an_address_gets_no_button(
    app: Flask, hrefs: dict[str, str], shown: list[str], absent: list[str]
) -> None:
    page = _draw(app, PEOPLE + "{{ contact_block(None, [person]) }}", person={**PERSON, **hrefs})
    assert all(text in page for text in shown)
    assert not any(text in page for text in absent)


@pytest.mark.parametrize(
    ("name", "initials"), [("Rik de Bruin", "RB"), ("Wen", "W"), ("élise Ó Brien", "ÉB")]
)
def test_somebody_without_a_photo_has_initials(app: Flask, name: str, initials: str) -> None:
    assert f">{initials}<" in _draw(
        app, PEOPLE + "{{ portrait(person) }}", person={"name": name, "photo_href": None}
    )


def test_a_text_of_a_person_is_never_markup(app: Flask) -> None:
    page = _draw(app, PEOPLE + "{{ contact_block(None, [person]) }}", person={**PERSON, "role": "<b>x</b>"})
    assert "<b>x</b>" not in page
