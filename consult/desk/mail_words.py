"""What came in by mail, in Dutch words: what it was judged to be, and why it was left for a person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from consult.postbox.classify import Kind
from consult.postbox.outcome import Judged

JUDGED = {
    Judged.ACCEPTED: _l("Komt"),
    Judged.TENTATIVE: _l("Komt misschien"),
    Judged.DECLINED: _l("Komt niet"),
    Judged.DELEGATED: _l("Stuurt iemand anders"),
    Judged.OLD_ANSWER: _l("Antwoord op het oude moment"),
    Judged.KNOWN_ANSWER: _l("Antwoord dat al bekend was"),
    Judged.UNKNOWN_ATTENDEE: _l("Antwoord van iemand die niet is uitgenodigd"),
    Judged.PROPOSAL: _l("Voorstel voor een ander moment"),
    Judged.REFRESH: _l("Vraagt de uitnodiging opnieuw"),
    Judged.ANSWER: _l("Antwoord uit een agenda"),
    Judged.VISITOR_TEXT: _l("Bericht"),
    Judged.ADVISOR_TEXT: _l("Bericht van de adviseur"),
    Judged.ADVISOR_NOTE: _l("Notitie van de adviseur"),
    Judged.BOUNCE: _l("Mail kwam niet aan"),
    Judged.AUTOMATIC: _l("Automatisch bericht"),
    Judged.OWN: _l("Mail van onszelf"),
    Judged.EMPTY: _l("Lege mail"),
    Judged.UNKNOWN: _l("Onbekend"),
}
LEFT = {
    Kind.TOO_LARGE: _l("De mail is te groot."),
    Kind.BROKEN_CALENDAR: _l("De agenda in de mail is niet te lezen."),
    "unknown address": _l("Wij weten niet waar de mail over gaat."),
    "no mail of ours": _l("Er kwam een mail terug die wij niet kennen."),
    "not to be done by itself": _l("De agenda vraagt iets dat een mens moet beslissen."),
    "an answer about another meeting": _l("Het antwoord gaat over een ander gesprek."),
    "an answer that says neither yes nor no": _l("Het antwoord is geen ja en geen nee."),
    "a proposal from somebody else than the visitor": _l("Een voorstel van iemand anders dan de bezoeker."),
    "a message about a group session": _l("Een bericht over een bijeenkomst."),
    "a message of a host": _l("Een bericht van een gastheer of gastvrouw."),
    "not from the address of the advisor it was sent to": _l(
        "Het antwoord komt niet van het adres van de adviseur."
    ),
}


def judged(code: str | None) -> str:
    """What a mail was judged to be; one that was not opened yet is new."""
    return str(JUDGED[Judged(code)]) if code else str(_l("Nog niet gelezen"))


def left(error: str | None) -> str:
    """Why nothing was done with it; an error of the machine is shown as it is."""
    return str(LEFT.get(error or "", error or _l("Onbekend")))
