"""What an advisor types at the desk; each form has a prefix, so that several fit on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import DateField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, StopValidation

from consult.booking.forms import check_moment
from consult.booking.models import Outcome
from consult.web.forms import (
    AtMost,
    ChoiceField,
    DeskForm,
    LineField,
    ParagraphsField,
    Wanted,
    stale_form_text,
)

if TYPE_CHECKING:
    from datetime import date

    from wtforms import Field


class TokenTold(DeskForm):
    """A desk form that says in our words that it stood open too long."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, the token included."""
        if super().validate(extra_validators):
            return True
        if self.csrf_token.errors:
            self.csrf_token.errors = [str(stale_form_text())]
        return False


class CancelForm(TokenTold):
    """Why a talk is called off; the visitor reads it in the mail."""

    reason = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="afzeggen", **kwargs)


class MoveForm(TokenTold):
    """Another moment for a talk; whether it is free is for the service to say."""

    slot = LineField(lazy_gettext("Nieuw moment"), [check_moment])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="verzetten", **kwargs)


class RefuseForm(TokenTold):
    """Why the answer is no, to a talk that waits or to another moment; the visitor reads it in the mail."""

    reason = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="weigeren", **kwargs)


class OutcomeForm(TokenTold):
    """What came of a talk that was; colleagues read it, the visitor does not. ``held_on`` is the day of the talk."""

    outcome = ChoiceField(
        lazy_gettext("Is het gesprek doorgegaan?"),
        [Wanted(lazy_gettext("Kies of het gesprek is doorgegaan."))],
        choices=[
            SelectChoice(str(Outcome.ATTENDED), lazy_gettext("Ja, wij hebben elkaar gesproken")),
            SelectChoice(str(Outcome.NO_SHOW), lazy_gettext("Nee, de bezoeker kwam niet")),
        ],
    )
    text = ParagraphsField(
        lazy_gettext("Wat kwam eruit?"),
        [AtMost("note", lazy_gettext("Uw tekst"))],
        render_kw={"rows": 4},
    )
    next_step = LineField(lazy_gettext("Volgende stap"), [AtMost("reason", lazy_gettext("De volgende stap"))])
    follow_up_on = DateField(lazy_gettext("Opvolgen op"), [Optional()])

    def __init__(self, held_on: date, **kwargs: Any) -> None:
        super().__init__(prefix="afloop", **kwargs)
        self.held_on = held_on

    def validate_follow_up_on(self, field: Field) -> None:
        """Refuse a date from before the talk.

        Raises:
            StopValidation: it is.
        """
        if field.data is not None and field.data < self.held_on:
            raise StopValidation(str(lazy_gettext("Kies een datum na het gesprek.")))
