"""The forms of a series: choose its rhythm, go on with it, end it early, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SubmitField
from wtforms.fields import SelectChoice

from consult.booking.forms import DayField, read_moment
from consult.booking.series.rhythm import FEWEST_TALKS, MOST_TALKS, Rhythm, count_until, first_start
from consult.scheduling.recurrence import Frequency
from consult.web.forms import AtMost, ChoiceField, LineField, PublicForm, Wanted

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking

USUAL_TALKS = 6
_BOUNDS = {"fewest": FEWEST_TALKS, "most": MOST_TALKS}
FREQUENCIES = {
    Frequency.WEEKLY: _l("Elke week"),
    Frequency.FORTNIGHTLY: _l("Om de week"),
    Frequency.MONTHLY: _l("Elke maand"),
}


class _CountForm(PublicForm):
    """How many talks; ``mark`` says which dates were on the page."""

    count = SelectField(_l("Hoeveel gesprekken?"), default=str(USUAL_TALKS), validate_choice=False)
    mark = LineField()

    @property
    def wanted(self) -> int | None:
        """The number that was chosen; None when it is none of those offered."""
        text = str(self.count.data or "")
        return int(text) if text in {str(each.value) for each in self.count.choices} else None

    def offer(self, fewest: int) -> None:
        """Set the numbers that may be chosen."""
        self.count.choices = [
            SelectChoice(str(number), str(number)) for number in range(fewest, MOST_TALKS + 1)
        ]


class RhythmForm(_CountForm):
    """How often, how many talks, and from when if not from the talk that was planned."""

    frequency = ChoiceField(
        _l("Hoe vaak wilt u elkaar spreken?"),
        [Wanted(_l("Kies hoe vaak u elkaar wilt spreken."))],
        choices=[SelectChoice(value, label) for value, label in FREQUENCIES.items()],
    )
    until = DayField(_l("Of tot en met welke dag?"), render_kw={"autocomplete": "off"})
    first = LineField()
    submit = SubmitField(_l("Plan deze gesprekken"))

    def rhythm(self, booking: Booking, *, now: datetime) -> Rhythm | None:
        """The rhythm that was chosen; None as long as the choice is not complete."""
        zone = booking.advisor.timezone
        if self.wanted is None or self.frequency.data not in FREQUENCIES:
            return None
        frequency = Frequency(self.frequency.data)
        first = read_moment(self.first.data) or first_start(booking.starts_at, frequency, zone, now)
        if self.until.data is None:
            return Rhythm(frequency, first, self.wanted, zone)
        count = count_until(frequency, first, self.until.data, zone)
        if not FEWEST_TALKS <= count <= MOST_TALKS:
            told = gettext("Kies een dag waarop u %(fewest)s tot %(most)s gesprekken heeft.", **_BOUNDS)
            self.until.errors = [told]
            return None
        self.count.data, self.until.data = str(count), None
        return Rhythm(frequency, first, count, zone)


class ExtendForm(_CountForm):
    """How many talks more."""

    submit = SubmitField(_l("Plan deze gesprekken"))


class EndForm(PublicForm):
    """After which talk the series ends."""

    last = ChoiceField(
        _l("Wat is het laatste gesprek?"), [Wanted(_l("Kies het laatste gesprek."))], choices=[]
    )
    submit = SubmitField(_l("Stop na dit gesprek"))


class CancelSeriesForm(PublicForm):
    """Cancel all talks that are still to come, with a reason if the visitor wants to give one."""

    reason = LineField(_l("Waarom zegt u af?"), [AtMost("reason", _l("De reden"))])
    submit = SubmitField(_l("Ja, zeg alle gesprekken af"))
