"""Move or cancel one talk, on its own or out of a series: the same two pages, with another way back.

``token`` opens the talk, or the series that ``reference`` names a talk of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR
from consult.booking import moments, services
from consult.booking.forms import CancelForm, MoveForm, read_moment
from consult.booking.hosts import with_whom
from consult.booking.placing import SlotTaken
from consult.database import db
from consult.web import current
from consult.web.private import private

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from consult.availability import Slot
    from consult.booking.models import Booking


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk on its page: where its own pages are, and whether it is one of a series."""

    talk: Booking
    token: str
    of_series: bool = False

    @property
    def back(self) -> str:
        """The page it is reached from."""
        return url_for("series.own_page" if self.of_series else "booking.own_page", token=self.token)

    @property
    def whom(self) -> str:
        """With whom it is."""
        return with_whom(self.talk, current.language())

    def more(self, **args: Any) -> str:
        """The page to move it, with other moments."""
        if self.of_series:
            return url_for("series.move", token=self.token, reference=self.talk.reference, **args)
        return url_for("booking.move", token=self.token, **args)


def move_page(shown: Shown) -> AnyResponse:
    """Choose another moment; the others of a series stay where they are."""
    form, now = MoveForm(), clock.now()
    if not form.validate_on_submit():
        return _moments_page(shown, form, 422 if form.errors else 200)
    wanted = read_moment(form.slot.data) or now
    try:
        services.move(db.session, shown.talk, wanted, actor=VISITOR, settings=current.settings(), now=now)
    except SlotTaken as taken:
        db.session.rollback()
        form.slot.errors = [gettext("Dit moment is net bezet. Kies een ander moment.")]
        return _moments_page(shown, form, 409, taken.alternatives)
    except (services.TooLate, services.Cancelled):
        db.session.rollback()
        return redirect(shown.back, 303)
    db.session.commit()
    return redirect(f"{shown.back}?nieuw=1" if not shown.of_series else shown.back, 303)


def cancel_page(shown: Shown) -> AnyResponse:
    """Ask once more, then cancel."""
    form = CancelForm()
    if not form.validate_on_submit():
        return private(
            render_template("booking/cancel.html", shown=shown, form=form), 422 if form.errors else 200
        )
    reason, now = form.reason.data or None, clock.now()
    try:
        services.cancel(
            db.session, shown.talk, reason=reason, actor=VISITOR, settings=current.settings(), now=now
        )
    except services.TooLate:
        db.session.rollback()
    else:
        db.session.commit()
    return redirect(shown.back, 303)


def _moments_page(shown: Shown, form: MoveForm, status: int, alternatives: tuple[Slot, ...] = ()) -> Response:
    offered = moments.page_for_move(db.session, shown.talk, request.args, alternatives, now=clock.now())
    return private(render_template("booking/move.html", shown=shown, form=form, offered=offered), status)
