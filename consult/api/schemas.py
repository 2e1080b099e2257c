"""What comes in through the API, checked with the same rules and lengths as the forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from flask_babel import gettext, lazy_gettext
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from consult.api.fault_words import fault_words
from consult.api.problems import invalid
from consult.booking.forms import MOST_GUESTS
from consult.booking.models import Place
from consult.contact.models import Channel
from consult.web.addresses import normal_email, normal_phone
from consult.web.text import LENGTHS, clean, is_one_line


def _clean(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _one_line(value: str) -> str:
    if not is_one_line(value):
        raise ValueError(gettext("Gebruik één regel."))
    return value


def _email(value: str) -> str:
    normal = normal_email(value)
    if normal is None:
        raise ValueError(gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."))
    return normal


def _phone(value: str) -> str:
    normal = normal_phone(value)
    if normal is None:
        raise ValueError(gettext("Dit telefoonnummer klopt niet."))
    return normal


def _written_as(pattern: str, told: Any) -> BeforeValidator:
    """Only a text of this form: pydantic also reads a number of seconds as a date."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(str(told))
        return value

    return BeforeValidator(check)


def _instant(value: datetime) -> datetime:
    if not 1970 < value.year < 9000:
        raise ValueError(gettext("Dit moment bestaat niet."))
    return value.astimezone(UTC)


def _most(name: str) -> Any:
    return Field(min_length=1, max_length=LENGTHS[name])


ON = r"\d{4}-\d\d-\d\d"
AT = ON + r"T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?"
WRITE_A_DATE = lazy_gettext("Schrijf een datum als 2026-11-19.")
WRITE_AN_INSTANT = lazy_gettext("Schrijf een moment als 2026-11-19T09:00:00Z.")

Text = Annotated[str, BeforeValidator(_clean)]
Line = Annotated[str, BeforeValidator(_clean), AfterValidator(_one_line)]
Email = Annotated[
    str,
    BeforeValidator(_clean),
    Field(max_length=LENGTHS["email"]),
    AfterValidator(_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": LENGTHS["email"]}),
]
Phone = Annotated[str, BeforeValidator(_clean), Field(max_length=LENGTHS["phone"]), AfterValidator(_phone)]
Instant = Annotated[AwareDatetime, _written_as(AT, WRITE_AN_INSTANT), AfterValidator(_instant)]
Day = Annotated[date, _written_as(ON, WRITE_A_DATE)]
HoldKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]


class Incoming(BaseModel):
    """The base of everything that comes in: camelCase names, and no name that is not known."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


Shape = TypeVar("Shape", bound=Incoming)
# Who has more to mend than this reads the documentation first.
MOST_FAULTS = 20


class EnquiryIn(Incoming):
    """A question."""

    question: Annotated[Text, _most("question")]
    name: Annotated[Line, _most("name")]
    channel: Channel = Channel.EMAIL
    email: Email | None = None
    phone: Phone | None = None
    reachable: Annotated[Line, _most("reachable")] | None = None
    organisation: Annotated[Line, _most("organisation")] | None = None
    topic: Slug | None = None
    advisor: Slug | None = None
    page: Slug | None = None
    urgent: StrictBool = False
    needs: Annotated[Line, _most("needs")] | None = None

    @model_validator(mode="after")
    def _can_be_answered(self) -> EnquiryIn:
        if self.channel == Channel.EMAIL and self.email is None:
            raise ValueError(gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."))
        if self.channel != Channel.EMAIL and self.phone is None:
            raise ValueError(gettext("Vul een telefoonnummer in."))
        return self


class BookingIn(Incoming):
    """A talk."""

    meeting_type: Slug
    start: Instant
    advisor: Slug | None = None
    page: Slug | None = None
    place: Place | None = None
    name: Annotated[Line, _most("name")]
    email: Email
    phone: Phone | None = None
    location: Annotated[Line, _most("location")] | None = None
    organisation: Annotated[Line, _most("organisation")] | None = None
    topic: Slug | None = None
    note: Annotated[Text, _most("note")] | None = None
    guests: Annotated[tuple[Email, ...], Field(max_length=MOST_GUESTS)] = ()
    hold: HoldKey | None = None


class HoldIn(Incoming):
    """A moment to keep; ``hold`` is a key that was given out before."""

    meeting_type: Slug
    start: Instant
    advisor: Slug | None = None
    page: Slug | None = None
    hold: HoldKey | None = None


class MoveIn(Incoming):
    """Another moment."""

    start: Instant


class CancelIn(Incoming):
    """A reason, if there is one."""

    reason: Annotated[Line, _most("reason")] | None = None


class SlotsQuery(Incoming):
    """Which moments are asked for; both dates are included."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    meeting_type: Annotated[Slug, Field(alias="meetingType")]
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    advisor: Slug | None = None
    page: Slug | None = None


def read(shape: type[Shape], given: object) -> Shape:
    """The checked value; problem 422 with a pointer to each fault."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise invalid(
            [
                {"pointer": "/" + "/".join(map(str, each["loc"])), "detail": fault_words(each)}
                for each in error.errors(include_url=False)[:MOST_FAULTS]
            ]
        ) from None
