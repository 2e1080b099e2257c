"""Why a calendar elsewhere could not be read, in words for the advisor whose calendar it is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import gettext

from consult.scheduling.lines import Flaw
from consult.web.outgoing_guard import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping


class Trouble(StrEnum):
    """What can be wrong besides the connection: see ``consult.web.outgoing_guard.Fault`` for that."""

    SIGN_IN = "sign_in"
    GONE = "gone"
    STATUS = "status"
    NO_CALENDAR = "no_calendar"
    TOO_MANY = "too_many"
    ZONE = "zone"
    UNREADABLE = "unreadable"
    UNSEALABLE = "unsealable"
    READ_ONLY = "read_only"


class NotRead(Exception):
    """There is no new copy of a calendar; ``reason`` is a Fault or a Trouble."""

    def __init__(self, reason: Fault | Trouble) -> None:
        super().__init__(reason.value)
        self.reason = reason


OF_FLAWS: Mapping[Flaw, Trouble] = {
    Flaw.NO_CALENDAR: Trouble.NO_CALENDAR,
    Flaw.TOO_LARGE: Trouble.TOO_MANY,
    Flaw.ZONE: Trouble.ZONE,
}


def words(reason: str) -> str:
    """One sentence that says what is wrong and, where there is one, the mend; in the language of the page."""
    known = _of_address() | _of_connection() | _of_content()
    return known.get(reason) or gettext("De agenda kon niet worden gelezen.")


def _of_address() -> dict[str, str]:
    return {
        Fault.ADDRESS: gettext("Dit is geen internetadres. Het begint met https://."),
        Fault.NOT_HTTPS: gettext("Het adres moet beginnen met https://."),
        Fault.SIGN_IN_INSIDE: gettext("Zet geen naam of wachtwoord in het adres zelf."),
        Fault.PORT: gettext("Dit adres gebruikt een poort die hier niet mag."),
        Fault.NOT_PUBLIC: gettext("Dit adres hoort bij een besloten netwerk. Vraag uw beheerder om hulp."),
        Fault.UNKNOWN_HOST: gettext("Deze website bestaat niet. Controleer het adres."),
        Fault.REDIRECTS: gettext("Dit adres verwijst te vaak door. Zoek het adres opnieuw op."),
    }


def _of_connection() -> dict[str, str]:
    return {
        Fault.UNREACHABLE: gettext("De website van uw agenda is niet bereikbaar."),
        Fault.CERTIFICATE: gettext("De beveiliging van deze website klopt niet."),
        Fault.TIMEOUT: gettext("De website van uw agenda antwoordt niet op tijd."),
        Fault.TOO_LARGE: gettext("De agenda is te groot. Deel een kleinere periode."),
        Fault.BROKEN: gettext("De website van uw agenda geeft een antwoord dat niet klopt."),
        Trouble.SIGN_IN: gettext(
            "De website van uw agenda laat ons niet binnen. Voeg de agenda opnieuw toe."
        ),
        Trouble.GONE: gettext("De agenda staat niet meer op dit adres. Voeg het nieuwe adres toe."),
        Trouble.STATUS: gettext("De website van uw agenda geeft een foutmelding."),
        Trouble.READ_ONLY: gettext("Wij mogen in deze agenda niet schrijven. Geef ons daar het recht toe."),
    }


def _of_content() -> dict[str, str]:
    return {
        Trouble.NO_CALENDAR: gettext("Op dit adres staat geen agenda. Zoek het adres opnieuw op."),
        Trouble.TOO_MANY: gettext("In deze agenda staan te veel afspraken."),
        Trouble.ZONE: gettext("In de agenda staat een tijdzone die wij niet kennen."),
        Trouble.UNREADABLE: gettext("In de agenda staat een afspraak die wij niet kunnen lezen."),
        Trouble.UNSEALABLE: gettext("Wij kunnen het adres niet meer lezen. Voeg de agenda opnieuw toe."),
    }
