"""Group sessions at the desk: what is planned and how full it is, and who comes to one.

Everybody may see that a session is held; who comes is for its hosts and for coordinators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, render_template, request, url_for

from consult import clock
from consult.booking.groups import finding as group_finding
from consult.booking.groups import invites as group_invites
from consult.database import db
from consult.desk.guard import Colleague, NotYours, page
from consult.web import current

if TYPE_CHECKING:
    from consult.booking.groups.models import GroupSession


@page("/bijeenkomsten")
def group_sessions(who: Colleague) -> str:
    """The sessions that come, or those that were."""
    del who
    is_past = request.args.get("weergave") == "geweest"
    listed = (group_finding.past if is_past else group_finding.upcoming)(db.session, now=clock.now())
    return render_template(
        "desk/group-sessions.html",
        is_past=is_past,
        groups=listed,
        rooms=group_finding.rooms(db.session, listed),
    )


@page("/bijeenkomsten/<slug>")
def group_session(who: Colleague, slug: str) -> str:
    """One session with everybody who signed up, in order, and what each of them has."""
    group = group_finding.by_slug(db.session, slug) or abort(404)
    if not _may_see_who_comes(who, group):
        owner = group.hosts[0].advisor if group.hosts else None
        raise NotYours(group.title_in(current.language()), owner, url_for("desk.group_sessions"))
    return render_template(
        "desk/group-session.html",
        group=group,
        seats=group_finding.seats(db.session, group),
        room=group_finding.room(db.session, group),
        place=group_invites.place_line(group, current.language()),
    )


def _may_see_who_comes(who: Colleague, group: GroupSession) -> bool:
    return who.coordinator or any(host.advisor_id == who.advisor_id for host in group.hosts)
