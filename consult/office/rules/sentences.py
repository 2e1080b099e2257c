"""A routing rule in plain sentences, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from consult.routing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consult.contact.rules.changes import Changes
    from consult.contact.rules.written import RoutingRule
    from consult.office.rules.names import Names
    from consult.routing.faults import RuleFault


def conditions(rule: RoutingRule, names: Names) -> list[str]:
    """When the rule holds, one sentence for each condition; one that says so when there is none."""
    asked = rule.conditions
    found = [
        _said(gettext("Het thema is %(list)s."), _named(asked.topic_ids, names.topics)),
        _said(gettext("De gemeente is %(list)s."), map(names.municipality, asked.municipality_codes)),
        _said(gettext("De provincie is %(list)s."), asked.provinces),
        _said(gettext("De taal is %(list)s."), (language_name(each) for each in asked.languages)),
        _said(gettext("De bezoeker wil antwoord %(list)s."), (channel_name(c) for c in asked.channels)),
        _said(gettext("Het gesprek is een %(list)s."), _named(asked.meeting_type_ids, names.meeting_types)),
        _said(gettext("De vraag komt van de pagina %(list)s."), _named(asked.page_ids, names.pages)),
        _said(gettext("Het mailadres eindigt op %(list)s."), asked.organisation_domains),
        _said(gettext("In de vraag staat %(list)s."), (f"“{each}”" for each in asked.words)),
    ]
    return [text for text in found if text] or [gettext("Deze regel geldt altijd.")]


def targets(rule: RoutingRule, names: Names) -> str:
    """To whom the rule sends, as the end of a sentence."""
    people = list(_named(rule.advisor_ids, names.advisors))
    if rule.team_id is not None:
        team = names.teams.get(rule.team_id) or gettext("dat niet meer bestaat")
        is_said = team.casefold().startswith("team")
        people.append(team if is_said else gettext("team %(name)s", name=team))
    return either(people, in_order=True) or gettext("niemand")


def either(words: Iterable[str], *, in_order: bool = False) -> str:
    """The words with commas and "of" before the last; in order of the alphabet unless their own order counts."""
    listed = [str(each) for each in words]
    if not in_order:
        listed.sort(key=str.casefold)
    if len(listed) < 2:
        return "".join(listed)
    return gettext("%(most)s of %(last)s", most=", ".join(listed[:-1]), last=listed[-1])


def channel_name(channel: str) -> str:
    """How the visitor wants to be answered."""
    known = {
        "email": gettext("per e-mail"),
        "phone": gettext("per telefoon"),
        "whatsapp": gettext("per WhatsApp"),
    }
    return known.get(channel, channel)


def language_name(language: str) -> str:
    """The language of a question."""
    return {"nl": gettext("Nederlands"), "en": gettext("Engels")}.get(language, language)


def fault_sentence(fault: RuleFault, names: Names, rules: Sequence[RoutingRule]) -> str:
    """One fault, with the names it is about."""
    titles = {each.id or 0: each.name for each in rules}
    about = {
        Fault.UNKNOWN_ADVISOR: names.advisors,
        Fault.INACTIVE_ADVISOR: names.advisors,
        Fault.NOBODY_ON_CHANNEL: names.advisors,
        Fault.UNKNOWN_TEAM: names.teams,
        Fault.UNKNOWN_TOPIC: names.topics,
        Fault.NOBODY_COMPETENT: names.topics,
        Fault.SHADOWED: titles,
    }
    listed = either(_named(fault.ids, about.get(fault.fault, {})))
    return _fault_words(listed)[fault.fault]


def _fault_words(listed: str) -> dict[Fault, str]:
    return {
        Fault.NEVER_MATCHES: gettext("Deze regel past nooit. De voorwaarden kunnen niet samen waar zijn."),
        Fault.SHADOWED: gettext("“%(rule)s” staat hierboven en past altijd al eerder.", rule=listed),
        Fault.UNKNOWN_TOPIC: gettext("Deze regel noemt een thema dat niet meer bestaat."),
        Fault.UNKNOWN_ADVISOR: gettext("Deze regel noemt een adviseur die niet meer bestaat."),
        Fault.UNKNOWN_TEAM: gettext("Deze regel noemt een team dat niet meer bestaat."),
        Fault.INACTIVE_ADVISOR: gettext("%(names)s werkt hier niet meer.", names=listed),
        Fault.NO_TARGET: gettext("Niemand kan deze vragen krijgen. Kies een adviseur of een team."),
        Fault.NOBODY_COMPETENT: gettext("Niemand van hen werkt aan %(topics)s.", topics=listed),
        Fault.NOBODY_ON_CHANNEL: gettext("%(names)s is niet bereikbaar op deze manier.", names=listed),
    }


def change_sentences(changes: Changes) -> list[str]:
    """What differs, by the names of the rules."""
    told = [
        *(gettext("Nieuw: %(name)s.", name=each.name) for each in changes.added),
        *(gettext("Gewijzigd: %(name)s.", name=each.name) for each in changes.changed),
        *(gettext("Weg: %(name)s.", name=each.name) for each in changes.removed),
    ]
    return [*told, gettext("De volgorde is anders.")] if changes.reordered else told


def _named(ids: Iterable[int], known: Mapping[int, str]) -> Iterable[str]:
    return (known.get(each) or gettext("iets dat niet meer bestaat") for each in ids)


def _said(sentence: str, words: Iterable[str]) -> str:
    """The sentence with its list; empty when the list is."""
    listed = either(words)
    return sentence.replace("%(list)s", listed) if listed else ""
