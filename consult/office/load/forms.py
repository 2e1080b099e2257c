"""The form of an absence that nobody planned yet. It is sent with GET, so that it can be kept as a link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields import SelectChoice

from consult.booking.forms import DayField
from consult.office.load.what_if import Supposed
from consult.timespan import Span
from consult.web.forms import BaseForm, Wanted
from consult.worktime.hours import MIDNIGHT, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

LONGEST = timedelta(days=366)


class WhatIfForm(BaseForm):
    """Who, from which day up to and including which day, and who would stand in."""

    class Meta(BaseForm.Meta):
        """WTForms' settings: nothing is changed, so there is nothing to protect."""

        csrf = False

    wie = SelectField(lazy_gettext("Wie is er niet?"))
    van = DayField(lazy_gettext("Eerste dag"), [Wanted(lazy_gettext("Vul de eerste dag in."))])
    tot = DayField(lazy_gettext("Laatste dag"), [Wanted(lazy_gettext("Vul de laatste dag in."))])
    waarneming = SelectField(lazy_gettext("Wie neemt waar?"))

    def __init__(
        self, asked: MultiDict[str, str], *, advisors: Iterable[tuple[int, str]], today: date
    ) -> None:
        usual = {"wie": "", "van": str(today), "tot": str(today + timedelta(days=13)), "waarneming": ""}
        left_out = [(name, value) for name, value in usual.items() if name not in asked]
        super().__init__(formdata=MultiDict([*asked.items(multi=True), *left_out]))
        self._today = today
        people = [SelectChoice(str(number), name) for number, name in advisors]
        self.wie.choices = [SelectChoice("", gettext("Kies een collega")), *people]
        self.waarneming.choices = [SelectChoice("", gettext("Niemand")), *people]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits: somebody, days in order that are not over, and another one who stands in."""
        fits = super().validate(extra_validators)
        if not self.wie.data:
            self.wie.errors = [gettext("Kies een collega.")]
        elif self.waarneming.data == self.wie.data:
            self.waarneming.errors = [gettext("Kies een ander dan wie er niet is.")]
        first, last = self.van.data, self.tot.data
        if first and last and (told := self._wrong(first, last)):
            self.tot.errors = [told]
        return fits and not (self.wie.errors or self.waarneming.errors or self.tot.errors)

    def _wrong(self, first: date, last: date) -> str | None:
        if last < first:
            return gettext("De laatste dag ligt voor de eerste.")
        if last < self._today:
            return gettext("Deze dagen zijn al voorbij.")
        if last - first > LONGEST:
            return gettext("Kies een periode van hoogstens een jaar.")
        return None

    def supposed(self, zone: str) -> Supposed:
        """The absence, when the form is valid, on the clock of ``zone``."""
        tz = ZoneInfo(zone)
        starts = instant_of(self.van.data, MIDNIGHT, tz)
        ends = instant_of(self.tot.data + timedelta(days=1), MIDNIGHT, tz)
        stand_in = int(self.waarneming.data) if self.waarneming.data else None
        return Supposed(int(self.wie.data), Span(starts, ends), stand_in)
