"""One group session's page at the desk: who comes, who waits, and the forms for who may change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, make_response, render_template, url_for

from consult import clock
from consult.activity.services import SYSTEM, advisor_actor
from consult.booking.groups import finding as group_finding
from consult.booking.groups import invites as group_invites
from consult.booking.groups.queue import is_open
from consult.database import db
from consult.desk import services
from consult.desk.agenda.group_forms import AboutForm, CallOffForm, HostForm, NumbersForm, SeatForm
from consult.desk.guard import NotYours
from consult.web import current

if TYPE_CHECKING:
    from flask import Response

    from consult.booking.groups.models import GroupSession
    from consult.desk.agenda.talk_page import By
    from consult.desk.guard import Colleague
    from consult.web.forms import DeskForm

FOLDER = "handouts"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentGroup:
    """The one form of the page that was sent and is shown again with its mistakes."""

    about: AboutForm | None = None
    numbers: NumbersForm | None = None
    calling_off: CallOffForm | None = None
    hosting: HostForm | None = None
    seating: SeatForm | None = None

    @property
    def form(self) -> DeskForm | None:
        """The form, whichever it is."""
        return self.about or self.numbers or self.calling_off or self.hosting or self.seating


def seen_group(who: Colleague, slug: str) -> GroupSession:
    """The session, for who may see who comes.

    Raises:
        NotYours: neither a host nor a coordinator.
    """
    group = group_finding.by_slug(db.session, slug) or abort(404)
    if not who.coordinator and all(host.advisor_id != who.advisor_id for host in group.hosts):
        owner = group.hosts[0].advisor if group.hosts else None
        raise NotYours(group.title_in(current.language()), owner, url_for("desk.group_sessions"))
    return group


def group_to_change(who: Colleague, slug: str) -> GroupSession:
    """The session, for a coordinator.

    Raises:
        NotYours: somebody else wants to change it.
    """
    group = seen_group(who, slug)
    if not who.coordinator:
        raise NotYours(group.title_in(current.language()), None, url_for("desk.group_session", slug=slug))
    return group


def by_coordinator(who: Colleague) -> By:
    """Who acts on a group session, with what settings and when; a coordinator need not be an advisor."""
    actor = advisor_actor(who.advisor.id) if who.advisor else SYSTEM
    return {"actor": actor, "settings": current.settings(), "now": clock.now()}


def handouts() -> list[str]:
    """The files that can be a hand-out, as paths under static/."""
    folder = Path(str(current_app.static_folder)) / FOLDER
    return sorted(f"{FOLDER}/{file.name}" for file in folder.iterdir() if file.is_file())


def about_form(group: GroupSession, **kwargs: Any) -> AboutForm:
    """The form of what the session is, filled in."""
    return AboutForm(handouts(), obj=group, **kwargs)


def host_form(group: GroupSession, **kwargs: Any) -> HostForm:
    """The form to let somebody else host."""
    hosting = [(host.advisor_id, host.advisor.name) for host in group.hosts]
    taken = {number for number, _name in hosting}
    everyone = services.colleagues(db.session)
    others = [(number, name) for number, name, active in everyone if active and number not in taken]
    return HostForm(hosting, others, **kwargs)


def show_group(
    who: Colleague, group: GroupSession, sent: SentGroup | None = None, status: int = 200
) -> Response:
    """The page."""
    sent = sent or SentGroup()
    facts: dict[str, Any] = {
        "group": group,
        "seats": group_finding.seats(db.session, group),
        "room": group_finding.room(db.session, group),
        "place": group_invites.place_line(group, current.language()),
        "may_change": who.coordinator,
        "is_open": is_open(group, now=clock.now()),
        "is_over": group.ends_at <= clock.now(),
        "sent": sent.form,
    }
    if who.coordinator:
        facts |= {
            "about": sent.about or about_form(group, formdata=None),
            "numbers": sent.numbers or NumbersForm(obj=group, formdata=None),
            "calling_off": sent.calling_off or CallOffForm(formdata=None),
            "hosting": sent.hosting or host_form(group, formdata=None),
            "seating": sent.seating or SeatForm(formdata=None),
        }
    return make_response(render_template("desk/group-session.html", **facts), status)
