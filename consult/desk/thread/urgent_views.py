"""Where the mail about a question that cannot wait leads: take it, or read who was first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, url_for

from consult import clock
from consult.contact import urgent
from consult.contact.models import EnquiryState
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, page
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.contact.models import Enquiry


@page("/vragen/<reference>/haast")
def urgent_enquiry(who: Colleague, reference: str) -> ResponseReturnValue:
    """What is asked and needed, with one button."""
    shown = services.enquiry_shown(db.session, reference)
    if shown is None or not shown.urgent or shown.state == EnquiryState.HELD:
        abort(404)
    return make_response(_page(who, shown), 200)


@page("/vragen/<reference>/haast/oppakken", methods=("POST",))
def take_urgent(who: Colleague, reference: str) -> ResponseReturnValue:
    """Have it from now on; who comes second reads who was first."""
    held = services.enquiry_held(db.session, reference) or abort(404)
    if who.advisor is None:
        abort(403)
    try:
        urgent.take(db.session, held, who.advisor, settings=current.settings(), now=clock.now())
    except urgent.AlreadyTaken:
        return make_response(_page(who, held), 409)
    db.session.commit()
    return redirect(url_for("desk.enquiry", reference=reference), 303)


def _page(who: Colleague, enquiry: Enquiry) -> str:
    return render_template(
        "desk/urgent.html",
        enquiry=enquiry,
        may_take=who.advisor is not None and urgent.is_open_to_all(enquiry),
    )
