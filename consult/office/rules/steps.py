"""The steps of a routing decision by name, for tables in the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from consult.routing.codes import StepName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.routing.decision import Decision


def step_name(step: str) -> str:
    """What a step looks at."""
    known: dict[str, str] = {
        StepName.CHOICE: gettext("Keuze van de bezoeker"),
        StepName.CONTINUITY_CONTACT: gettext("Vaste adviseur van deze persoon"),
        StepName.CONTINUITY_ORGANISATION_TOPIC: gettext("Vaste adviseur van de organisatie voor het thema"),
        StepName.CONTINUITY_ORGANISATION: gettext("Vaste adviseur van de organisatie"),
        StepName.PAGE: gettext("Adviseurs van de pagina"),
        StepName.RULES: gettext("Regels"),
        StepName.TOPIC: gettext("Adviseurs van het thema"),
        StepName.BALANCE: gettext("Iedereen, eerlijk verdeeld"),
        StepName.FALLBACK: gettext("Vangnet"),
        StepName.TEAM: gettext("Overgedragen aan een team"),
    }
    return known[step]


def step_reason(decision: Decision, rules: Mapping[int, str]) -> str:
    """The step that decided, and the name of the rule when a rule did."""
    name = step_name(decision.step)
    if decision.matched_rule is None:
        return name
    return gettext("Regel “%(name)s”", name=rules.get(decision.matched_rule) or gettext("nieuwe regel"))
