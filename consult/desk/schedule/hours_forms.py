"""The forms of working hours: a week of days with a break each, own rules beside it, and a date that differs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from consult.availability import Conflict, MeetingRules, contradictions
from consult.booking.forms import DayField, HourField
from consult.desk.schedule.own_rules_forms import OwnRulesForm
from consult.web.forms import BaseForm, ChoiceField, DeskForm, Wanted
from consult.worktime import Block, WorkWeek

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from wtforms import Field

WEEKDAYS = 7
NAMES = ("start", "end", "pause_start", "pause_end", "extra_start", "extra_end")
UTC = ZoneInfo("UTC")


class DayHours(BaseForm):
    """One day: from when until when, with a break in it, and one more block if there is one. Part of a form."""

    class Meta(BaseForm.Meta):
        """WTForms' settings."""

        csrf = False

    start = HourField(_l("Van"))
    end = HourField(_l("Tot"))
    pause_start = HourField(_l("Pauze van"))
    pause_end = HourField(_l("Pauze tot"))
    extra_start = HourField(_l("En van"))
    extra_end = HourField(_l("En tot"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the times make blocks, and the break lies in the first of them."""
        fits = super().validate(extra_validators)
        pairs = [
            (self.start, self.end),
            (self.pause_start, self.pause_end),
            (self.extra_start, self.extra_end),
        ]
        mistakes = [pair for pair in pairs if not _fits(*pair)]
        if mistakes or not fits:
            return False
        main, pause, extra = (_block(first, last) for first, last in pairs)
        blocks = tuple(block for block in (main, extra) if block)
        week = WorkWeek(UTC, (blocks, *((),) * (WEEKDAYS - 1)))
        found = {
            each.conflict for each in contradictions(MeetingRules(), week, {0: (pause,)} if pause else {})
        }
        if Conflict.BREAK_OUTSIDE_HOURS in found or (pause and main and not _inside(pause, main)):
            self.pause_start.errors = [str(_l("De pauze valt buiten de werktijd."))]
        if Conflict.BLOCKS_OVERLAP in found:
            self.extra_start.errors = [str(_l("Dit blok valt over het eerste heen."))]
        return not (self.pause_start.errors or self.extra_start.errors)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The working time of the day, without the break, when the form is valid."""
        main, pause, extra = (
            _block(self.start, self.end),
            _block(self.pause_start, self.pause_end),
            _block(self.extra_start, self.extra_end),
        )
        found = [main] if main else []
        if main and pause:
            found = [
                *([Block(main.start, pause.start)] if main.start != pause.start else []),
                *([Block(pause.end, main.end)] if pause.end != main.end else []),
            ]
        return tuple(sorted([*found, *([extra] if extra else [])]))

    @property
    def words(self) -> str:
        """The times as they stand in the form, on one line; empty when nothing is worked."""
        main, pause, extra = (
            f"{first.data:%H.%M}–{last.data:%H.%M}" if first.data and last.data else ""
            for first, last in (
                (self.start, self.end),
                (self.pause_start, self.pause_end),
                (self.extra_start, self.extra_end),
            )
        )
        told = [main, f"{gettext('pauze')} {pause}" if pause else "", extra]
        return ", ".join(part for part in told if part)


class HoursForm(OwnRulesForm):
    """A week, own rules on top of those of each kind of talk, and which day to copy to which others."""

    days = FieldList(FormField(DayHours), min_entries=WEEKDAYS, max_entries=WEEKDAYS)
    copied = SelectField(_l("Neem deze dag over"), validate_choice=False)
    onto = SelectMultipleField(
        _l("Naar deze dagen"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    kind = SelectField(_l("Soort gesprek"), validate_choice=False)

    def __init__(self, names: Sequence[str], kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(prefix="uren", **kwargs)
        choices = [SelectChoice(str(number), name) for number, name in enumerate(names)]
        self.copied.choices = self.onto.choices = choices
        self.kind.choices = [SelectChoice(slug, name) for slug, name in kinds]

    @property
    def week(self) -> list[tuple[Block, ...]]:
        """The blocks of each weekday, when the form is valid."""
        return [day.form.blocks for day in self.days]

    def copy_day(self) -> None:
        """Fill the days that were chosen with what stands in the day to copy."""
        choices = {str(number): number for number in range(WEEKDAYS)}
        source = self.days[choices.get(str(self.copied.data), 0)].form
        for target in {choices[each] for each in self.onto.data or [] if each in choices}:
            for name in NAMES:
                field, other = self.days[target].form[name], source[name]
                field.data, field.raw_data = other.data, other.raw_data


class Change(StrEnum):
    """In what way a date differs from the week."""

    OFF = "vrij"
    OTHER = "anders"
    MORE = "extra"


class OtherDayForm(DeskForm):
    """One date, and what is worked then."""

    on = DayField(_l("Dag"), [Wanted(_l("Vul een datum in."))])
    change = ChoiceField(
        _l("Wat is er anders?"),
        [Wanted(_l("Kies wat er anders is."))],
        choices=[
            SelectChoice(str(Change.OFF), _l("Ik werk niet")),
            SelectChoice(str(Change.OTHER), _l("Ik werk op andere tijden")),
            SelectChoice(str(Change.MORE), _l("Ik werk ook op deze tijden")),
        ],
    )
    hours = FormField(DayHours)

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(prefix="dag", **kwargs)
        self.today = today

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the date can still come, and there are times where they are wanted."""
        fits = super().validate(extra_validators)
        if self.on.data and not 0 <= (self.on.data - self.today).days <= 3 * 366:
            self.on.errors = [str(_l("Kies een dag vanaf vandaag."))]
            return False
        wants_hours = self.change.data in {Change.OTHER, Change.MORE}
        if fits and wants_hours and not self.hours.form.blocks:
            self.hours.form.start.errors = [str(_l("Vul de tijden in."))]
            return False
        return fits

    def blocks(self, usual: Sequence[Block]) -> tuple[Block, ...]:
        """What is worked on the date, when the form is valid; ``usual`` is what the week says."""
        typed: tuple[Block, ...] = self.hours.form.blocks
        if self.change.data == Change.OFF:
            return ()
        return tuple(sorted({*usual, *typed})) if self.change.data == Change.MORE else typed


def filled_day(blocks: Sequence[Block]) -> dict[str, time]:
    """The blocks of a day as the form shows them: two of them are one with a break, a third stands apart."""
    if not blocks:
        return {}
    first, *more = blocks
    filled = {"start": first.start, "end": first.end}
    if more:
        filled |= {"pause_start": first.end, "pause_end": more[0].start, "end": more[0].end}
    if len(more) > 1:
        filled |= {"extra_start": more[1].start, "extra_end": more[-1].end}
    return filled


def _fits(first: Field, last: Field) -> bool:
    """Whether a pair of times is empty, or a block; the error stands at the time that is wrong."""
    for field, other in ((first, last), (last, first)):
        typed = bool(field.raw_data and field.raw_data[0])
        if field.data is None and (typed or other.data is not None):
            field.errors = [str(_l("Vul een tijd in, bijvoorbeeld 09:00."))]
            return False
    if (
        first.data is None
        or first.data < last.data
        or (last.data.hour, last.data.minute)
        == (0, 0)
        != (
            first.data.hour,
            first.data.minute,
        )
    ):
        return True
    last.errors = [str(_l("De eindtijd ligt voor de begintijd."))]
    return False


def _block(first: Field, last: Field) -> Block | None:
    return None if first.data is None or last.data is None else Block(first.data, last.data)


def _inside(pause: Block, main: Block) -> bool:
    return main.first_minute <= pause.first_minute and pause.last_minute <= main.last_minute
