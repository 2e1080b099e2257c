"""The form of a kind of talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from consult.booking.forms import PLACE_LABELS
from consult.booking.meeting_types import MeetingFacts
from consult.office.forms import EditForm, Ticks
from consult.web.forms import AtMost, LineField, ParagraphsField, Wanted, WholeField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consult.booking.models import MeetingType

HOUR = 60
# What a talk and its buffers may take together at most: the database keeps busy times of up to two days.
LONGEST = 8 * HOUR


class MeetingForm(EditForm):
    """Names, length, where, how often, and who."""

    name = LineField(
        lazy_gettext("Naam"),
        [Wanted(lazy_gettext("Vul een naam in.")), AtMost("name", lazy_gettext("De naam"))],
    )
    name_en = LineField(
        lazy_gettext("Naam in het Engels"),
        [Wanted(lazy_gettext("Vul de Engelse naam in.")), AtMost("name", lazy_gettext("De naam"))],
    )
    description = ParagraphsField(
        lazy_gettext("Uitleg"), [AtMost("note", lazy_gettext("De uitleg"))], render_kw={"rows": 3}
    )
    description_en = ParagraphsField(
        lazy_gettext("Uitleg in het Engels"),
        [AtMost("note", lazy_gettext("De uitleg"))],
        render_kw={"rows": 3},
    )
    minutes = WholeField(lazy_gettext("Lengte in minuten"), low=5, high=LONGEST, default=30)
    step_minutes = WholeField(lazy_gettext("Begint om de zoveel minuten"), low=5, high=240, default=15)
    places = Ticks(lazy_gettext("Waar kan het gesprek zijn?"))
    buffer_before_minutes = WholeField(lazy_gettext("Rust ervoor, in minuten"), low=0, high=240, default=0)
    buffer_after_minutes = WholeField(lazy_gettext("Rust erna, in minuten"), low=0, high=240, default=10)
    notice_hours = WholeField(lazy_gettext("Uiterlijk vooraf, in werkuren"), low=0, high=400, default=4)
    horizon_days = WholeField(lazy_gettext("Hoogstens vooruit, in dagen"), low=1, high=365, default=60)
    per_day = WholeField(
        lazy_gettext("Meeste per adviseur per dag"), low=1, high=50, optional=True, default=4
    )
    per_week = WholeField(
        lazy_gettext("Meeste per adviseur per week"), low=1, high=200, optional=True, default=12
    )
    per_visitor = WholeField(
        lazy_gettext("Meeste open gesprekken per bezoeker"), low=1, high=50, optional=True, default=3
    )
    approval = BooleanField(lazy_gettext("Een adviseur moet het gesprek eerst goedkeuren"))
    series = BooleanField(lazy_gettext("Kan ook als reeks"))
    leader_id = SelectField(lazy_gettext("Wie leidt het gesprek?"))
    host_ids = Ticks(lazy_gettext("Wie doen altijd mee?"), coerce=int)
    active = BooleanField(lazy_gettext("Bezoekers kunnen dit gesprek plannen"), default=True)

    def __init__(
        self, stored: Mapping[str, Any] | None, *, advisors: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(stored, prefix="gesprek", **kwargs)
        people = list(advisors)
        self.places.choices = [SelectChoice(str(place), str(name)) for place, name in PLACE_LABELS.items()]
        self.host_ids.choices = [SelectChoice(number, name) for number, name in people]
        self.leader_id.choices = [
            SelectChoice("", gettext("Eén adviseur, wie aan de beurt is")),
            *(SelectChoice(str(number), name) for number, name in people),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits: there is a place, and who comes along has somebody to lead."""
        fits = super().validate(extra_validators)
        if not self.places.data:
            self.places.errors = [gettext("Kies een plek.")]
        if self.host_ids.data and not self.leader_id.data:
            self.leader_id.errors = [gettext("Kies wie het gesprek leidt.")]
        return fits and not (self.places.errors or self.leader_id.errors)

    def facts(self) -> MeetingFacts:
        """What was typed."""
        own = {name: self[name].data for name in MeetingFacts.__dataclass_fields__ if name in self}
        leader = [int(self.leader_id.data)] if self.leader_id.data else []
        return MeetingFacts(
            **own
            | {
                "notice_minutes": self.notice_hours.data * HOUR,
                "description": self.description.data or "",
                "description_en": self.description_en.data or "",
                "places": tuple(self.places.data),
                "host_ids": tuple(dict.fromkeys([*leader, *(self.host_ids.data or ())])),
            }
        )


def stored(kind: MeetingType) -> dict[str, Any]:
    """What stands in the database, by the names of the fields."""
    own = {name: getattr(kind, name) for name in MeetingFacts.__dataclass_fields__}
    del own["notice_minutes"]
    return own | {
        "notice_hours": -(-kind.notice_minutes // HOUR),
        "places": list(kind.places),
        "leader_id": str(kind.host_ids[0]) if kind.host_ids else "",
        "host_ids": kind.host_ids[1:],
    }
