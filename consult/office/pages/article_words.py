"""How the link on an article stands, in words for the coordinator: what is so since when, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

from consult.contact.article.models import ArticleState
from consult.web import current, dates
from consult.web.outgoing_guard import Fault

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.article.models import ArticleWatch


class Standing(NamedTuple):
    """The state in one word for a badge, of which look (``kind``), with what is so, and what to do about it."""

    kind: str
    word: str
    told: str
    advice: str


def standing(watch: ArticleWatch) -> Standing:
    """What there is to say of a watched article."""
    since = _day(watch.since)
    match watch.state:
        case ArticleState.FOUND:
            told = gettext("De link staat op het artikel. Dat is zo sinds %(day)s.", day=since)
            return Standing("confirmed", gettext("Op het artikel"), told, "")
        case ArticleState.MISSING:
            told = gettext("De link staat niet op het artikel. Dat is zo sinds %(day)s.", day=since)
            return Standing("late", gettext("Niet op het artikel"), told, _missing())
        case ArticleState.UNREADABLE:
            told = gettext("Wij kunnen het artikel niet lezen. Dat is zo sinds %(day)s.", day=since)
            return Standing("late", gettext("Artikel onleesbaar"), told, reason(watch.reason or ""))
    told = gettext("Wij kijken binnen een minuut of de link op het artikel staat.")
    return Standing("waiting", gettext("Wordt bekeken"), told, "")


def reason(code: str) -> str:
    """Why an article cannot be read, with what to do."""
    kind, _, status = code.partition("-")
    if kind == "status":
        return _of_status(status)
    return _of_fault().get(code) or gettext(
        "Het antwoord van de website klopt niet. Kijk zelf op het artikel."
    )


def _missing() -> str:
    return gettext(
        "Zet de regels hieronder in het artikel. Voegt de website ze met script toe? Kijk dan zelf."
    )


def _of_status(status: str) -> str:
    if status in {"404", "410"}:
        return gettext("Het artikel bestaat niet meer. Pas het adres aan.")
    if status in {"401", "403", "429"}:
        return gettext("De website laat ons niet kijken. Kijk zelf op het artikel.")
    if status.startswith("5"):
        return gettext("De website heeft een storing. Wij kijken morgen weer.")
    return gettext("De website gaf code %(status)s. Kijk zelf op het artikel.", status=status)


def _of_fault() -> dict[str, str]:
    not_ours = gettext("Dit adres mogen wij niet openen. Vul het openbare adres in.")
    later = gettext("De website antwoordt niet. Wij kijken morgen weer.")
    return {
        Fault.ADDRESS: gettext("Dit is geen goed adres. Kopieer het uit de browser."),
        Fault.NOT_HTTPS: gettext("Het adres begint niet met https://. Pas het aan."),
        Fault.SIGN_IN_INSIDE: not_ours,
        Fault.PORT: not_ours,
        Fault.NOT_PUBLIC: not_ours,
        Fault.UNKNOWN_HOST: gettext("Deze website bestaat niet. Pas het adres aan."),
        Fault.CERTIFICATE: gettext("Het certificaat van de website klopt niet. Meld het de beheerder daar."),
        Fault.UNREACHABLE: later,
        Fault.TIMEOUT: later,
        Fault.TOO_LARGE: gettext("Het artikel is te groot om te lezen. Kijk zelf."),
        Fault.REDIRECTS: gettext("Het adres verwijst te vaak door. Vul het adres in waar het artikel staat."),
    }


def _day(at: datetime) -> str:
    return dates.day(dates.local_date(at, current.settings().timezone), current.language())
