"""Mail addresses and telephone numbers as people type them, and the error texts that help to mend them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from email_validator import validate_email
from flask_babel import gettext
from wtforms.validators import StopValidation

from consult.scheduling.text import checked_address

if TYPE_CHECKING:
    from wtforms import Field, Form


def normal_email(typed: str) -> str | None:
    """The address with a lower-case domain, or None when no mail can go there. The part before @ stays as typed."""
    try:
        # What a mail server may refuse, or our own mails cannot carry, is better told to whoever typed it.
        address = validate_email(
            typed, check_deliverability=False, test_environment=True, allow_smtputf8=False, strict=True
        ).normalized
        address.rpartition("@")[2].encode("idna")
        return checked_address(address)
    except ValueError:  # EmailNotValidError is one
        return None


def normal_phone(typed: str) -> str | None:
    """The number in E.164 (``+31612345678``); numbers without a country are Dutch. None when it cannot exist."""
    import phonenumbers

    try:
        number = phonenumbers.parse(typed, "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """A number as Dutch people read it: ``06 1234 5678``, ``020 123 4567``; foreign ones stay international."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, "NL")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        parsed, style.NATIONAL if parsed.country_code == 31 else style.INTERNATIONAL
    )


def check_email(form: Form, field: Field) -> None:
    """WTForms validator: a filled-in mail address works; stores it normalised.

    Raises:
        StopValidation: with an example of what to fill in.
    """
    del form
    if not field.data:
        return
    normal = normal_email(field.data)
    if normal is None:
        raise StopValidation(gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."))
    field.data = normal


def check_phone(form: Form, field: Field) -> None:
    """WTForms validator: a filled-in telephone number can exist; stores it as E.164.

    Raises:
        StopValidation: with how many digits a number has.
    """
    del form
    if not field.data:
        return
    normal = normal_phone(field.data)
    if normal is None:
        mobile = re.sub(r"\D", "", field.data).startswith(("06", "316"))
        raise StopValidation(
            gettext("Dit telefoonnummer klopt niet. Een mobiel nummer heeft 10 cijfers.")
            if mobile
            else gettext("Dit telefoonnummer klopt niet. Een Nederlands nummer heeft 10 cijfers.")
        )
    field.data = normal
