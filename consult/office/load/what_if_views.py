"""“Wat als iemand weg is?”: the question and the answer on one page; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, render_template, request

from consult import clock
from consult.contact.rules.versions import current_version, rules_of
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.load.forms import WhatIfForm
from consult.office.load.what_if import suppose
from consult.office.rules.steps import step_reason
from consult.people.models import Advisor
from consult.people.services import active_advisors
from consult.web import current, dates

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/als-iemand-weg-is")
def what_if(who: Coordinator) -> ResponseReturnValue:
    """The form, and what the absence would do when it was asked."""
    del who
    now, zone = clock.now(), current.settings().timezone
    people = active_advisors(db.session)
    form = WhatIfForm(
        request.args,
        advisors=[(each.id, each.name) for each in people],
        today=dates.local_date(now, zone),
    )
    asked = bool(request.args) and form.validate()
    outcome = suppose(db.session, form.supposed(zone), zone=zone, now=now) if asked else None
    titles = {each.id or 0: each.name for each in rules_of(current_version(db.session))}
    text = render_template(
        "office/what-if.html",
        form=form,
        outcome=outcome,
        away=db.session.get_one(Advisor, int(form.wie.data)) if outcome else None,
        names={each.id: each.name for each in people},
        why={each.enquiry.id: step_reason(each.decision, titles) for each in outcome.questions}
        if outcome
        else {},
    )
    return make_response(text, 422 if form.errors else 200)
