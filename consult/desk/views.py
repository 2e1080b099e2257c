"""Every page of the desk, by name; and what each of them shows around its content."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext

from consult.desk import held_views, left_mail_views, more_views, post_views
from consult.desk.agenda import views as agenda_views
from consult.desk.guard import Colleague, desk
from consult.desk.inbox import views as inbox_views
from consult.desk.inbox.counting import counts
from consult.desk.inbox.views_of import View
from consult.desk.schedule import views as schedule_views
from consult.desk.thread import views as thread_views
from consult.desk.today import views as today_views
from consult.web.assets import picture_href
from consult.web.text import LENGTHS

__all__ = [
    "agenda_views",
    "desk",
    "held_views",
    "inbox_views",
    "left_mail_views",
    "more_views",
    "post_views",
    "schedule_views",
    "thread_views",
    "today_views",
]


@desk.context_processor
def _around() -> dict[str, Any]:
    """The menu and who is signed in; nothing for who is not let in."""
    who: Colleague | None = g.get("colleague")
    if who is None:
        return {}
    portrait = picture_href(who.advisor.portrait) if who.advisor else None
    return {
        "desk_menu": _menu(who),
        "signed_in": {"name": who.name, "photo_href": portrait, "key": str(who.advisor_id or 0)},
        "sign_out_href": url_for("security.logout"),
        "lengths": LENGTHS,
    }


def _menu(who: Colleague) -> list[dict[str, Any]]:
    here = request.path
    entries = (
        (gettext("Vandaag"), url_for("desk.today"), "today", 0),
        (gettext("Vragen"), url_for("desk.inbox"), "inbox", counts(who)[View.MINE]),
        (gettext("Agenda"), url_for("desk.agenda"), "calendar", 0),
        (gettext("Bijeenkomsten"), url_for("desk.group_sessions"), "people", 0),
        (gettext("Werktijden"), url_for("desk.work_hours"), "clock", 0),
        (gettext("Afwezig"), url_for("desk.absent"), "away", 0),
        (gettext("Gekoppelde agenda’s"), url_for("desk.calendars"), "link", 0),
        *([(gettext("Profiel"), url_for("desk.profile"), "person", 0)] if who.advisor else []),
        (gettext("Post"), url_for("desk.post"), "mail", 0),
        (gettext("Inloggen en veiligheid"), url_for("own_sign_in.mine"), "lock", 0),
        *([(gettext("Beheer"), url_for("office.start"), "gear", 0)] if who.coordinator else []),
    )
    start = url_for("desk.today")
    # Talks have addresses of their own, and belong to the agenda.
    also = {url_for("desk.agenda"): url_for("desk.bookings")}
    return [
        {
            "label": label,
            "href": href,
            "icon": icon,
            "count": count,
            "current": here == href
            or (href != start and f"{here}/".startswith((f"{href}/", f"{also.get(href, href)}/"))),
        }
        for label, href, icon, count in entries
    ]
