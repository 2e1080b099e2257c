"""What happened, in words: the desk’s own for questions and talks, and those of the office for what is kept there.

The desk is on the same level: its words are handed in (``consult.wiring``). What somebody typed stays out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask

    from consult.activity.models import Activity

# Who, code, actor, facts, reason, names of advisors → a sentence.
Teller = Callable[[str, str, str | None, Mapping[str, Any], str | None, Mapping[int, str]], str]
EXTENSION = "consult.event_words"

# What is done to what is kept in the office, and what that is; together they make a code: topic.saved.
DONE = {
    "saved": _l("%(who)s heeft %(thing)s bewaard."),
    "deleted": _l("%(who)s heeft %(thing)s verwijderd."),
    "replaced": _l("%(who)s heeft %(thing)s vervangen."),
    "imported": _l("%(who)s heeft %(thing)s ingelezen."),
    "restored": _l("%(who)s heeft %(thing)s teruggezet."),
    "default": _l("%(who)s heeft voor %(thing)s de standaard gekozen."),
    "handout_put": _l("%(who)s heeft een handreiking op de pagina gezet."),
    "handout_removed": _l("%(who)s heeft de handreiking weggehaald."),
}
THINGS = {
    "topic": _l("een thema"),
    "team": _l("een team"),
    "page": _l("een pagina"),
    "advisor": _l("een adviseur"),
    "organisation": _l("een organisatie"),
    "contact": _l("een contactpersoon"),
    "meeting_type": _l("een soort gesprek"),
    "text": _l("een tekst"),
}
SENTENCES = {
    # A coordinator does these, who is named beside it; the desk's words tell them to the owner of the account.
    "account.invited": _l("%(who)s heeft een uitnodiging gestuurd."),
    "account.roles_changed": _l("%(who)s heeft veranderd wat dit account mag."),
    "account.switched_off": _l("%(who)s heeft dit account uitgezet."),
    "account.switched_on": _l("%(who)s heeft dit account weer aangezet."),
    "account.reset": _l("%(who)s heeft het inloggen opnieuw laten beginnen."),
    "account.figures_on": _l("%(who)s krijgt de cijfers per mail."),
    "account.figures_off": _l("%(who)s krijgt de cijfers niet meer per mail."),
    "account.figures_told": _l("De cijfers van de week zijn gemaild."),
    "advisor.absence_planned": _l("%(who)s heeft een afwezigheid gepland."),
    "advisor.absence_ended": _l("%(who)s heeft een afwezigheid beëindigd."),
    "advisor.day_changed": _l("%(who)s heeft de uren van een dag veranderd."),
    "advisor.hours_changed": _l("%(who)s heeft de werktijden veranderd."),
    "advisor.profile_changed": _l("%(who)s heeft het profiel veranderd."),
    "advisor.digest": _l("Het overzicht van de dag is gemaild."),
    "calendar.added": _l("%(who)s heeft een agenda gekoppeld."),
    "calendar.removed": _l("%(who)s heeft een agenda losgekoppeld."),
    "feed.issued": _l("%(who)s heeft een agenda-adres gemaakt."),
    "feed.revoked": _l("%(who)s heeft een agenda-adres ingetrokken."),
    "group_session.created": _l("%(who)s heeft de bijeenkomst gepland."),
    "group_session.changed": _l("%(who)s heeft de bijeenkomst veranderd."),
    "group_session.moved": _l("%(who)s heeft de bijeenkomst verzet."),
    "group_session.cancelled": _l("%(who)s heeft de bijeenkomst afgezegd."),
    "group_session.host_changed": _l("%(who)s heeft veranderd wie de bijeenkomst leidt."),
    "group_session.numbers": _l("%(who)s heeft de aantallen van de bijeenkomst ingevuld."),
    "group_session.handout_sent": _l("De handreiking van de bijeenkomst is gemaild."),
    "group_session.clashed": _l("De bijeenkomst botst met een agenda."),
    "group_session.bounced": _l("Een mail over de bijeenkomst kwam niet aan."),
    "organisation.owner_set": _l("%(who)s heeft de vaste adviseur veranderd."),
    "privacy.searched": _l("%(who)s heeft opgezocht wat er van iemand bewaard is."),
    "privacy.exported": _l("%(who)s heeft een kopie van iemands gegevens gemaakt."),
    "privacy.erased": _l("%(who)s heeft iemands gegevens gewist."),
    "privacy.purged": _l("Wat lang genoeg bewaard was, is gewist."),
    "privacy.trail_exported": _l("%(who)s heeft het logboek gedownload."),
    "rules.saved": _l("%(who)s heeft de regels bewaard."),
    "seat.confirmed": _l("Iemand heeft een plaats."),
    "seat.waiting": _l("Iemand staat op de wachtlijst."),
    "seat.offered": _l("Iemand kreeg een plaats aangeboden."),
    "seat.accepted": _l("Iemand heeft een aangeboden plaats genomen."),
    "seat.offer_expired": _l("Een aangeboden plaats is vervallen."),
    "seat.cancelled": _l("Een aanmelding is afgezegd."),
    "seat.declined": _l("Een aangeboden plaats is geweigerd."),
    "seat.redacted": _l("%(who)s heeft tekst onleesbaar gemaakt."),
    "seat.bounced": _l("Een mail over een aanmelding kwam niet aan."),
    "series.planned": _l("%(who)s heeft een reeks gesprekken gepland."),
    "series.extended": _l("%(who)s heeft een reeks gesprekken verlengd."),
    "series.ended": _l("%(who)s heeft een reeks gesprekken beëindigd."),
    "series.cancelled": _l("%(who)s heeft een reeks gesprekken afgezegd."),
    "series.redacted": _l("%(who)s heeft tekst onleesbaar gemaakt."),
    "contact.redacted": _l("%(who)s heeft tekst onleesbaar gemaakt."),
}


def init_app(app: Flask, teller: Teller) -> None:
    """Let the office tell what the desk wrote down with the desk's own words."""
    app.extensions[EXTENSION] = teller


def told(row: Activity, who: str, names: Mapping[int, str]) -> str:
    """One row in a sentence, without what anybody typed; ``names`` are those of the advisors by id."""
    who_told = str(gettext("Een programma")) if row.actor.startswith("key:") else who
    own = own_words(row.what)
    if own is not None:
        text = own % {"who": who_told}
        return text[:1].upper() + text[1:]
    teller = cast("Teller", current_app.extensions[EXTENSION])
    return teller(who_told, row.what, row.actor, row.data, None, names)


def own_words(code: str) -> str | None:
    """The office's own words for a code, with ``%(who)s`` in it; None when the desk tells it."""
    if code in SENTENCES:
        return str(SENTENCES[code])
    thing, _dot, done = code.partition(".")
    if thing in THINGS and done in DONE:
        return str(DONE[done]).replace("%(thing)s", str(THINGS[thing]))
    return None
