"""Group sessions at the desk: what is planned and how full it is, and who comes to one.

Everybody may see that a session is held; who comes is for its hosts and for coordinators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from consult import clock
from consult.booking.groups import finding as group_finding
from consult.database import db
from consult.desk.agenda.group_page import seen_group, show_group
from consult.desk.guard import Colleague, page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/bijeenkomsten")
def group_sessions(who: Colleague) -> str:
    """The sessions that come, or those that were."""
    is_past = request.args.get("weergave") == "geweest"
    listed = (group_finding.past if is_past else group_finding.upcoming)(db.session, now=clock.now())
    return render_template(
        "desk/group-sessions.html",
        is_past=is_past,
        groups=listed,
        may_plan=who.coordinator,
        rooms=group_finding.rooms(db.session, listed),
    )


@page("/bijeenkomsten/<slug>")
def group_session(who: Colleague, slug: str) -> ResponseReturnValue:
    """One session with everybody who signed up, in order, and what each of them has."""
    return show_group(who, seen_group(who, slug))
