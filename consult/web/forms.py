"""The two base forms and the fields every form is made of.

A public form carries a signed token (form name, moment of issue, nonce) instead of a cookie, so that it works inside
another site's page. A desk form leans on the session. The nonce is also the form's key: a second arrival of the same
form is recognised by it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from flask import request
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from consult.web.form_token import SignedToken, read_token
from consult.web.text import LENGTHS, clean, is_one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field, Form


class _Texts:
    """WTForms' own messages, in our words."""

    def gettext(self, string: str) -> str:
        known = {
            "Not a valid choice.": gettext("Kies een van de mogelijkheden."),
            "Not a valid choice": gettext("Kies een van de mogelijkheden."),
            "CSRF token missing.": gettext(
                "Dit formulier stond te lang open. Controleer uw antwoorden en verstuur opnieuw."
            ),
        }
        return known.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class BaseForm(FlaskForm):
    """What every form shares: our own error texts."""

    class Meta(FlaskForm.Meta):
        """WTForms' settings."""

        def get_translations(self, form: Form) -> _Texts:
            """Use our wording."""
            del form
            return _Texts()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a browser sent: texts, and files for the fields that take one. JSON is no form."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if not form.is_submitted():
                return None
            taking = {each.name for each in form if isinstance(each, FileField)}
            files = [each for each in request.files.items(multi=True) if each[0] in taking]
            if files:
                return CombinedMultiDict((MultiDict(files), request.form))
            return request.form or None


class PublicForm(BaseForm):
    """A form that a visitor fills in; needs no cookie. ``people_need_time``: nobody fills it in within seconds."""

    people_need_time: ClassVar[bool] = False

    class Meta(BaseForm.Meta):
        """WTForms' settings."""

        csrf = True
        csrf_class = SignedToken
        csrf_field_name = "csrf_token"

    @property
    def form_key(self) -> str:
        """The key under which this form may have its effect once; valid after ``validate()`` succeeded."""
        nonce = read_token(type(self).__name__, self.csrf_token.data)
        if nonce is None:
            raise LookupError("the form was not validated")
        return nonce


class DeskForm(BaseForm):
    """A form at the desk; the session carries its protection. ``form_key`` makes a repeat harmless."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits; a form that stood open too long says so in our words."""
        if super().validate(extra_validators):
            return True
        if self.csrf_token.errors:
            self.csrf_token.errors = [str(stale_form_text())]
        return False

    @property
    def form_key(self) -> str:
        """The key under which this form may have its effect once."""
        return str(self.key.data or "")[:64] or secrets.token_urlsafe(16)


class Wanted:
    """The field must be filled in; ``message`` says what to fill in."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at an empty field.

        Raises:
            StopValidation: the field is empty.
        """
        del form
        if not field.data:
            raise StopValidation(str(self.message))


class AtMost:
    """The text fits; the message says how many characters to take away."""

    def __init__(self, name: str, what: Any) -> None:
        self.most = LENGTHS[name]
        self.what = what
        self.field_flags = {"maxlength": None}

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse a longer text.

        Raises:
            StopValidation: it is too long.
        """
        del form
        over = len(field.data or "") - self.most
        if over > 0:
            raise StopValidation(
                ngettext(
                    "%(what)s is te lang. Haal %(num)s teken weg.",
                    "%(what)s is te lang. Haal %(num)s tekens weg.",
                    over,
                    what=str(self.what),
                )
            )


class LineField(StringField):
    """One line of text, cleaned."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean what was typed."""
        if valuelist:
            self.data = clean(valuelist[0])

    def pre_validate(self, form: Form) -> None:
        """Refuse a line break.

        Raises:
            StopValidation: the text has more than one line.
        """
        super().pre_validate(form)
        if self.data and not is_one_line(self.data):
            raise StopValidation(gettext("Zet dit op één regel."))


class ParagraphsField(TextAreaField):
    """Text of more lines, cleaned."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean what was typed."""
        if valuelist:
            self.data = clean(valuelist[0])


class WholeField(IntegerField):
    """A whole number from ``low`` up to and including ``high``; empty only when ``optional``."""

    widget = TextInput()
    data: Any

    def __init__(self, label: Any, *, low: int, high: int, optional: bool = False, **kwargs: Any) -> None:
        render_kw = {"inputmode": "numeric", **kwargs.pop("render_kw", {})}
        super().__init__(label, render_kw=render_kw, **kwargs)
        self.low, self.high, self.optional = low, high, optional

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed.

        Raises:
            ValueError: it is no number; the text says what to fill in.
        """
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if typed:
            if not typed.isdecimal() or len(typed) > 9:
                raise ValueError(self._told())
            self.data = int(typed)

    def pre_validate(self, form: Form) -> None:
        """Refuse a number outside the bounds.

        Raises:
            StopValidation: with the bounds.
        """
        super().pre_validate(form)
        if self.data is None and (self.optional or self.process_errors):
            return
        if self.data is None or not self.low <= self.data <= self.high:
            raise StopValidation(self._told())

    def _told(self) -> str:
        return gettext("Vul een getal in van %(low)s tot %(high)s.", low=self.low, high=self.high)


class ChoiceField(RadioField):
    """A list of radios in which nothing needs to be chosen until a validator says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Refuse a value that was not offered.

        Raises:
            StopValidation: the value is none of the choices.
        """
        super().pre_validate(form)
        if self.data and self.data not in {str(offered.value) for offered in self.choices}:
            raise StopValidation(gettext("Kies een van de mogelijkheden."))


def stale_form_text() -> Any:
    """The text for a desk form whose session ended meanwhile."""
    return lazy_gettext("Dit formulier stond te lang open. Controleer uw antwoorden en verstuur opnieuw.")
