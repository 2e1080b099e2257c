"""Why a question came to somebody: the stored decision as sentences for a colleague.

The codes are those of ``consult.routing.explain``; this is where they get words. What cannot be read is said so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext

from consult.routing.codes import StepName
from consult.routing.decision import Decision
from consult.routing.explain import AdvisorCode, Line, for_advisor
from consult.routing.plain import Unreadable
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    Names = Mapping[int, str]

# Standings are numbers behind the choice, and a step without candidates decided nothing: both say little here.
LEFT_OUT = frozenset({AdvisorCode.SKIPPED, AdvisorCode.STANDING})


def sentences(stored: Mapping[str, Any], names: Names) -> list[str]:
    """The decision in a few sentences, in the order in which it was taken; ``names`` are those of the advisors."""
    if not stored:
        return []
    try:
        decision = Decision.from_json(stored)
    except Unreadable:
        return [gettext("De reden van de toewijzing is niet meer te lezen.")]
    lines = [line for line in for_advisor(decision) if line.code not in LEFT_OUT]
    return [text for line in lines if (text := sentence(line, names))]


def sentence(line: Line, names: Names) -> str:
    """One line of a decision in words.

    Raises:
        LookupError: a code that has no words here.
    """
    values = line.parameters
    if line.code is AdvisorCode.CONSIDERED:
        return _step(str(values["step"]))
    who = _name(values.get("advisor"), names)
    if line.code is AdvisorCode.ALERTED:
        told = values.get("advisors")
        ids = told if isinstance(told, tuple) else ()
        return gettext("Direct gewaarschuwd: %(names)s.", names=", ".join(_name(each, names) for each in ids))
    for table in (_selections, _exclusions, _waived, _alarms):
        if line.code in (sayings := table(who, values, names)):
            return sayings[line.code]()
    raise LookupError(f"no sentence for {line.code}")


def _step(name: str) -> str:
    known: dict[str, str] = {
        StepName.CHOICE: gettext("De bezoeker koos zelf een adviseur."),
        StepName.CONTINUITY_CONTACT: gettext("Deze persoon is al eerder geholpen."),
        StepName.CONTINUITY_ORGANISATION_TOPIC: gettext(
            "Deze organisatie heeft voor dit thema een vaste adviseur."
        ),
        StepName.CONTINUITY_ORGANISATION: gettext("Deze organisatie heeft een vaste adviseur."),
        StepName.PAGE: gettext("De vraag kwam van een pagina met eigen adviseurs."),
        StepName.RULES: gettext("Hiervoor geldt een toewijsregel."),
        StepName.TOPIC: gettext("De vraag hoort bij een thema."),
        StepName.BALANCE: gettext("Iedereen kwam in aanmerking."),
        StepName.FALLBACK: gettext("Daarna is naar het vangnet gekeken."),
        StepName.TEAM: gettext("De vraag ging naar een team."),
    }
    return known[name]


def _selections(who: str, values: Mapping[str, Any], names: Names) -> dict[Any, Callable[[], str]]:
    away = _name(values.get("stand_in_for"), names)
    return {
        AdvisorCode.ONLY_ONE: lambda: gettext("%(name)s was beschikbaar.", name=who),
        AdvisorCode.LEAST_LOADED: lambda: gettext("%(name)s was het meest aan de beurt.", name=who),
        AdvisorCode.STAND_IN: lambda: gettext("%(name)s neemt waar voor %(away)s.", name=who, away=away),
        AdvisorCode.FIRST_IN_LIST: lambda: gettext("%(name)s staat daar bovenaan.", name=who),
        AdvisorCode.WAIVED: lambda: gettext("%(name)s kreeg de vraag, want niemand was vrij.", name=who),
    }


def _exclusions(who: str, values: Mapping[str, Any], _names: Names) -> dict[Any, Callable[[], str]]:
    return {
        AdvisorCode.UNKNOWN: lambda: gettext("Een gekozen adviseur bestaat niet meer."),
        AdvisorCode.INACTIVE: lambda: gettext("%(name)s werkt hier niet meer.", name=who),
        AdvisorCode.ABSENT: lambda: _absent(who, values.get("until")),
        AdvisorCode.NOT_ON_CHANNEL: lambda: gettext("%(name)s is niet bereikbaar op deze manier.", name=who),
        AdvisorCode.NOT_COMPETENT: lambda: gettext("%(name)s werkt niet aan dit thema.", name=who),
        AdvisorCode.AT_CAPACITY: lambda: _full(who, values.get("open")),
    }


def _waived(who: str, values: Mapping[str, Any], _names: Names) -> dict[Any, Callable[[], str]]:
    return {
        AdvisorCode.WAIVED_ABSENT: lambda: _absent(who, values.get("until")),
        AdvisorCode.WAIVED_NOT_ON_CHANNEL: lambda: gettext(
            "%(name)s is niet bereikbaar op deze manier.", name=who
        ),
        AdvisorCode.WAIVED_NOT_COMPETENT: lambda: gettext("%(name)s werkt niet aan dit thema.", name=who),
        AdvisorCode.WAIVED_AT_CAPACITY: lambda: _full(who, values.get("open")),
    }


def _alarms(_who: str, _values: Mapping[str, Any], _names: Names) -> dict[Any, Callable[[], str]]:
    return {
        AdvisorCode.NOTHING_MATCHED: lambda: gettext("Geen enkele regel paste bij deze vraag."),
        AdvisorCode.FALLBACK_NOT_FREE: lambda: gettext("Niemand van het vangnet was vrij."),
        AdvisorCode.FALLBACK_UNUSABLE: lambda: gettext("Niemand van het vangnet kon de vraag krijgen."),
        AdvisorCode.FALLBACK_EMPTY: lambda: gettext("Er staat niemand in het vangnet."),
    }


def _absent(who: str, until: datetime | None) -> str:
    if until is None:
        return gettext("%(name)s was afwezig.", name=who)
    day = dates.day(dates.local_date(until, current.settings().timezone), current.language())
    return gettext("%(name)s was afwezig tot %(day)s.", name=who, day=day)


def _full(who: str, unfinished: int | None) -> str:
    if unfinished is None:
        return gettext("%(name)s had al genoeg vragen.", name=who)
    return ngettext(
        "%(name)s had al %(num)s open vraag.", "%(name)s had al %(num)s open vragen.", unfinished, name=who
    )


def _name(advisor_id: Any, names: Names) -> str:
    return names.get(advisor_id) or gettext("Een oud-collega")
