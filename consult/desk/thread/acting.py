"""What every act on one question shares: who may, the page again when it did not work, and back to the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, url_for

from consult.contact.models import Enquiry, EnquiryState
from consult.database import db
from consult.desk import services
from consult.desk.guard import NotYours
from consult.desk.thread.page import render

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.desk.guard import Colleague
    from consult.people.models import Advisor
    from consult.web.forms import DeskForm


def to_act_on(who: Colleague, reference: str) -> tuple[Enquiry, Advisor]:
    """The question, held until the end of the transaction, and who acts.

    Raises:
        NotYours: it belongs to somebody else, or to nobody yet.
    """
    held = services.enquiry_held(db.session, reference) or abort(404)
    if who.advisor is None or not who.may_act_for(held.advisor_id):
        raise NotYours(reference, held.advisor, href(reference))
    return held, who.advisor


def show(
    who: Colleague, reference: str, *, sent: DeskForm | None = None, situation: str = "", status: int = 422
) -> Response:
    """The question's page; with a form that did not fit, or what stood in the way of an act."""
    shown = services.enquiry_shown(db.session, reference)
    if shown is None or (shown.state == EnquiryState.HELD and shown.spam_at is None):
        abort(404)
    text = render(db.session, who, shown, sent=sent, situation=situation)
    return make_response(text, status if sent is not None or situation else 200)


def done(reference: str, anchor: str | None = None) -> ResponseReturnValue:
    """Back to the thread, after an act that worked."""
    return redirect(href(reference, anchor), 303)


def href(reference: str, anchor: str | None = None) -> str:
    """The address of a question at the desk."""
    return url_for("desk.enquiry", reference=reference, _anchor=anchor)
