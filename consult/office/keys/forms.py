"""What is filled in for a new key of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, StopValidation

from consult.office.forms import Ticks
from consult.people.keys.services import FEWEST_PER_MINUTE, MOST_PER_MINUTE, NewKey, Scope
from consult.web.forms import AtMost, DeskForm, LineField, Wanted, WholeField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from wtforms import Field

SCOPES = {
    Scope.READ: lazy_gettext("Lezen: vragen, gesprekken en de lijsten van Beheer"),
    Scope.WRITE: lazy_gettext("Insturen: vragen stellen en gesprekken plannen voor bezoekers"),
    Scope.DESK: lazy_gettext("Werkplek: vragen en gesprekken lezen en behandelen"),
    Scope.ADMIN: lazy_gettext("Beheer: de lijsten lezen, ook die van personen"),
}


class NewKeyForm(DeskForm):
    """A new key. ``today`` is the day in the firm's zone."""

    name = LineField(
        lazy_gettext("Naam"),
        [
            Wanted(lazy_gettext("Vul in voor welk programma de sleutel is.")),
            AtMost("name", lazy_gettext("De naam")),
        ],
    )
    scopes = Ticks(
        lazy_gettext("Wat mag dit programma?"),
        [Wanted(lazy_gettext("Kies wat het programma mag."))],
        choices=[SelectChoice(str(scope), words) for scope, words in SCOPES.items()],
    )
    advisor = SelectField(lazy_gettext("Namens wie werkt het programma?"))
    expires_on = DateField(lazy_gettext("Laatste dag"), [Optional()])
    per_minute = WholeField(
        lazy_gettext("Aanroepen per minuut"), low=FEWEST_PER_MINUTE, high=MOST_PER_MINUTE, default=120
    )

    def __init__(self, advisors: Iterable[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(prefix="sleutel", **kwargs)
        everybody = SelectChoice("", str(lazy_gettext("Namens wie de vraag of het gesprek heeft")))
        self.advisor.choices = [everybody, *(SelectChoice(str(number), name) for number, name in advisors)]
        self.today = today

    def validate_expires_on(self, field: Field) -> None:
        """Refuse a day that is over.

        Raises:
            StopValidation: it is.
        """
        if field.data is not None and field.data < self.today:
            raise StopValidation(str(lazy_gettext("Kies vandaag of een latere dag.")))

    def chosen(self) -> NewKey:
        """What was filled in."""
        return NewKey(
            form_key=self.form_key,
            name=self.name.data,
            scopes=frozenset(Scope(each) for each in self.scopes.data or ()),
            advisor_id=int(self.advisor.data) if self.advisor.data else None,
            expires_on=self.expires_on.data,
            per_minute=self.per_minute.data,
        )
