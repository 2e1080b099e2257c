"""The sign-in form: our words, and one answer to everything that does not fit.

Knows that Flask-Security looks the account up; never tells whether it was the address or the password.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm
from wtforms import EmailField, HiddenField, PasswordField

from consult.web.forms import Wanted


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
        """Leave the judgement to ``consult.people.signin``, which sees the address too."""

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
