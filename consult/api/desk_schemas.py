"""What programs with a key send and ask about the desk and the office, checked like the forms there."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from consult.api.paging import Paged
from consult.api.payloads.enquiries import ShownState  # noqa: TC001 (pydantic reads it)
from consult.api.schemas import Day, Incoming, Line, Slug, Text
from consult.booking.models import BookingState, Outcome  # noqa: TC001 (pydantic reads it)
from consult.web.text import LENGTHS

Words = Annotated[Text, Field(max_length=LENGTHS["title"])]


class EnquiriesQuery(Paged):
    """Which questions are asked for; ``late``: what was promised is over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: ShownState | None = None
    advisor: Slug | None = None
    topic: Slug | None = None
    urgent: bool | None = None
    late: bool = False
    search: Words | None = None


class BookingsQuery(Paged):
    """Which talks are asked for; both dates are included."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: BookingState | None = None
    advisor: Slug | None = None
    meeting_type: Annotated[Slug | None, Field(alias="meetingType")] = None
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


class OfficeQuery(Paged):
    """Which organisations or people are asked for; ``search`` is a part of the name."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    search: Words | None = None


class PeopleQuery(OfficeQuery):
    """Which people are asked for: all, or those at one organisation."""

    organisation: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class NothingIn(Incoming):
    """Nothing needs to be said."""


class AnswerIn(Incoming):
    """What the visitor reads."""

    text: Annotated[Text, Field(min_length=1, max_length=LENGTHS["message"])]


class NoteIn(Incoming):
    """What colleagues read."""

    text: Annotated[Text, Field(min_length=1, max_length=LENGTHS["note"])]


class HandOverIn(Incoming):
    """To whom, why, and what the next one must know."""

    advisor: Slug
    reason: Annotated[Line, Field(min_length=1, max_length=LENGTHS["reason"])]
    note: Annotated[Text, Field(min_length=1, max_length=LENGTHS["note"])]


class OutcomeIn(Incoming):
    """What came of a talk, and when to look back."""

    outcome: Outcome
    text: Annotated[Text, Field(max_length=LENGTHS["note"])] | None = None
    next_step: Annotated[Line, Field(max_length=LENGTHS["reason"])] | None = None
    follow_up_on: Day | None = None
