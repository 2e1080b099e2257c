"""The token of a public form in place of a cookie: signed, of one form, valid for a day, and the form's own key.

A form that is shown again keeps its token, so that its age goes on and sending it twice still has one effect.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from consult.web.current import settings

if TYPE_CHECKING:
    from wtforms import Form

TOKEN_HOURS = 24


class SignedToken(CSRF):
    """CSRF protection without a cookie: a token signed with our key, bound to one form, valid for a day."""

    form_name: str
    people_need_time: bool

    def setup_form(self, form: Any) -> list[tuple[str, Any]]:
        """Remember which form the token is for, and how fast a person can be."""
        self.form_name = type(form).__name__
        self.people_need_time = form.people_need_time
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002 (WTForms' signature)
        """Make a fresh token."""
        return _signer(self.form_name).dumps(secrets.token_urlsafe(16))

    def validate_csrf_token(self, form: Form, field: CSRFTokenField) -> None:
        """Accept a token of this form that is at most a day old and, where people need time, not too young.

        Raises:
            ValidationError: with the text that asks to send again; the page holds a token that will do.
        """
        del form
        opened_at = _opened_at(self.form_name, field.data)
        if opened_at is None:
            field.data = None
            raise ValidationError(
                gettext("Dit formulier stond te lang open. Controleer uw antwoorden en verstuur opnieuw.")
            )
        field.current_token = field.data
        if self.people_need_time and time.time() - opened_at < settings().form_seconds:
            raise ValidationError(
                gettext("Dat ging erg snel. Kijk uw antwoorden na en verstuur ze nog een keer.")
            )


def read_token(form_name: str, token: str | None) -> str | None:
    """The nonce inside a valid token; None for any other text."""
    try:
        nonce = _signer(form_name).loads(token or "", max_age=TOKEN_HOURS * 3600)
    except (BadSignature, SignatureExpired):
        return None
    return nonce if isinstance(nonce, str) else None


def _opened_at(form_name: str, token: str | None) -> float | None:
    """When the form with this valid token was opened, in seconds since 1970; None for any other text."""
    if read_token(form_name, token) is None:
        return None
    _nonce, opened = _signer(form_name).loads(token or "", return_timestamp=True)
    return float(opened.timestamp())


def _signer(form_name: str) -> URLSafeTimedSerializer:
    keys = settings().signing_keys()
    return URLSafeTimedSerializer(list(keys), salt=f"form:{form_name}")
