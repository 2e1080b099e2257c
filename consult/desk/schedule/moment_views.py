"""Why a moment is not free: a form that only asks, and the reasons in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult import clock
from consult.booking.offering import Wish, bookable_advisors
from consult.booking.reasons import why_not
from consult.booking.services import active_meeting_types
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, page
from consult.web import current
from consult.web.forms import BaseForm
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from consult.booking.models import MeetingType


class MomentForm(BaseForm):
    """A kind of talk and a moment on our clock; changes nothing, so it needs no token."""

    class Meta(BaseForm.Meta):
        """WTForms' settings."""

        csrf = False

    soort = SelectField(_l("Soort gesprek"), validate_choice=True)
    op = DateTimeLocalField(_l("Dag en tijd"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    def __init__(self, kinds: Iterable[MeetingType]) -> None:
        super().__init__(formdata=request.args or None)
        self.soort.choices = [SelectChoice(kind.slug, kind.name) for kind in kinds]

    def validate_op(self, field: Field) -> None:
        """Refuse what no calendar reaches.

        Raises:
            StopValidation: nothing was chosen, or a year out of reach.
        """
        if field.data is None or not 1970 < field.data.year < 9000:
            field.errors = []
            raise StopValidation(str(_l("Kies een dag en een tijd.")))


@page("/moment")
def moment(who: Colleague) -> ResponseReturnValue:
    """The form, and what stands in the way of the moment asked for; a coordinator without talks asks for everybody."""
    kinds = {kind.slug: kind for kind in active_meeting_types(db.session)}
    form = MomentForm(kinds.values())
    found: list[tuple[str, list[str]]] = []
    is_asked = bool(request.args)
    if is_asked and form.validate():
        at = form.op.data
        zone = current.settings().timezone
        starts_at = instant_of(at.date(), at.time(), ZoneInfo(zone))
        ids = (who.advisor.id,) if who.advisor else bookable_advisors(db.session)
        reasons = why_not(db.session, Wish(kinds[form.soort.data], ids, zone), starts_at, now=clock.now())
        names = {number: name for number, name, _active in services.colleagues(db.session)}
        found = [(names[number], sentences) for number, sentences in reasons.items()]
    text = render_template("desk/moment.html", form=form, found=found)
    return make_response(text, 422 if form.errors else 200)
