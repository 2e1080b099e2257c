"""What an advisor types about a talk; each form has a prefix, so that several fit on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, StopValidation

from consult.booking.forms import NEEDS_LOCATION, DayField, HourField, read_moment
from consult.booking.models import Outcome, Place
from consult.desk.items import place_name
from consult.web.forms import AtMost, ChoiceField, DeskForm, LineField, ParagraphsField, Wanted
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from wtforms import Field

    from consult.desk.agenda.own_moment import Judged


class CancelForm(DeskForm):
    """Why a talk is called off; the visitor reads it in the mail."""

    reason = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="afzeggen", **kwargs)


class MomentForm(DeskForm):
    """One of the moments that are free, or a day and a time of one's own; whether it can be is for the service."""

    slot = LineField(lazy_gettext("Moment"))
    day = DayField(lazy_gettext("Dag"))
    hour = HourField(lazy_gettext("Tijd"))
    why = LineField(lazy_gettext("Waarom toch dit moment?"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def validate_slot(self, field: Field) -> None:
        """A moment is wanted, one way or the other.

        Raises:
            StopValidation: there is none.
        """
        if not self.is_own and read_moment(field.data) is None:
            raise StopValidation(str(lazy_gettext("Kies een moment.")))

    def validate_day(self, field: Field) -> None:
        """A time needs a day within reach of a calendar.

        Raises:
            StopValidation: there is none.
        """
        if self.is_own and (field.data is None or not 1970 < field.data.year < 9000):
            raise StopValidation(str(lazy_gettext("Vul een datum in.")))

    def validate_hour(self, field: Field) -> None:
        """A day needs a time.

        Raises:
            StopValidation: there is none.
        """
        if self.is_own and field.data is None:
            raise StopValidation(str(lazy_gettext("Vul een tijd in, bijvoorbeeld 14.00.")))

    @property
    def is_own(self) -> bool:
        """Whether a day or a time was filled in; that goes before a moment of the list."""
        return bool(self.day.raw_data and self.day.raw_data[0]) or bool(
            self.hour.raw_data and self.hour.raw_data[0]
        )

    @property
    def own_reason(self) -> str | None:
        """Why a moment is chosen that is not on offer; None for a moment of the list."""
        return (self.why.data or "") if self.is_own else None

    def starts_at(self, zone: str) -> datetime | None:
        """The instant, when the form is valid."""
        if self.is_own:
            return instant_of(self.day.data, self.hour.data, ZoneInfo(zone))
        return read_moment(self.slot.data)

    def agrees(self, judged: Judged) -> bool:
        """Whether the moment can be; if not, the form says why not, and asks for a reason where one is enough."""
        if not judged.sentences or (judged.may_anyway and self.why.data):
            return True
        self.day.errors = [" ".join(judged.sentences)]
        if judged.may_anyway:
            self.why.errors = [str(lazy_gettext("Schrijf waarom u toch dit moment kiest."))]
        return False


class MoveForm(MomentForm):
    """Another moment for a talk."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="verzetten", **kwargs)


class RefuseForm(DeskForm):
    """Why the answer is no, to a talk that waits or to another moment; the visitor reads it in the mail."""

    reason = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="weigeren", **kwargs)


class GiveForm(DeskForm):
    """To whom a talk goes, and why; colleagues read the reason, the visitor does not."""

    advisor = SelectField(
        lazy_gettext("Collega"), [Wanted(lazy_gettext("Kies een collega."))], validate_choice=True
    )
    why = LineField(
        lazy_gettext("Waarom draagt u over?"),
        [
            Wanted(lazy_gettext("Schrijf waarom u het gesprek overdraagt.")),
            AtMost("reason", lazy_gettext("Uw reden")),
        ],
    )

    def __init__(self, colleagues: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(prefix="overdragen", **kwargs)
        nobody = SelectChoice("", str(lazy_gettext("Kies een collega")))
        self.advisor.choices = [nobody, *(SelectChoice(str(number), name) for number, name in colleagues)]


class PlaceForm(DeskForm):
    """Where a talk is held."""

    place = ChoiceField(
        lazy_gettext("Waar is het gesprek?"), [Wanted(lazy_gettext("Kies een plek."))], choices=[]
    )
    location = LineField(lazy_gettext("Adres"), [AtMost("location", lazy_gettext("De plek"))])

    def __init__(self, places: Iterable[str], **kwargs: Any) -> None:
        super().__init__(prefix="plek", **kwargs)
        self.place.choices = [SelectChoice(place, place_name(place)) for place in places]

    def validate_location(self, field: Field) -> None:
        """A talk elsewhere needs to say where.

        Raises:
            StopValidation: the place is missing.
        """
        if not field.data and self.place.data in set(map(str, NEEDS_LOCATION)):
            raise StopValidation(str(lazy_gettext("Vul in waar u afspreekt.")))

    @property
    def chosen(self) -> tuple[Place, str | None]:
        """The place, and the address where it has one."""
        place = Place(self.place.data)
        return place, (self.location.data or None) if place in NEEDS_LOCATION else None


class EndSeriesForm(DeskForm):
    """Why the rest of a series is called off; the visitor reads it in the mail."""

    reason = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="reeks", **kwargs)


class OutcomeForm(DeskForm):
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
