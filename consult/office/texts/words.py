"""What the office says about texts: where they are spoken, who reads them, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext

from consult.outbox.texts.grammar import Fault, problems
from consult.outbox.texts.kinds import Journey, Receiver

if TYPE_CHECKING:
    from consult.outbox.texts.grammar import Problem
    from consult.outbox.texts.kinds import FirmText, Said

JOURNEYS = {
    Journey.QUESTION: lazy_gettext("Een vraag"),
    Journey.TALK: lazy_gettext("Een gesprek"),
    Journey.SERIES: lazy_gettext("Een reeks gesprekken"),
    Journey.GROUP: lazy_gettext("Een bijeenkomst"),
    Journey.DESK: lazy_gettext("Voor collega’s"),
}
RECEIVERS = {
    Receiver.VISITOR: lazy_gettext("voor de bezoeker"),
    Receiver.GUEST: lazy_gettext("voor een gast"),
    Receiver.COLLEAGUE: lazy_gettext("voor een collega"),
}
LANGUAGES = {"nl": lazy_gettext("Nederlands"), "en": lazy_gettext("Engels")}
LONGEST = 30


def told(text: FirmText, said: Said) -> tuple[list[str], list[str]]:
    """What is wrong with the subject and with the body, in sentences; those of the body name the line."""
    subject, body = problems(text, said)
    return [_capital(_sentence(each)) for each in subject], [
        gettext("Regel %(line)s: %(what)s", line=each.line, what=_sentence(each)) for each in body
    ]


def _sentence(problem: Problem) -> str:
    name = problem.name if len(problem.name) <= LONGEST else f"{problem.name[:LONGEST]}…"
    sentence = {
        Fault.LOOSE: gettext("een accolade staat los. Schrijf een plek zo: {naam}."),
        Fault.UNKNOWN: gettext("{%(name)s} kennen wij hier niet.", name=name),
        Fault.NOT_ALONE: gettext("zet {%(name)s} alleen op een regel.", name=name),
        Fault.TWICE: gettext("{%(name)s} staat er al. Haal er één weg.", name=name),
        Fault.MISSING: gettext(
            "hier stopt de tekst, en {%(name)s} ontbreekt. Zet {%(name)s} erbij.", name=name
        ),
        Fault.IN_LINK: gettext("in het adres van een link vullen wij niets in."),
        Fault.NOT_IN_SUBJECT: gettext(
            "{%(name)s} kan niet in het onderwerp. Zet het in de tekst.", name=name
        ),
    }[problem.fault]
    if problem.meant:
        sentence += " " + gettext("Bedoelt u {%(name)s}?", name=problem.meant)
    return sentence


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
