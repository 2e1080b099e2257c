"""What a coordinator fills in about a group session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from consult.booking.forms import NEEDS_LOCATION, DayField, HourField
from consult.booking.groups.details import Details
from consult.booking.groups.models import CAPACITY, WAITING_CAPACITY
from consult.booking.groups.seats import NewSeat
from consult.booking.models import Place
from consult.desk.items import place_name
from consult.timespan import Span
from consult.web.addresses import check_email
from consult.web.forms import AtMost, ChoiceField, DeskForm, LineField, ParagraphsField, Wanted
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

MOST_SEATS = 1000


class WhenForm(DeskForm):
    """A day and two times; ``outside_hours`` lets it be an evening or a weekend."""

    on = DayField(_l("Dag"), [Wanted(_l("Vul een datum in."))])
    starts = HourField(_l("Van"), [Wanted(_l("Vul een tijd in, bijvoorbeeld 14.00."))])
    ends = HourField(_l("Tot"), [Wanted(_l("Vul een tijd in, bijvoorbeeld 16.00."))])
    outside_hours = BooleanField(_l("Het mag buiten werktijd zijn"))

    def __init__(self, prefix: str = "wanneer", **kwargs: Any) -> None:
        super().__init__(prefix=prefix, **kwargs)

    def validate_ends(self, field: Field) -> None:
        """The end comes after the start.

        Raises:
            StopValidation: it does not.
        """
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise StopValidation(str(_l("De eindtijd ligt voor de begintijd.")))

    def validate_on(self, field: Field) -> None:
        """The day is within reach of a calendar.

        Raises:
            StopValidation: it is not.
        """
        if field.data and not 1970 < field.data.year < 9000:
            raise StopValidation(str(_l("Vul een datum in.")))

    def span(self, zone: str) -> Span:
        """The time, when the form is valid, on the clock of ``zone``."""
        tz = ZoneInfo(zone)
        return Span(*(instant_of(self.on.data, each.data, tz) for each in (self.starts, self.ends)))


class AboutForm(DeskForm):
    """What the session is; ``handouts`` are the files that can be sent afterwards."""

    title = LineField(_l("Titel"), [Wanted(_l("Vul een titel in.")), AtMost("subject", _l("De titel"))])
    title_en = LineField(_l("Titel in het Engels"), [AtMost("subject", _l("De titel"))])
    description = ParagraphsField(
        _l("Waar gaat het over?"), [AtMost("note", _l("De tekst"))], render_kw={"rows": 4}
    )
    description_en = ParagraphsField(
        _l("Waar gaat het over, in het Engels?"), [AtMost("note", _l("De tekst"))], render_kw={"rows": 3}
    )
    place = ChoiceField(_l("Waar is het?"), [Wanted(_l("Kies een plek."))], choices=[])
    location = LineField(_l("Adres"), [AtMost("location", _l("De plek"))])
    conference_url = LineField(
        _l("Link naar het videogesprek"), [AtMost("location", _l("De link"))], render_kw={"inputmode": "url"}
    )
    handout = SelectField(_l("Hand-out"), validate_choice=True)
    handout_title = LineField(_l("Naam van de hand-out"), [AtMost("subject", _l("De naam"))])

    def __init__(self, handouts: Iterable[str], prefix: str = "over", **kwargs: Any) -> None:
        super().__init__(prefix=prefix, **kwargs)
        self.place.choices = [
            SelectChoice(str(each), place_name(each)) for each in Place if each != Place.PHONE
        ]
        nothing = SelectChoice("", str(_l("Geen hand-out")))
        self.handout.choices = [nothing, *(SelectChoice(path, path.rpartition("/")[2]) for path in handouts)]

    def validate_location(self, field: Field) -> None:
        """A session elsewhere needs to say where.

        Raises:
            StopValidation: the place is missing.
        """
        if not field.data and self.place.data in set(map(str, NEEDS_LOCATION)):
            raise StopValidation(str(_l("Vul in waar het is.")))

    def validate_conference_url(self, field: Field) -> None:
        """A link is one to a page.

        Raises:
            StopValidation: it begins with something else than https.
        """
        if field.data and not field.data.startswith("https://"):
            raise StopValidation(str(_l("Een link begint met https://.")))

    def validate_handout_title(self, field: Field) -> None:
        """A hand-out needs a name to show.

        Raises:
            StopValidation: it is missing.
        """
        if self.handout.data and not field.data:
            raise StopValidation(str(_l("Geef de hand-out een naam.")))

    @property
    def details(self) -> Details:
        """What the session is, when the form is valid; without English words the Dutch ones serve."""
        return Details(
            title=self.title.data,
            title_en=self.title_en.data or self.title.data,
            description=self.description.data or "",
            description_en=self.description_en.data or self.description.data or "",
            place=Place(self.place.data),
            location=self.location.data or None,
            conference_url=self.conference_url.data or None,
            handout=self.handout.data or None,
            handout_title=(self.handout_title.data or None) if self.handout.data else None,
        )


class NumbersForm(DeskForm):
    """How many may come, and how many may wait."""

    capacity = IntegerField(_l("Aantal plaatsen"), default=CAPACITY)
    waiting_capacity = IntegerField(_l("Plaatsen op de wachtlijst"), default=WAITING_CAPACITY)

    def __init__(self, prefix: str = "aantal", **kwargs: Any) -> None:
        super().__init__(prefix=prefix, **kwargs)

    def validate_capacity(self, field: Field) -> None:
        """At least one seat.

        Raises:
            StopValidation: another number, or none.
        """
        if field.data is None or not 1 <= field.data <= MOST_SEATS:
            field.errors = []
            raise StopValidation(str(_l("Vul een getal van 1 tot 1000 in.")))

    def validate_waiting_capacity(self, field: Field) -> None:
        """Nobody may wait, or some.

        Raises:
            StopValidation: another number, or none.
        """
        if field.data is None or not 0 <= field.data <= MOST_SEATS:
            field.errors = []
            raise StopValidation(str(_l("Vul een getal van 0 tot 1000 in.")))


class PlanGroupForm(WhenForm, AboutForm, NumbersForm):
    """Everything about a new session."""

    hosts = SelectMultipleField(
        _l("Door wie?"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )

    def __init__(self, handouts: Iterable[str], people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(handouts=handouts, prefix="nieuw", **kwargs)
        self.hosts.choices = [SelectChoice(str(number), name) for number, name in people]

    def validate_hosts(self, field: Field) -> None:
        """Somebody who works here holds it.

        Raises:
            StopValidation: nobody was chosen.
        """
        offered = {str(choice.value) for choice in self.hosts.choices}
        if not field.data or not set(field.data) <= offered:
            raise StopValidation(str(_l("Kies wie de bijeenkomst houdt.")))


class CallOffForm(DeskForm):
    """Why a session is called off; everybody reads it in the mail."""

    reason = LineField(_l("Reden"), [AtMost("reason", _l("Uw reden"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="afzeggen", **kwargs)


class HostForm(DeskForm):
    """Who hosts in the place of whom."""

    before = SelectField(_l("In plaats van"), validate_choice=True)
    after = SelectField(_l("Wie neemt het over?"), validate_choice=True)
    outside_hours = BooleanField(_l("Het mag buiten werktijd zijn"))

    def __init__(
        self, hosts: Iterable[tuple[int, str]], others: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(prefix="gastheer", **kwargs)
        self.before.choices = [SelectChoice(str(number), name) for number, name in hosts]
        self.after.choices = [SelectChoice(str(number), name) for number, name in others]


class SeatForm(DeskForm):
    """Somebody whom the desk signs up."""

    name = LineField(_l("Naam"), [Wanted(_l("Vul een naam in.")), AtMost("name", _l("De naam"))])
    email = LineField(
        _l("E-mailadres"),
        [
            Wanted(_l("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")),
            AtMost("email", _l("Het e-mailadres")),
            check_email,
        ],
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    organisation = LineField(_l("Organisatie"), [AtMost("organisation", _l("De organisatie"))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="plaats", **kwargs)

    @property
    def seat(self) -> NewSeat:
        """Who comes, when the form is valid."""
        return NewSeat(
            form_key=self.form_key,
            name=self.name.data,
            email=self.email.data,
            organisation=self.organisation.data or None,
        )
