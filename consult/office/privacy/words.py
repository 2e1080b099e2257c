"""Kinds of what is kept, in Dutch: as a rule says them, and as many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

# What the nightly round erases: what it is called, and what happens with it.
ERASED = {
    "enquiries": (
        lazy_gettext("Afgeronde vragen"),
        lazy_gettext("De persoon en de tekst gaan weg, de telling blijft."),
    ),
    "bookings": (
        lazy_gettext("Gesprekken"),
        lazy_gettext("De persoon en de tekst gaan weg, de telling blijft."),
    ),
    "seats": (
        lazy_gettext("Aanmeldingen voor bijeenkomsten"),
        lazy_gettext("De persoon gaat weg, de telling blijft."),
    ),
    "series": (lazy_gettext("Reeksen gesprekken"), lazy_gettext("De mails erover gaan weg.")),
    "contacts": (
        lazy_gettext("Contactpersonen"),
        lazy_gettext("Gaat weg: er is geen vraag of gesprek meer."),
    ),
    "spam": (lazy_gettext("Tegengehouden vragen"), lazy_gettext("Gaat helemaal weg.")),
    "drafts": (lazy_gettext("Concepten bij afgeronde vragen"), lazy_gettext("Gaat helemaal weg.")),
    "holds": (lazy_gettext("Vastgehouden momenten"), lazy_gettext("Gaat helemaal weg.")),
    "links": (lazy_gettext("Verlopen privé-links"), lazy_gettext("Gaat helemaal weg.")),
    "tickets": (lazy_gettext("Verlopen stappen bij het inloggen"), lazy_gettext("Gaat helemaal weg.")),
    "sign_ins": (lazy_gettext("Waar collega’s eerder inlogden"), lazy_gettext("Gaat helemaal weg.")),
    "mail_bodies": (lazy_gettext("Tekst van verstuurde mails"), lazy_gettext("De tekst gaat weg.")),
    "arrived_bodies": (lazy_gettext("Tekst van binnengekomen mails"), lazy_gettext("De tekst gaat weg.")),
    "sent_mails": (lazy_gettext("Verstuurde mails"), lazy_gettext("Ook het adres gaat weg.")),
    "arrived_mails": (lazy_gettext("Binnengekomen mails"), lazy_gettext("Ook het adres gaat weg.")),
    "trail": (lazy_gettext("Regels van het logboek"), lazy_gettext("Gaat helemaal weg.")),
    "answers": (lazy_gettext("Antwoorden aan programma’s"), lazy_gettext("Gaat helemaal weg.")),
}
# What is kept of a person.
KEPT = {
    "enquiry": lazy_gettext("Vragen"),
    "booking": lazy_gettext("Gesprekken"),
    "seat": lazy_gettext("Aanmeldingen voor bijeenkomsten"),
    "series": lazy_gettext("Reeksen gesprekken"),
    "contact": lazy_gettext("Kaarten in de lijst met contactpersonen"),
    "guest": lazy_gettext("Gesprekken van anderen, als gast"),
    "sent": lazy_gettext("Mails van ons"),
    "arrived": lazy_gettext("Mails aan ons"),
}


def length(kept: timedelta) -> str:
    """``30 dagen``, ``12 maanden``: as the rule was made; of no days: until it has expired."""
    if not kept:
        return gettext("tot het verlopen is")
    months: Mapping[int, int] = {365: 12, 730: 24}
    if kept.days in months:
        return gettext("%(num)s maanden", num=months[kept.days])
    return ngettext("%(num)s dag", "%(num)s dagen", kept.days)


def tonight(count: int, *, overdue: bool) -> str:
    """The sentence at the top of the page."""
    if not count:
        return gettext("De volgende ronde wist niets.")
    if overdue:
        return ngettext(
            "De ronde van vannacht is nog niet gedaan. Straks wissen wij %(num)s ding.",
            "De ronde van vannacht is nog niet gedaan. Straks wissen wij %(num)s dingen.",
            count,
        )
    return ngettext("Vannacht wissen wij %(num)s ding.", "Vannacht wissen wij %(num)s dingen.", count)
