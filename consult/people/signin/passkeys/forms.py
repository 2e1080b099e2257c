"""The form in which a passkey is named."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField
from wtforms.validators import StopValidation

from consult.people.signin.passkeys.keeping import LONGEST_NAME
from consult.web.forms import DeskForm, LineField, Wanted


class PasskeyForm(DeskForm):
    """The name of a passkey, and for a new one what the browser made."""

    name = LineField(
        lazy_gettext("Naam van deze passkey"),
        [Wanted(lazy_gettext("Geef de passkey een naam."))],
        render_kw={"autocomplete": "off"},
    )
    credential = HiddenField()

    def validate_name(self, field: LineField) -> None:
        """Keep it short."""
        if len(field.data or "") > LONGEST_NAME:
            words = gettext("Kies een naam van %(number)s tekens of minder.", number=LONGEST_NAME)
            raise StopValidation(words)

    def refuse(self) -> None:
        """The browser made no passkey that will do."""
        self.form_errors = [gettext("Het lukte niet om een passkey te maken. Probeer het nog een keer.")]
