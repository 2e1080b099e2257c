"""Texts that are translated when a template is compiled read exactly as those that are asked when it is rendered."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, select_autoescape

from consult.outbox.translated import TranslatedEnvironment

WORDS = {"Dag": "Good <day>", "Vol: 100%%": "Full: 100%%", "Dag %(name)s": "Hello %(name)s"}
CASES = [
    ("{{ _('Dag') }}", "a text"),
    ("{{ gettext('Dag') }}!", "a text asked by its long name"),
    ("{{ _('Vol: 100%%') }}", "a text with a percent sign"),
    ("{{ _('Onbekend') }}", "a text that the catalogue does not have"),
    ("{{ _('Dag %(name)s', name=who) }}", "a text with a variable"),
    ("{% set said = _('Dag') %}{{ said }} {{ said ~ who }}", "a text that is kept and added to"),
    ("{% for each in [_('Dag'), who] %}{{ each }},{% endfor %}", "a text in a list"),
    ("{{ _(asked) }}", "a text that is known only later"),
]


class Catalogue:
    """A catalogue of three texts."""

    def gettext(self, text: str) -> str:
        """The text in English, or as it is."""
        return WORDS.get(text, text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """One or many."""
        return one if number == 1 else many


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
@pytest.mark.parametrize(("source", "told"), CASES, ids=[told for _source, told in CASES])
def test_it_reads_as_jinja_itself_would_have_it(source: str, told: str, name: str) -> None:
    catalogue = Catalogue()
    options = {
        "loader": DictLoader({name: source}),
        "autoescape": select_autoescape(["html"]),
        "extensions": ["jinja2.ext.i18n"],
    }
    usual, ours = Environment(**options), TranslatedEnvironment(catalogue.gettext, **options)  # type: ignore[arg-type] # noqa: S701 (both escape by name)
    for each in (usual, ours):
        each.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined] # of the extension
    values = {"who": "<Joke>", "asked": "Dag"}
    assert ours.get_template(name).render(values) == usual.get_template(name).render(values), told


def test_a_text_without_variables_is_asked_of_the_catalogue_once() -> None:
    asked: list[str] = []

    def gettext(text: str) -> str:
        asked.append(text)
        return text

    template = TranslatedEnvironment(gettext, extensions=["jinja2.ext.i18n"]).from_string("{{ _('Dag') }}")
    assert [template.render(), template.render()] == ["Dag", "Dag"]
    assert asked == ["Dag"]
