"""The forms of a visitor: plan a talk in two steps, move it, cancel it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, SubmitField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.booking.models import Place
from consult.web.addresses import check_email, check_phone, normal_email
from consult.web.forms import AtMost, ChoiceField, LineField, ParagraphsField, PublicForm, Wanted
from consult.web.text import LENGTHS
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wtforms import Field, Form

    from consult.booking.models import MeetingType
    from consult.people.models import Topic

PLACE_LABELS = {
    Place.VIDEO: _l("Via een videogesprek"),
    Place.PHONE: _l("Per telefoon"),
    Place.OFFICE: _l("Bij ons op kantoor"),
    Place.VISIT: _l("Bij u op locatie"),
    Place.NEUTRAL: _l("Op een neutrale plek"),
}
MOST_GUESTS = 5
NEEDS_LOCATION = frozenset({Place.VISIT, Place.NEUTRAL})


def moment_value(start: datetime) -> str:
    """A moment as a form and the API carry it: RFC 3339 in UTC."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_colleague(value: str | None) -> tuple[str, str | None]:
    """A moment as a form carries it, and the name in addresses of the colleague with whom it is to be, if any."""
    moment, _, slug = (value or "").partition("|")
    return moment, slug or None


def read_moment(value: str | None) -> datetime | None:
    """The instant that a form or the API names; None when it is none, or has no zone."""
    try:
        at = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and 1970 < at.year < 9000 else None


def check_moment(form: Form, field: Field) -> None:
    """WTForms validator: the field names an instant.

    Raises:
        StopValidation: nothing was chosen, or it is no instant.
    """
    del form
    if read_moment(field.data) is None:
        raise StopValidation(str(_l("Kies een moment.")))


def read_guests(text: str | None) -> list[str]:
    """The mail addresses of colleagues as people type them: one a line, or with commas, semicolons or spaces."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text or "") if part))


def name_field() -> LineField:
    """Who somebody is."""
    return LineField(
        _l("Uw naam"),
        [Wanted(_l("Vul uw naam in.")), AtMost("name", _l("Uw naam"))],
        render_kw={"autocomplete": "name"},
    )


def email_field() -> LineField:
    """Where the invitation goes."""
    return LineField(
        _l("Uw e-mailadres"),
        [
            Wanted(_l("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")),
            AtMost("email", _l("Uw e-mailadres")),
            check_email,
        ],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


def pot_field() -> StringField:
    """What people leave empty: they do not see it, and machines fill in whatever there is.

    Behind a personal link no form needs it. Whoever uses the API has a form of its own; its texts are weighed the same.
    """
    return StringField(_l("Laat dit veld leeg"))


class ChooseForm(PublicForm):
    """Step 1: one of the moments."""

    slot = LineField(_l("Moment"), [check_moment])
    submit = SubmitField(_l("Kies dit moment"))


class BookingForm(PublicForm):
    """Who comes, where, and what about; the moment was chosen one page earlier."""

    people_need_time = True
    guest_addresses: tuple[str, ...] = ()

    slot = LineField(_l("Moment"), [check_moment])
    place = ChoiceField(
        _l("Hoe wilt u elkaar spreken?"), [Wanted(_l("Kies hoe u elkaar wilt spreken."))], choices=[]
    )
    name = name_field()
    email = email_field()
    phone = LineField(
        _l("Uw telefoonnummer"),
        [AtMost("phone", _l("Uw telefoonnummer")), check_phone],
        render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )
    location = LineField(_l("Waar spreken wij af?"), [AtMost("location", _l("De plek"))])
    note = ParagraphsField(
        _l("Waar wilt u het over hebben?"),
        [AtMost("note", _l("Uw toelichting"))],
        render_kw={"rows": 4},
    )
    topic = SelectField(_l("Onderwerp"), validate_choice=False)
    guests = ParagraphsField(
        _l("E-mailadressen van collega’s"),
        [AtMost("guests", _l("De lijst met collega’s"))],
        render_kw={"rows": 2, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"},
    )
    website = pot_field()
    submit = SubmitField(_l("Bevestig de afspraak"))

    def offer(self, meeting_type: MeetingType, topics: Iterable[Topic], language: str) -> None:
        """Set the topics and the places of this kind of talk; a single place is chosen already."""
        self.topic.choices = [
            SelectChoice("", _l("Kies een onderwerp")),
            *(
                SelectChoice(topic.slug, topic.name if language == "nl" else topic.name_en)
                for topic in topics
            ),
        ]
        self.place.choices = [
            SelectChoice(place, PLACE_LABELS[Place(place)]) for place in meeting_type.places
        ]
        if not self.place.data and len(meeting_type.places) == 1:
            self.place.data = meeting_type.places[0]

    def validate_phone(self, field: Field) -> None:
        """A talk by telephone needs a number.

        Raises:
            StopValidation: the number is missing.
        """
        if not field.data and self.place.data == Place.PHONE:
            raise StopValidation(str(_l("Vul uw telefoonnummer in. Wij bellen u.")))

    def validate_guests(self, field: Field) -> None:
        """At most five colleagues, each with an address that works; the visitor is invited already.

        Raises:
            StopValidation: with the address that is wrong, or with how many are too many.
        """
        guests = [(typed, normal_email(typed)) for typed in read_guests(field.data)]
        for typed, normal in guests:
            if normal is None:
                raise StopValidation(
                    gettext("Dit e-mailadres klopt niet: %(address)s", address=typed[: LENGTHS["email"]])
                )
        own = (self.email.data or "").lower()
        self.guest_addresses = tuple(
            {normal.lower(): normal for _typed, normal in guests if normal and normal.lower() != own}.values()
        )
        if len(self.guest_addresses) > MOST_GUESTS:
            raise StopValidation(gettext("Nodig ten hoogste %(number)s collega’s uit.", number=MOST_GUESTS))

    def validate_location(self, field: Field) -> None:
        """A talk elsewhere needs to say where.

        Raises:
            StopValidation: the place is missing.
        """
        if not field.data and self.place.data in NEEDS_LOCATION:
            raise StopValidation(str(_l("Vul in waar wij afspreken.")))


class MoveForm(PublicForm):
    """Another moment for a talk."""

    slot = LineField(_l("Nieuw moment"), [check_moment])
    submit = SubmitField(_l("Verzet de afspraak"))


class CancelForm(PublicForm):
    """Cancel a talk, with a reason if the visitor wants to give one."""

    reason = LineField(_l("Waarom zegt u af?"), [AtMost("reason", _l("De reden"))])
    submit = SubmitField(_l("Ja, zeg de afspraak af"))


class DayField(DateField):
    """A date; what cannot be read as one counts as not filled in."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed or picked."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class HourField(TimeField):
    """A time of the day; what cannot be read as one counts as not filled in."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed or picked."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class ProposeForm(PublicForm):
    """Another moment than those on offer, in the visitor's own words of day and hour."""

    day = DayField(
        _l("Welke dag stelt u voor?"), [Wanted(_l("Vul een datum in."))], render_kw={"autocomplete": "off"}
    )
    hour = HourField(_l("Hoe laat?"), [Wanted(_l("Vul een tijd in, bijvoorbeeld 14.00."))])
    comment = LineField(_l("Wilt u er iets bij zeggen?"), [AtMost("reason", _l("Uw toelichting"))])
    submit = SubmitField(_l("Verstuur uw voorstel"))

    def starts_at(self, zone: str) -> datetime:
        """The instant, when the form is valid: the day and the hour on the clock of ``zone``."""
        return instant_of(self.day.data, self.hour.data, ZoneInfo(zone))
