"""The inbox: one view at a time, with what is asked of it in the address; and one act on several questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, render_template
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.desk import items, services
from consult.desk.guard import Colleague, page
from consult.desk.inbox import address, bulk, queries
from consult.desk.inbox.counting import counts
from consult.desk.inbox.forms import BulkForm, receiver_choices
from consult.desk.inbox.moments import start_of_day
from consult.desk.inbox.views_of import View
from consult.web import current

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.desk.inbox.queries import Asked

# The colleagues' questions are named by who has them.
NAMES_ADVISOR = frozenset({View.TEAM, View.ALL, View.SPAM})


@page("/vragen")
def inbox(who: Colleague) -> ResponseReturnValue:
    """One view of the inbox; view, search, filters and page stand in the address."""
    return _show(who, address.asked_for())


@page("/vragen/samen", methods=("POST",), keeps_text=True)
def bulk_act(who: Colleague) -> ResponseReturnValue:
    """Close, put off, hand over or put away the questions that were ticked."""
    asked, form = address.asked_for(), _form(who)
    fault = form.fault() if form.validate_on_submit() else gettext("Dat lukte niet. Probeer het nog eens.")
    if fault is not None:
        return _show(who, asked, form=form, fault=fault)
    act, now = bulk.Act(form.act.data), clock.now()
    until = start_of_day(form.until.data, current.settings().timezone) if form.until.data else None
    order = bulk.Order(act, until, form.receiver.data or "", form.why.data or "", form.note.data or "")
    chosen = form.chosen.data or []
    done = bulk.carry_out(db.session, who, chosen, order, settings=current.settings(), now=now)
    db.session.commit()
    told = address.told(act, done, len(set(chosen)) - len(done))
    return redirect(address.href(asked, told), 303)


def _form(who: Colleague) -> BulkForm:
    everyone = services.colleagues(db.session)
    people = [(number, name) for number, name, active in everyone if active and number != who.advisor_id]
    return BulkForm(receiver_choices(people, services.teams(db.session)))


def _show(
    who: Colleague, asked: Asked, *, form: BulkForm | None = None, fault: str | None = None
) -> Response:
    now = clock.now()
    listed = queries.inbox(db.session, who, asked, now=now)
    may_tick = who.advisor is not None and (who.coordinator or asked.view is not View.TEAM)
    text = render_template(
        "desk/inbox.html",
        asked=asked,
        view=asked.view,
        tabs=_tabs(who, asked),
        items=[
            items.inbox_item(row, now, name_advisor=asked.view in NAMES_ADVISOR, may_tick=may_tick)
            for row in listed.rows
        ],
        pages=address.pages(listed, asked),
        href=address.href,
        everywhere=address.href(address.changed(asked, view=View.ALL)),
        unfiltered=address.href(queries.Asked(asked.view)),
        label=labels()[asked.view],
        topics=services.topics(db.session),
        form=form or _form(who) if may_tick else None,
        fault=fault,
        done=address.done(),
        bulk_href=address.href(asked, endpoint="desk.bulk_act"),
        narrowed=address.is_narrowed(asked),
        texts_found=not current.settings().encryption_keys,
    )
    return make_response(text, 422 if fault else 200)


def labels() -> dict[View, str]:
    """The names of the views, in the order of their tabs."""
    return {
        View.MINE: gettext("Mijn vragen"),
        View.NOBODY: gettext("Van niemand"),
        View.TEAM: gettext("Team"),
        View.WAITING: gettext("Wacht op klant"),
        View.SNOOZED: gettext("Uitgesteld"),
        View.DONE: gettext("Klaar"),
        View.ALL: gettext("Alles"),
        View.SPAM: gettext("Spam"),
    }


def _tabs(who: Colleague, asked: Asked) -> list[dict[str, Any]]:
    found = counts(who)
    return [
        {
            "label": label,
            "href": address.href(address.changed(asked, view=view, number=1)),
            "current": view is asked.view,
            "count": found.get(view, 0),
        }
        for view, label in labels().items()
    ]
