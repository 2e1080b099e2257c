"""What happened to a question or a talk, in Dutch words; one sentence for each code that is written down.

Knows no page; a code without a sentence here is found by a test.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from consult.activity.services import SYSTEM, VISITOR
from consult.contact import decision_words
from consult.desk.items import place_name
from consult.people.signin import acts
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Mapping

# Code → sentence. %(who)s is who did it.
SENTENCES = {
    "enquiry.created": _l("De vraag kwam binnen."),
    "enquiry.held": _l("De vraag is tegengehouden: ze lijkt op spam."),
    "enquiry.let_through": _l("%(who)s heeft de vraag doorgelaten."),
    "enquiry.judged_spam": _l("%(who)s heeft de vraag weggelegd als spam."),
    "enquiry.held_again": _l("%(who)s heeft de vraag teruggelegd om te bekijken."),
    "enquiry.extended": _l("%(who)s heeft iets toegevoegd."),
    "enquiry.answered": _l("%(who)s heeft geantwoord."),
    "enquiry.closed": _l("%(who)s heeft de vraag afgerond."),
    "enquiry.reopened": _l("%(who)s heeft de vraag heropend."),
    "enquiry.bounced": _l("Een mail over deze vraag kwam niet aan."),
    "booking.redacted": _l("%(who)s heeft tekst onleesbaar gemaakt."),
    "enquiry.due_soon": _l("De vraag moet bijna beantwoord zijn."),
    "enquiry.overdue": _l("De vraag is te laat: het beloofde moment is voorbij."),
    "enquiry.escalated": _l("De vraag is gemeld omdat het antwoord uitblijft."),
    "contact.kept": _l("%(who)s is nu de vaste adviseur."),
    "contact.switched": _l("%(who)s heeft de vaste adviseur veranderd."),
    "enquiry.answer_withdrawn": _l("%(who)s heeft een antwoord teruggehaald."),
    "enquiry.woken": _l("%(who)s heeft het uitstel opgeheven."),
    "enquiry.spam": _l("%(who)s heeft de vraag bij spam gezet."),
    "enquiry.not_spam": _l("%(who)s heeft de vraag bij spam weggehaald."),
    "enquiry.chatted": _l("%(who)s heeft een gesprek vastgelegd."),
    "enquiry.redacted": _l("%(who)s heeft tekst onleesbaar gemaakt."),
    "enquiry.called": _l("%(who)s heeft gebeld."),
    "enquiry.read": _l("%(who)s heeft de vraag gelezen."),
    "contact.bounced": _l("Een mail aan deze persoon kwam niet aan."),
    "booking.held": _l("Het gesprek lijkt op spam. Kijk eerst, en bevestig het dan."),
    "booking.created": _l("%(who)s heeft het gesprek gepland."),
    "booking.approved": _l("%(who)s heeft het gesprek bevestigd."),
    "booking.declined": _l("%(who)s heeft het gesprek afgewezen."),
    "booking.released": _l("Het gesprek is vervallen: niemand heeft het op tijd bevestigd."),
    "booking.cancelled": _l("%(who)s heeft het gesprek afgezegd."),
    "booking.proposed": _l("%(who)s heeft een ander moment voorgesteld."),
    "booking.countered": _l("Het voorstel kwam uit de agenda van de bezoeker."),
    "booking.guest_proposed": _l("Een gast stelde een ander moment voor. De afspraak blijft staan."),
    "booking.proposed_old": _l("Er kwam een voorstel binnen dat niet meer kan."),
    "booking.proposal-declined": _l("%(who)s heeft het voorstel afgewezen."),
    "booking.answer_noted": _l("Iemand die niet is uitgenodigd heeft geantwoord."),
    "booking.answers_seen": _l("%(who)s heeft de antwoorden gezien."),
    "booking.message": _l("%(who)s heeft een mail gestuurd."),
    "booking.clashed": _l("Het gesprek botst met een agenda."),
    "booking.unmailed": _l("Iemand kreeg geen mail: op die dag waren het er al drie."),
    "booking.bounced": _l("Een mail over dit gesprek kwam niet aan."),
    "booking.outcome": _l("%(who)s heeft de uitkomst ingevuld."),
    **acts.SENTENCES,
    "api_key.made": _l("%(who)s heeft een API-sleutel gemaakt."),
    "api_key.ended": _l("%(who)s heeft een API-sleutel beëindigd."),
    "webhook.made": _l("%(who)s heeft een webhook gemaakt."),
    "webhook.secret_renewed": _l("%(who)s heeft het geheim van een webhook vernieuwd."),
    "webhook.switched_on": _l("%(who)s heeft een webhook aangezet."),
    "webhook.switched_off": _l("%(who)s heeft een webhook uitgezet."),
    "webhook.removed": _l("%(who)s heeft een webhook verwijderd."),
}
ANSWERS = {
    "ACCEPTED": _l("%(who)s komt."),
    "TENTATIVE": _l("%(who)s komt misschien."),
    "DECLINED": _l("%(who)s komt niet."),
    "DELEGATED": _l("%(who)s stuurt iemand anders."),
}


def sentence(
    what: str, actor: str | None, data: Mapping[str, Any], why: str | None, names: Mapping[int, str]
) -> str:
    """One event in words; ``names`` are those of the advisors by id. An unknown code is shown as it is."""
    return told_of(actor_name(actor, names), what, actor, data, why, names)


def told_of(
    who: str,
    what: str,
    actor: str | None,
    data: Mapping[str, Any],
    why: str | None,
    names: Mapping[int, str],
) -> str:
    """The same for whoever is called ``who`` there."""
    if "in_name_of" in data:
        who = gettext("Een programma, namens %(name)s,", name=advisor_name(data["in_name_of"], names))
    if what in TELLERS:
        text = TELLERS[what](who, actor, data, why, names)
    elif what in SENTENCES:
        text = str(SENTENCES[what]) % {"who": who}
    else:
        text = gettext("%(who)s: %(what)s.", who=who, what=what)
    return text[:1].upper() + text[1:]


def actor_name(actor: str | None, names: Mapping[int, str]) -> str:
    """Who acted, to begin a sentence with."""
    if actor == VISITOR:
        return gettext("De bezoeker")
    if actor == "guest":
        return gettext("Een genodigde")
    kind, _, advisor_id = (actor or "").partition(":")
    if kind == "advisor" and advisor_id.isdecimal():
        return advisor_name(int(advisor_id), names)
    if kind == "account":
        # What is done in the office is done by a coordinator, who need not be an advisor with a name here.
        return gettext("Een coördinator")
    if kind == "key":
        return gettext("Een programma")
    return gettext("Het systeem")


def advisor_name(advisor_id: Any, names: Mapping[int, str]) -> str:
    """The name of an advisor, whoever left."""
    return names.get(advisor_id) or gettext("een oud-collega")


def _assigned(
    who: str, actor: str | None, data: Mapping[str, Any], why: str | None, names: Mapping[int, str]
) -> str:
    to = advisor_name(data.get("advisor"), names)
    if actor == SYSTEM:
        if data.get("advisor") is None:
            return gettext("De vraag is nog van niemand.")
        return gettext("Toegewezen aan %(to)s.", to=to)
    if who == to:
        took = gettext("%(who)s heeft de vraag opgepakt.", who=who)
        return f"{took} {why}" if why else took
    return _with_reason(gettext("%(who)s heeft de vraag overgedragen aan %(to)s.", who=who, to=to), why)


def _chosen_in_team(
    _who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, names: Mapping[int, str]
) -> str:
    return " ".join(decision_words.sentences(data["decision"], names))


def _handed_over(
    who: str, _actor: str | None, data: Mapping[str, Any], why: str | None, names: Mapping[int, str]
) -> str:
    to = advisor_name(data.get("advisor"), names)
    return _with_reason(gettext("%(who)s heeft het gesprek overgedragen aan %(to)s.", who=who, to=to), why)


def _moved(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    at = datetime.fromisoformat(data["before"])
    before = dates.stamp(at, current.settings().timezone, current.language())
    return gettext("%(who)s heeft het gesprek verzet. Het was op %(before)s.", who=who, before=before)


def _place_changed(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    before = place_name(str(data.get("before", "")))
    return gettext("%(who)s heeft de plek veranderd. Het was %(before)s.", who=who, before=before)


def _answered(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    said = ANSWERS.get(str(data.get("participation")))
    return str(said) % {"who": who} if said else gettext("%(who)s heeft geantwoord.", who=who)


def _answered_old(
    _who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    said = _answered(gettext("De genodigde"), None, data, None, {})
    return gettext("Antwoord op het oude moment: %(said)s", said=said)


def _snoozed(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    until = dates.local_date(datetime.fromisoformat(data["until"]), current.settings().timezone)
    day = dates.day(until, current.language())
    return gettext("%(who)s heeft de vraag uitgesteld tot %(day)s.", who=who, day=day)


def _merged(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    return gettext(
        "%(who)s heeft vraag %(source)s samengevoegd met %(target)s.",
        who=who,
        source=data.get("from"),
        target=data.get("reference"),
    )


def _unmerged(
    who: str, _actor: str | None, data: Mapping[str, Any], _why: str | None, _names: Mapping[int, str]
) -> str:
    return gettext(
        "%(who)s heeft vraag %(source)s weer losgemaakt van %(target)s.",
        who=who,
        source=data.get("from"),
        target=data.get("reference"),
    )


def _in_person(
    who: str, _actor: str | None, _data: Mapping[str, Any], why: str | None, _names: Mapping[int, str]
) -> str:
    return _with_reason(gettext("%(who)s koos zelf dit moment.", who=who), why)


def _with_reason(text: str, why: str | None) -> str:
    return f"{text} {gettext('Reden: %(why)s', why=why)}" if why else text


TELLERS = {
    "enquiry.snoozed": _snoozed,
    "enquiry.merged": _merged,
    "enquiry.merged_here": _merged,
    "enquiry.unmerged": _unmerged,
    "enquiry.assigned": _assigned,
    "enquiry.chosen_in_team": _chosen_in_team,
    "booking.handed_over": _handed_over,
    "booking.moved": _moved,
    "booking.place_changed": _place_changed,
    "booking.in_person": _in_person,
    "booking.answered": _answered,
    "booking.answered_old": _answered_old,
}
