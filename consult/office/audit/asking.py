"""What somebody wants to see of the trail: read from the address, so that it can be kept and sent to a colleague.

Knows the names in an address; what cannot be read is told in a sentence, and nothing is shown in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

# Name in the address → words, and the beginnings (ending in a dot) or codes that belong to it.
ACTS = {
    "gelezen": (_l("Vragen lezen"), ("enquiry.read",)),
    "inzage": (_l("Gegevens zoeken, kopiëren en wissen"), ("privacy.",)),
    "onleesbaar": (_l("Tekst onleesbaar maken"), ("enquiry.redacted", "booking.redacted", "seat.redacted")),
    "inloggen": (
        _l("In- en uitloggen"),
        ("account.signed_in", "account.signed_out", "account.step_refused", "account.proof_refused"),
    ),
    "accounts": (_l("Gebruikers en API-sleutels"), ("account.", "api_key.")),
    "vragen": (_l("Vragen behandelen"), ("enquiry.",)),
    "spam": (
        _l("Spam"),
        (
            "enquiry.held",
            "enquiry.let_through",
            "enquiry.held_again",
            "enquiry.judged_spam",
            "enquiry.spam",
            "enquiry.not_spam",
        ),
    ),
    "gesprekken": (_l("Gesprekken en bijeenkomsten"), ("booking.", "series.", "group_session.", "seat.")),
    "mensen": (_l("Adviseurs, werktijden en agenda’s"), ("advisor.", "team.", "calendar.", "feed.")),
    "klanten": (_l("Organisaties en contactpersonen"), ("organisation.", "contact.")),
    "inrichting": (
        _l("Pagina’s, regels, teksten en thema’s"),
        ("page.", "rules.", "text.", "topic.", "meeting_type."),
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose acts, which, from which day up to and including which (in the firm's zone), about what.

    ``person`` and ``about`` as in the address; empty for everything. ``mistakes`` are sentences.
    """

    person: str = ""
    act: str = ""
    first: date | None = None
    last: date | None = None
    about: str = ""
    mistakes: tuple[str, ...] = ()

    def begins(self, zone: str) -> datetime | None:
        """The first instant that is asked for."""
        return _midnight(self.first, zone) if self.first else None

    def ends(self, zone: str) -> datetime | None:
        """The first instant after what is asked for."""
        return _midnight(self.last + timedelta(days=1), zone) if self.last else None

    def arguments(self) -> dict[str, Any]:
        """The same as arguments of an address; what is empty is left out."""
        named = {
            "wie": self.person,
            "wat": self.act,
            "van": self.first.isoformat() if self.first else "",
            "tot": self.last.isoformat() if self.last else "",
            "over": self.about,
        }
        return {name: value for name, value in named.items() if value}

    def codes(self) -> tuple[str, ...]:
        """The codes and beginnings of codes that are asked for; empty for all."""
        return ACTS[self.act][1] if self.act else ()


def asked_in(arguments: Mapping[str, str]) -> Asked:
    """What an address, or a form with the same names, asks for."""
    mistakes = []
    act = arguments.get("wat", "")
    if act not in ACTS:
        act = ""
    days: list[date | None] = []
    for name in ("van", "tot"):
        typed = arguments.get(name, "").strip()
        day = _day(typed)
        if typed and day is None:
            mistakes.append(gettext("Vul een datum in als 2026-11-20."))
        days.append(day)
    first, last = days
    if first and last and first > last:
        mistakes.append(gettext("De eerste dag komt na de laatste dag."))
    person, about = arguments.get("wie", "")[:60], arguments.get("over", "").strip()[:254]
    return Asked(person, act, first, last, about, tuple(dict.fromkeys(mistakes)))


def _day(typed: str) -> date | None:
    """A day in this era: a day before or after all days has no midnight in every zone."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1900 <= day.year < 9000 else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
