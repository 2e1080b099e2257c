"""What the views of the office share when they save: write down who did it, commit, and go back to the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.activity.services import record
from consult.database import db

if TYPE_CHECKING:
    from typing import Any, TypeVar

    from flask.typing import ResponseReturnValue

    from consult.database import Model
    from consult.office.forms import EditForm
    from consult.office.guard import Coordinator

    Row = TypeVar("Row", bound=Model)


def row_or_404(model: type[Row], number: int | None) -> Row | None:
    """The row with this number; held until the transaction ends when it may change. None when none was asked for."""
    if number is None:
        return None
    held = {"of": model} if request.method == "POST" else None
    return db.session.get(model, number, with_for_update=held) or abort(404)


def write_down(who: Coordinator, kind: str, row: Any, what: str) -> None:
    """One row of history about something that is kept in the office, such as ``topic`` and ``saved``."""
    record(db.session, (kind, row.id), f"{kind}.{what}", actor=who.actor, now=clock.now())


def form_page(template: str, form: EditForm, **context: Any) -> ResponseReturnValue:
    """The page of a form, with 422 when something does not fit."""
    return make_response(render_template(template, form=form, **context), 422 if form.errors else 200)


def to_list(endpoint: str) -> ResponseReturnValue:
    """Back to the list, which says that it was saved."""
    return redirect(url_for(endpoint, bewaard=1), 303)
