"""The forms of a group session: sign up, take an offered seat, give a seat back.

A seat carries no text that anybody could look at, so what fills the field that people leave empty is asked to look
once more; whoever is no machine presses the button again, and nothing was lost.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SubmitField

from consult.booking.forms import email_field, name_field, pot_field
from consult.booking.groups.seats import NewSeat
from consult.web import current
from consult.web.forms import AtMost, LineField, PublicForm


class SeatForm(PublicForm):
    """Who comes."""

    people_need_time = True

    name = name_field()
    email = email_field()
    organisation = LineField(
        _l("Uw gemeente of organisatie"),
        [AtMost("organisation", _l("De naam van uw organisatie"))],
        render_kw={"autocomplete": "organization"},
    )
    website = pot_field()
    submit = SubmitField(_l("Meld mij aan"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits; a field that nobody sees and is filled in asks to press again."""
        fits = super().validate(extra_validators)
        if self.website.data:
            self.website.data = ""
            self.form_errors.append(gettext("Kijk uw antwoorden na en verstuur ze nog een keer."))
            return False
        return fits

    def seat(self) -> NewSeat:
        """What was filled in; valid after ``validate()`` succeeded."""
        return NewSeat(
            form_key=self.form_key,
            name=self.name.data,
            email=self.email.data,
            organisation=self.organisation.data or None,
            language=current.language(),
        )


class AcceptSeatForm(PublicForm):
    """Take the seat that is held."""

    submit = SubmitField(_l("Ja, ik neem de plaats"))


class GiveUpSeatForm(PublicForm):
    """Give back a seat, an offer or a place in the queue."""

    submit = SubmitField(_l("Ja, meld mij af"))
