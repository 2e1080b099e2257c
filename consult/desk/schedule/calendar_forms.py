"""What an advisor types to let a calendar elsewhere block time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.calendars.troubles import words
from consult.people.calendars import CalendarKind
from consult.web.forms import AtMost, ChoiceField, DeskForm, LineField, Wanted

if TYPE_CHECKING:
    from wtforms import Field, Form

    from consult.web.outgoing_guard import Fault


class ForCollection:
    """A sign-in must be filled in when the calendar is a CalDAV collection."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at an empty field.

        Raises:
            StopValidation: it is a collection and the field is empty.
        """
        if form["kind"].data == CalendarKind.CALDAV and not field.data:
            raise StopValidation(str(self.message))


class CalendarForm(DeskForm):
    """The address of a calendar; whether we speak to it is for the service to say."""

    kind = ChoiceField(
        lazy_gettext("Soort agenda"),
        [Wanted(lazy_gettext("Kies een soort agenda."))],
        choices=[
            SelectChoice(
                CalendarKind.ICS.value, lazy_gettext("Een adres dat uw agenda deelt (Outlook, Google, Apple)")
            ),
            SelectChoice(
                CalendarKind.CALDAV.value, lazy_gettext("CalDAV met naam en wachtwoord (Nextcloud en andere)")
            ),
        ],
        default=CalendarKind.ICS.value,
    )
    address = LineField(
        lazy_gettext("Adres van de agenda"),
        [Wanted(lazy_gettext("Vul het adres van de agenda in."))],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    username = LineField(
        lazy_gettext("Gebruikersnaam"),
        [
            ForCollection(lazy_gettext("Vul uw gebruikersnaam in.")),
            AtMost("email", lazy_gettext("Uw gebruikersnaam")),
        ],
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        lazy_gettext("Wachtwoord"),
        [
            ForCollection(lazy_gettext("Vul uw wachtwoord in.")),
            AtMost("reason", lazy_gettext("Uw wachtwoord")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="agenda", **kwargs)

    def refuse(self, fault: Fault) -> None:
        """Say beside the address why we do not speak to it."""
        self.address.errors = [words(fault.value)]

    def refuse_more(self) -> None:
        """Say that there are enough."""
        self.address.errors = [gettext("U heeft al tien agenda's. Verwijder er eerst een.")]
