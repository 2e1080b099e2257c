"""The form of one routing rule. What is typed as text (municipalities, words, domains) stands one on a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from consult.contact.models import Channel
from consult.contact.rules.written import RoutingRule
from consult.office.forms import Ticks
from consult.office.rules.sentences import channel_name, language_name
from consult.people import municipalities
from consult.routing.rules import Conditions
from consult.routing.words import term
from consult.web.forms import AtMost, DeskForm, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.office.rules.names import Names

LANGUAGES = ("nl", "en")
LINES = {"rows": 3}


class RuleForm(DeskForm):
    """A name, when the rule holds, and to whom it sends."""

    name = LineField(
        lazy_gettext("Naam van de regel"),
        [Wanted(lazy_gettext("Geef de regel een naam.")), AtMost("name", lazy_gettext("De naam"))],
    )
    on = BooleanField(lazy_gettext("Deze regel staat aan"), default=True)
    topic_ids = Ticks(lazy_gettext("Thema"), coerce=int)
    words = ParagraphsField(lazy_gettext("Woorden in de vraag"), render_kw=LINES)
    municipalities = ParagraphsField(lazy_gettext("Gemeenten"), render_kw=LINES)
    provinces = Ticks(lazy_gettext("Provincie"))
    page_ids = Ticks(lazy_gettext("Pagina"), coerce=int)
    channels = Ticks(lazy_gettext("Antwoord"))
    languages = Ticks(lazy_gettext("Taal"))
    meeting_type_ids = Ticks(lazy_gettext("Soort gesprek"), coerce=int)
    domains = ParagraphsField(lazy_gettext("Mailadressen die eindigen op"), render_kw={"rows": 2})
    advisor_ids = Ticks(lazy_gettext("Adviseurs"), coerce=int)
    team_id = SelectField(lazy_gettext("Team"))

    def __init__(self, names: Names, rule: RoutingRule | None = None, **kwargs: Any) -> None:
        super().__init__(data=_typed(rule, names) if rule else None, prefix="regel", **kwargs)
        self.rule = rule
        self.topic_ids.choices = _listed(names.topics)
        self.page_ids.choices = _listed(names.pages)
        self.meeting_type_ids.choices = _listed(names.meeting_types)
        self.advisor_ids.choices = _listed(names.advisors)
        self.provinces.choices = sorted({each.province for each in municipalities.municipalities()})
        self.languages.choices = [SelectChoice(each, language_name(each)) for each in LANGUAGES]
        self.channels.choices = [SelectChoice(str(each), channel_name(each)) for each in Channel]
        teams = [SelectChoice(str(number), name) for number, name in names.teams.items()]
        self.team_id.choices = [SelectChoice("", gettext("Geen team")), *teams]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits: each municipality is known, each word can be found, and somebody gets it."""
        fits = super().validate(extra_validators)
        unknown = [each for each in lines(self.municipalities.data) if not municipalities.by_name(each)]
        if unknown:
            self.municipalities.errors = [
                gettext("Deze gemeente kennen wij niet: %(name)s.", name=", ".join(unknown))
            ]
        useless = [each for each in lines(self.words.data) if term(each) is None]
        if useless:
            self.words.errors = [gettext("Hier staat geen woord in: %(text)s.", text=", ".join(useless))]
        if not self.advisor_ids.data and not self.team_id.data:
            self.advisor_ids.errors = [gettext("Kies een adviseur of een team.")]
        return fits and not (self.municipalities.errors or self.words.errors or self.advisor_ids.errors)

    def as_rule(self) -> RoutingRule:
        """The rule that was typed; with the id of the one that was changed."""
        found = (municipalities.by_name(each) for each in lines(self.municipalities.data))
        chosen = frozenset(self.advisor_ids.data or ())
        # The order of the names is that of the rule as it was: only ticks were changed.
        before = [each for each in (self.rule.advisor_ids if self.rule else ()) if each in chosen]
        return RoutingRule(
            id=self.rule.id if self.rule else None,
            name=self.name.data,
            on=self.on.data,
            conditions=Conditions(
                topic_ids=frozenset(self.topic_ids.data or ()),
                municipality_codes=frozenset(each.code for each in found if each),
                provinces=frozenset(self.provinces.data or ()),
                languages=frozenset(self.languages.data or ()),
                channels=frozenset(self.channels.data or ()),
                meeting_type_ids=frozenset(self.meeting_type_ids.data or ()),
                page_ids=frozenset(self.page_ids.data or ()),
                organisation_domains=frozenset(lines(self.domains.data)),
                words=frozenset(lines(self.words.data)),
            ),
            advisor_ids=(*before, *sorted(chosen - set(before))),
            team_id=int(self.team_id.data) if self.team_id.data else None,
        )


def lines(text: str | None) -> list[str]:
    """What stands on each line, without those that are empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _typed(rule: RoutingRule, names: Names) -> dict[str, Any]:
    asked = rule.conditions
    return {
        "name": rule.name,
        "on": rule.on,
        "topic_ids": [each for each in asked.topic_ids if each in names.topics],
        "words": "\n".join(sorted(asked.words)),
        "municipalities": "\n".join(sorted(names.municipality(each) for each in asked.municipality_codes)),
        "provinces": sorted(asked.provinces),
        "page_ids": [each for each in asked.page_ids if each in names.pages],
        "channels": sorted(asked.channels),
        "languages": sorted(asked.languages),
        "meeting_type_ids": [each for each in asked.meeting_type_ids if each in names.meeting_types],
        "domains": "\n".join(sorted(asked.organisation_domains)),
        "advisor_ids": [each for each in rule.advisor_ids if each in names.advisors],
        "team_id": str(rule.team_id) if rule.team_id in names.teams else "",
    }


def _listed(known: Mapping[int, str]) -> list[SelectChoice]:
    return [SelectChoice(number, name) for number, name in known.items()]
