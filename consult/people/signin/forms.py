"""The forms of signing in: our words, and one answer to everything that does not fit.

Knows that Flask-Security looks the account up; never tells whether it was the address or the password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import StopValidation

from consult.people.signin.passwords import SHORTEST_PASSWORD, ShortPassword, WeakPassword, set_password
from consult.web.addresses import normal_email
from consult.web.forms import DeskForm, Wanted

if TYPE_CHECKING:
    from consult.people.accounts import Account


class SignInForm(LoginForm):
    """Mail address and password; ``next`` is the page to go on to."""

    email = EmailField(
        lazy_gettext("E-mailadres"),
        [Wanted(lazy_gettext("Vul uw e-mailadres in."))],
        filters=[lambda typed: typed.strip() if typed else typed],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy_gettext("Wachtwoord"),
        [Wanted(lazy_gettext("Vul uw wachtwoord in."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    remember = None
    submit = None

    def validate_next(self, field: HiddenField) -> None:
        """Leave the judgement to the view, which sees the address too."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the account may sign in; every other outcome reads the same (ASVS 6.3.8)."""
        if super().validate(**kwargs):
            return True
        if self.email.data and self.password.data:
            self.email.errors, self.password.errors = (), ()
            self.form_errors = [
                gettext("Deze combinatie van e-mailadres en wachtwoord kennen wij niet. Probeer het opnieuw.")
            ]
        return False


class CodeForm(DeskForm):
    """The second step: a code of the telephone, or one of the recovery codes."""

    code = StringField(
        lazy_gettext("Code van 6 cijfers"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )
    recovery = StringField(
        lazy_gettext("Herstelcode"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def refuse(self) -> None:
        """The code does not fit; says no more than that."""
        field = self.recovery if self.recovery.data else self.code
        field.errors = [
            gettext("Deze code klopt niet, of is al gebruikt. Typ de code die nu in uw app staat.")
        ]
        if field is self.recovery:
            field.errors = [gettext("Deze herstelcode klopt niet, of is al gebruikt.")]


class EnrolForm(DeskForm):
    """A first code, which proves that the app has the secret."""

    code = StringField(
        lazy_gettext("Code van 6 cijfers"),
        [Wanted(lazy_gettext("Typ de code die in uw app staat."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )

    def refuse(self) -> None:
        """The code does not fit."""
        self.code.errors = [gettext("Deze code klopt niet. Typ de code die nu in uw app staat.")]


class AgainForm(DeskForm):
    """The password once more."""

    password = PasswordField(
        lazy_gettext("Wachtwoord"),
        [Wanted(lazy_gettext("Vul uw wachtwoord in."))],
        render_kw={"autocomplete": "current-password"},
    )

    def refuse(self) -> None:
        """It is not the password."""
        self.password.errors = [gettext("Dit is niet uw wachtwoord. Probeer het opnieuw.")]


class LostPasswordForm(DeskForm):
    """The address of who lost the password."""

    email = EmailField(
        lazy_gettext("E-mailadres"),
        [Wanted(lazy_gettext("Vul uw e-mailadres in."))],
        filters=[lambda typed: typed.strip() if typed else typed],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )

    def validate_email(self, field: EmailField) -> None:
        """Refuse what cannot be an address, known or not."""
        if normal_email(field.data or "") is None:
            raise StopValidation(gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."))


class NewAddressForm(LostPasswordForm):
    """The address that somebody wants to sign in with from now on."""

    email = EmailField(
        lazy_gettext("Nieuw e-mailadres"),
        [Wanted(lazy_gettext("Vul uw nieuwe e-mailadres in."))],
        filters=[lambda typed: typed.strip() if typed else typed],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


class ProveAddressForm(DeskForm):
    """Only the button: a link in a mail is opened by scanners too."""


class NewPasswordForm(DeskForm):
    """A password to choose; one field, which the browser or a password app fills in."""

    password = PasswordField(
        lazy_gettext("Nieuw wachtwoord"),
        [Wanted(lazy_gettext("Kies een wachtwoord."))],
        render_kw={"autocomplete": "new-password"},
    )

    def give(self, account: Account) -> bool:
        """Set it as the password of this account; gives whether it will do."""
        try:
            set_password(account, self.password.data or "")
        except ShortPassword:
            words = gettext("Kies een wachtwoord van %(number)s tekens of meer.", number=SHORTEST_PASSWORD)
            self.password.errors = [words]
        except WeakPassword:
            self.password.errors = [gettext("Dit wachtwoord is te makkelijk te raden. Kies een ander.")]
        else:
            return True
        return False
