"""What an advisor fills in to plan a talk for a visitor: the moment, who comes, where, and about what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.booking.forms import MOST_GUESTS, NEEDS_LOCATION, read_guests
from consult.booking.models import Place
from consult.booking.placing import NewBooking
from consult.desk.agenda.talk_forms import MomentForm
from consult.desk.items import place_name
from consult.web.addresses import check_email, check_phone, normal_email
from consult.web.forms import AtMost, ChoiceField, LineField, ParagraphsField, Wanted
from consult.web.text import LENGTHS

if TYPE_CHECKING:
    from datetime import datetime

    from wtforms import Field

    from consult.booking.models import MeetingType
    from consult.contact.models import Enquiry


class PlanForm(MomentForm):
    """Who comes, where and what about; ``kind`` says which places there are."""

    guest_addresses: tuple[str, ...] = ()

    name = LineField(
        _l("Naam"), [Wanted(_l("Vul de naam van de bezoeker in.")), AtMost("name", _l("De naam"))]
    )
    email = LineField(
        _l("E-mailadres"),
        [
            Wanted(_l("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")),
            AtMost("email", _l("Het e-mailadres")),
            check_email,
        ],
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    phone = LineField(
        _l("Telefoonnummer"),
        [AtMost("phone", _l("Het telefoonnummer")), check_phone],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "off"},
    )
    organisation = LineField(_l("Organisatie"), [AtMost("organisation", _l("De organisatie"))])
    place = ChoiceField(_l("Waar is het gesprek?"), [Wanted(_l("Kies een plek."))], choices=[])
    location = LineField(_l("Adres"), [AtMost("location", _l("De plek"))])
    note = ParagraphsField(_l("Waarover"), [AtMost("note", _l("Uw toelichting"))], render_kw={"rows": 3})
    guests = ParagraphsField(
        _l("E-mailadressen van collega’s van de bezoeker"),
        [AtMost("guests", _l("De lijst met collega’s"))],
        render_kw={"rows": 2, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"},
    )
    language = ChoiceField(
        _l("Taal van de mail"),
        choices=[SelectChoice("nl", _l("Nederlands")), SelectChoice("en", _l("Engels"))],
        default="nl",
    )

    def __init__(self, kind: MeetingType, **kwargs: Any) -> None:
        super().__init__(prefix="plannen", **kwargs)
        self.place.choices = [SelectChoice(place, place_name(place)) for place in kind.places]
        if not self.place.data and len(kind.places) == 1:
            self.place.data = kind.places[0]

    def validate_phone(self, field: Field) -> None:
        """A talk by telephone needs a number.

        Raises:
            StopValidation: the number is missing.
        """
        if not field.data and self.place.data == Place.PHONE:
            raise StopValidation(str(_l("Vul het telefoonnummer in. Wij bellen de bezoeker.")))

    def validate_location(self, field: Field) -> None:
        """A talk elsewhere needs to say where.

        Raises:
            StopValidation: the place is missing.
        """
        if not field.data and self.place.data in set(map(str, NEEDS_LOCATION)):
            raise StopValidation(str(_l("Vul in waar u afspreekt.")))

    def validate_guests(self, field: Field) -> None:
        """At most five colleagues, each with an address that works.

        Raises:
            StopValidation: with the address that is wrong, or with how many are too many.
        """
        found = {}
        for typed in read_guests(field.data):
            normal = normal_email(typed)
            if normal is None:
                shown = typed[: LENGTHS["email"]]
                raise StopValidation(gettext("Dit e-mailadres klopt niet: %(address)s", address=shown))
            found[normal.lower()] = normal
        found.pop((self.email.data or "").lower(), None)
        if len(found) > MOST_GUESTS:
            raise StopValidation(gettext("Nodig ten hoogste %(number)s collega’s uit.", number=MOST_GUESTS))
        self.guest_addresses = tuple(found.values())

    def booking(
        self, kind: MeetingType, advisor_ids: tuple[int, ...], starts_at: datetime, enquiry: Enquiry | None
    ) -> NewBooking:
        """The talk that a validated form asks for."""
        place = Place(self.place.data)
        return NewBooking(
            form_key=self.form_key,
            meeting_type=kind,
            advisor_ids=advisor_ids,
            starts_at=starts_at,
            place=place,
            name=self.name.data,
            email=self.email.data,
            phone=self.phone.data or None,
            location=(self.location.data or None) if place in NEEDS_LOCATION else None,
            note=self.note.data or None,
            organisation=self.organisation.data or None,
            topic_id=enquiry.topic_id if enquiry else None,
            page_id=enquiry.page_id if enquiry else None,
            enquiry_id=enquiry.id if enquiry else None,
            language=self.language.data or "nl",
            guests=self.guest_addresses,
            urgent=True,
            freely=self.is_own,
        )
