"""Codes of webhooks in words for who keeps them: events, states, and why something did not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext

from consult.web.outgoing_guard import Fault
from consult.webhooks.delivery import UNSEALABLE
from consult.webhooks.services import TRIAL
from consult.webhooks.telling import EventName

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from consult.webhooks.models import WebhookAttempt

EVENTS: Mapping[str, Any] = {
    EventName.ENQUIRY_CREATED: lazy_gettext("Er is een vraag gesteld"),
    EventName.ENQUIRY_ASSIGNED: lazy_gettext("Een vraag is toegewezen"),
    EventName.ENQUIRY_ANSWERED: lazy_gettext("Een vraag is beantwoord"),
    EventName.ENQUIRY_CLOSED: lazy_gettext("Een vraag is gesloten"),
    EventName.BOOKING_CREATED: lazy_gettext("Er is een gesprek gepland"),
    EventName.BOOKING_MOVED: lazy_gettext("Een gesprek is verzet"),
    EventName.BOOKING_CANCELLED: lazy_gettext("Een gesprek is afgezegd"),
    EventName.BOOKING_ANSWERED: lazy_gettext("Iemand heeft op een uitnodiging geantwoord"),
    TRIAL: lazy_gettext("Proefbericht"),
}
STATES: Mapping[str, Any] = {
    "pending": lazy_gettext("Wacht"),
    "delivered": lazy_gettext("Aangekomen"),
    "dead": lazy_gettext("Opgegeven"),
}


def outcome(tried: WebhookAttempt) -> str:
    """What came of one try, in one sentence."""
    if tried.status is not None:
        return gettext("Antwoord %(status)s na %(ms)s ms.", status=tried.status, ms=tried.milliseconds)
    return fault_words(tried.fault or "")


def fault_words(fault: str) -> str:
    """Why there is no answer, or why an address is not taken."""
    known = {
        Fault.ADDRESS: gettext("Dit is geen internetadres. Het begint met https://."),
        Fault.NOT_HTTPS: gettext("Het adres moet beginnen met https://."),
        Fault.SIGN_IN_INSIDE: gettext("Zet geen naam of wachtwoord in het adres zelf."),
        Fault.PORT: gettext("Dit adres gebruikt een poort die hier niet mag."),
        Fault.NOT_PUBLIC: gettext("Dit adres hoort bij een besloten netwerk. Vraag uw beheerder om hulp."),
        Fault.UNKNOWN_HOST: gettext("Deze website bestaat niet. Controleer het adres."),
        Fault.REDIRECTS: gettext("Dit adres verwijst door. Vul het adres in waar het heen gaat."),
        Fault.CERTIFICATE: gettext("De beveiliging van deze website klopt niet."),
        Fault.TIMEOUT: gettext("Er kwam binnen tien seconden geen antwoord."),
        Fault.UNREACHABLE: gettext("Dit adres is niet bereikbaar."),
        UNSEALABLE: gettext("Het geheim is niet meer te lezen. Maak een nieuw geheim."),
    }
    return known.get(fault) or gettext("Er kwam een antwoord dat niet klopt.")
