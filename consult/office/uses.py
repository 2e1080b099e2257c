"""What uses a topic, an advisor, a team or a page, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from consult.contact.upkeep.in_use import Use


def use_sentences(uses: Iterable[Use]) -> list[str]:
    """One line for each; what is named in two columns of one table is told once, by the larger number."""
    most: dict[str, Use] = {}
    for use in uses:
        if use.table not in most or most[use.table].count < use.count:
            most[use.table] = use
    return [use_sentence(use) for use in most.values()]


def use_sentence(use: Use) -> str:
    """How many of what.

    Raises:
        LookupError: a table without words here.
    """
    if use.names:
        return gettext("Regels: %(names)s.", names=", ".join(use.names))
    return _words()[use.table](use.count)


def _words() -> dict[str, Callable[[int], str]]:
    return {
        "absence": lambda n: ngettext(
            "%(num)s afwezigheid met waarneming", "%(num)s afwezigheden met waarneming", n
        ),
        "advisor_topic": lambda n: ngettext("%(num)s adviseur", "%(num)s adviseurs", n),
        "api_key": lambda n: ngettext(
            "%(num)s sleutel van een programma", "%(num)s sleutels van programma’s", n
        ),
        "booking": lambda n: ngettext("%(num)s gesprek", "%(num)s gesprekken", n),
        "busy_period": lambda n: ngettext("%(num)s bezet moment", "%(num)s bezette momenten", n),
        "call_attempt": lambda n: ngettext("%(num)s telefoontje", "%(num)s telefoontjes", n),
        "contact": lambda n: ngettext("%(num)s contactpersoon", "%(num)s contactpersonen", n),
        "contact_page": lambda n: ngettext("%(num)s contactpagina", "%(num)s contactpagina’s", n),
        "enquiry": lambda n: ngettext("%(num)s vraag", "%(num)s vragen", n),
        "handout_count": lambda n: ngettext(
            "%(num)s dag met lezers van de handreiking", "%(num)s dagen met lezers van de handreiking", n
        ),
        "invitation": lambda n: ngettext("%(num)s uitnodiging", "%(num)s uitnodigingen", n),
        "message": lambda n: ngettext("%(num)s bericht", "%(num)s berichten", n),
        "organisation": lambda n: ngettext("%(num)s organisatie", "%(num)s organisaties", n),
        "page_advisor": lambda n: ngettext("%(num)s contactpagina", "%(num)s contactpagina’s", n),
        "session_host": lambda n: ngettext("%(num)s bijeenkomst", "%(num)s bijeenkomsten", n),
        "talk_series": lambda n: ngettext("%(num)s reeks gesprekken", "%(num)s reeksen gesprekken", n),
        "team_member": lambda n: ngettext("%(num)s team", "%(num)s teams", n),
        "topic_owner": lambda n: ngettext(
            "%(num)s organisatie voor een thema", "%(num)s organisaties voor een thema", n
        ),
    }
