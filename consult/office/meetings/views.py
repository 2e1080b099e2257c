"""Kinds of talk in the office: the list with what contradicts, and one kind with its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from consult import clock
from consult.booking.meeting_types import (
    HasTalks,
    all_meeting_types,
    delete_meeting_type,
    move_meeting_type,
    save_meeting_type,
)
from consult.booking.models import MeetingType
from consult.booking.reasons import contradictions_of
from consult.contact.rules.versions import current_version, rules_of
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import form_page, row_or_404, write_down
from consult.office.meetings.forms import MeetingForm, stored
from consult.people.services import active_advisors

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/gesprekken")
def meeting_types(who: Coordinator) -> str:
    """Every kind, each with what can never work."""
    del who
    now = clock.now()
    kinds = [(each, contradictions_of(db.session, each, now=now)) for each in all_meeting_types(db.session)]
    return render_template("office/meeting-types.html", kinds=kinds)


@page("/gesprekken/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_meeting_type(who: Coordinator) -> ResponseReturnValue:
    """A new kind of talk."""
    return _edit(who, None)


@page("/gesprekken/<int:number>", methods=("GET", "POST"), keeps_text=True)
def meeting_type(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change a kind of talk; what contradicts is told and not refused."""
    return _edit(who, number)


@page("/gesprekken/<int:number>/weg", methods=("POST",))
def delete_talk_kind(who: Coordinator, number: int) -> ResponseReturnValue:
    """Delete a kind that nobody planned and no rule names."""
    held = row_or_404(MeetingType, number) or abort(404)
    named = [
        each.name
        for each in rules_of(current_version(db.session))
        if number in each.conditions.meeting_type_ids
    ]
    if named:
        return _refused(held, gettext("Deze regels noemen dit gesprek: %(names)s.", names=", ".join(named)))
    write_down(who, "meeting_type", held, "deleted")
    try:
        delete_meeting_type(db.session, held)
    except HasTalks as situation:
        db.session.rollback()
        told = ngettext(
            "Er is %(num)s gesprek van dit soort gepland.",
            "Er zijn %(num)s gesprekken van dit soort gepland.",
            situation.talks,
        )
        return _refused(db.session.get_one(MeetingType, number), told)
    db.session.commit()
    return redirect(url_for("office.meeting_types"), 303)


@page("/gesprekken/<int:number>/doe", methods=("POST",))
def move_talk_kind(who: Coordinator, number: int) -> ResponseReturnValue:
    """One place up or down."""
    del who
    held = row_or_404(MeetingType, number) or abort(404)
    places = {"omhoog": -1, "omlaag": 1}.get(request.form.get("doe", ""))
    if places is None:
        abort(404)
    move_meeting_type(db.session, held, places)
    db.session.commit()
    return redirect(url_for("office.meeting_types"), 303)


def _edit(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(MeetingType, number)
    form = _form(held)
    if form.validate_on_submit():
        made = save_meeting_type(db.session, held, form.facts())
        write_down(who, "meeting_type", made, "saved")
        db.session.commit()
        return redirect(url_for("office.meeting_type", number=made.id, bewaard=1), 303)
    return form_page("office/meeting-type.html", form, **_around(held))


def _refused(held: MeetingType, told: str) -> ResponseReturnValue:
    why = f"{told} {gettext('Zet het gesprek uit, dan plant niemand het meer.')}"
    form = MeetingForm(stored(held), advisors=_advisors(), formdata=None)
    return make_response(render_template("office/meeting-type.html", form=form, **_around(held, why)), 409)


def _form(held: MeetingType | None) -> MeetingForm:
    return MeetingForm(stored(held) if held else None, advisors=_advisors())


def _advisors() -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in active_advisors(db.session)]


def _around(held: MeetingType | None, refused: str | None = None) -> dict[str, object]:
    return {
        "kind": held,
        "refused": refused,
        "saved": "bewaard" in request.args and request.method == "GET",
        "warnings": contradictions_of(db.session, held, now=clock.now()) if held else [],
    }
