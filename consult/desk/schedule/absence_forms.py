"""The form with which an absence is planned: days or half days, and who stands in."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice

from consult.booking.forms import DayField
from consult.timespan import Span
from consult.web.forms import DeskForm, Wanted
from consult.worktime.hours import MIDNIGHT, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where a day is halved: in the middle of the usual break.
NOON = time(12, 30)
WHOLE, HALF = "whole", "half"
LONGEST = timedelta(days=366)


class AbsenceForm(DeskForm):
    """The first and the last day of an absence, each whole or half, and a stand-in."""

    advisor = SelectField(lazy_gettext("Wie is er niet?"), [Wanted(lazy_gettext("Kies een collega."))])
    first = DayField(lazy_gettext("Eerste dag"), [Wanted(lazy_gettext("Vul de eerste dag in."))])
    first_part = RadioField(
        lazy_gettext("Vanaf wanneer?"),
        choices=[
            SelectChoice(WHOLE, lazy_gettext("De hele dag")),
            SelectChoice(HALF, lazy_gettext("Vanaf 12.30 uur")),
        ],
        default=WHOLE,
    )
    last = DayField(lazy_gettext("Laatste dag"), [Wanted(lazy_gettext("Vul de laatste dag in."))])
    last_part = RadioField(
        lazy_gettext("Tot wanneer?"),
        choices=[
            SelectChoice(WHOLE, lazy_gettext("De hele dag")),
            SelectChoice(HALF, lazy_gettext("Tot 12.30 uur")),
        ],
        default=WHOLE,
    )
    stand_in = SelectField(lazy_gettext("Wie neemt waar?"))

    def __init__(
        self, colleagues: Iterable[tuple[int, str]], own_id: int | None, *, for_others: bool, **kwargs: Any
    ) -> None:
        super().__init__(prefix="afwezig", **kwargs)
        people = [SelectChoice(str(number), name) for number, name in colleagues]
        self.stand_in.choices = [SelectChoice("", str(lazy_gettext("Niemand"))), *people]
        if for_others:
            self.advisor.choices = people
            if self.advisor.data in {None, "None"} and own_id is not None:
                self.advisor.data = str(own_id)
        else:
            del self.advisor
        self.own_id = own_id

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, the order of the days included."""
        fits = super().validate(extra_validators)
        if self.first.data and self.last.data and self._wrong_order(self.first.data, self.last.data):
            self.last.errors = [str(lazy_gettext("De laatste dag ligt voor de eerste."))]
            return False
        if self.first.data and self.last.data and self.last.data - self.first.data > LONGEST:
            self.last.errors = [str(lazy_gettext("Kies een periode van hoogstens een jaar."))]
            return False
        return fits

    def _wrong_order(self, first: date, last: date) -> bool:
        halves = self.first_part.data == HALF and self.last_part.data == HALF
        return last < first or (last == first and halves)

    @property
    def advisor_id(self) -> int | None:
        """Who is away."""
        return int(self.advisor.data) if "advisor" in self else self.own_id

    @property
    def stand_in_id(self) -> int | None:
        """Who stands in."""
        return int(self.stand_in.data) if self.stand_in.data else None

    def span(self, zone: str) -> Span:
        """The absence, when the form is valid, on the clock of ``zone``."""
        tz = ZoneInfo(zone)
        starts = instant_of(self.first.data, NOON if self.first_part.data == HALF else MIDNIGHT, tz)
        if self.last_part.data == HALF:
            return Span(starts, instant_of(self.last.data, NOON, tz))
        return Span(starts, instant_of(self.last.data + timedelta(days=1), MIDNIGHT, tz))
