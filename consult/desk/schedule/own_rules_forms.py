"""The part of the form of working hours in which an advisor asks more rest, more notice or fewer talks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from consult.availability import MOST_REST, OwnRules
from consult.web.forms import DeskForm, WholeField

if TYPE_CHECKING:
    from wtforms import Field

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONGEST = MOST_REST // MINUTE


class OwnRulesForm(DeskForm):
    """Own rules on top of those of each kind of talk; an empty field leaves that rule as it is."""

    rest_before = WholeField(_l("Rust voor een gesprek, in minuten"), low=0, high=LONGEST, optional=True)
    rest_after = WholeField(_l("Rust na een gesprek, in minuten"), low=0, high=LONGEST, optional=True)
    notice_hours = WholeField(_l("Uiterlijk vooraf, in uren werktijd"), low=0, high=200, optional=True)
    horizon_days = WholeField(_l("Hoogstens vooruit, in dagen"), low=1, high=365, optional=True)
    per_day = WholeField(_l("Hoogstens per dag"), low=1, high=20, optional=True)
    per_week = WholeField(_l("Hoogstens per week"), low=1, high=100, optional=True)

    def validate_per_day(self, field: Field) -> None:
        """No more in a day than in its week.

        Raises:
            StopValidation: there are.
        """
        if field.data and self.per_week.data and field.data > self.per_week.data:
            raise StopValidation(str(_l("Dit is meer dan u per week wilt.")))

    @property
    def own(self) -> OwnRules:
        """The own rules, when the form is valid."""
        return OwnRules(
            _times(self.rest_before.data, MINUTE),
            _times(self.rest_after.data, MINUTE),
            _times(self.notice_hours.data, HOUR),
            self.horizon_days.data,
            self.per_day.data,
            self.per_week.data,
        )

    @property
    def has_own(self) -> bool:
        """Whether anything is filled in, or wrong."""
        names = ("rest_before", "rest_after", "notice_hours", "horizon_days", "per_day", "per_week")
        return any(self[name].data is not None or self[name].errors for name in names)


def filled_rules(own: OwnRules | None) -> dict[str, int | None]:
    """Own rules as the form shows them; an hour of notice that was begun counts whole."""
    if own is None:
        return {}
    return {
        "rest_before": _count(own.buffer_before, MINUTE),
        "rest_after": _count(own.buffer_after, MINUTE),
        "notice_hours": _count(own.notice, HOUR),
        "horizon_days": own.horizon,
        "per_day": own.per_day,
        "per_week": own.per_week,
    }


def _times(number: int | None, unit: timedelta) -> timedelta | None:
    return None if number is None else number * unit


def _count(length: timedelta | None, unit: timedelta) -> int | None:
    return None if length is None else -(-length // unit)
