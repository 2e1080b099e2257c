"""What every page of the office shows around its content: the menu, and who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, render_template, request, url_for
from flask_babel import gettext

from consult.office import deleting_views, simulator_views
from consult.office.audit import views as audit_views
from consult.office.guard import Coordinator, office, page
from consult.office.load import views as load_views
from consult.office.load import what_if_views
from consult.office.meetings import views as meeting_views
from consult.office.organisations import file_views
from consult.office.organisations import views as organisation_views
from consult.office.pages import belonging_views as page_belonging_views
from consult.office.pages import views as page_views
from consult.office.people import topic_views
from consult.office.people import views as people_views
from consult.office.privacy import person_views
from consult.office.privacy import views as privacy_views
from consult.office.rules import trying_views
from consult.office.rules import views as rule_views
from consult.office.statistics import views as statistics_views
from consult.office.texts import preview_views as text_preview_views
from consult.office.texts import views as text_views
from consult.office.users import views as user_views
from consult.web.assets import picture_href
from consult.web.text import LENGTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "audit_views",
    "deleting_views",
    "file_views",
    "load_views",
    "meeting_views",
    "more",
    "office",
    "organisation_views",
    "page_belonging_views",
    "page_views",
    "people_views",
    "person_views",
    "privacy_views",
    "rule_views",
    "simulator_views",
    "statistics_views",
    "text_preview_views",
    "text_views",
    "topic_views",
    "trying_views",
    "user_views",
    "what_if_views",
]


@page("/meer")
def more(who: Coordinator) -> str:
    """The parts of the office that the bar at the bottom of a phone leaves out."""
    del who
    return render_template("desk/more.html")


@office.context_processor
def around() -> dict[str, Any]:
    """The menu and who is signed in; only what is theirs for who runs the machine."""
    who: Coordinator | None = g.get("coordinator")
    if who is None:
        return {"desk_menu": _menu_of_machine(), "menu_label": gettext("Beheer")} if g.get("account") else {}
    portrait = picture_href(who.advisor.portrait) if who.advisor else None
    return {
        "desk_menu": _menu(),
        "menu_label": gettext("Beheer"),
        "more_page": "office.more",
        "signed_in": {"name": who.name, "photo_href": portrait},
        "sign_out_href": url_for("security.logout"),
        "lengths": LENGTHS,
    }


def _menu() -> list[dict[str, Any]]:
    entries: Sequence[tuple[str, str, str]] = (
        (gettext("Overzicht"), "office.start", "today"),
        (gettext("Cijfers"), "office.figures", "chart"),
        (gettext("Pagina’s"), "office.pages", "note"),
        (gettext("Regels"), "office.rules", "arrow"),
        (gettext("Simulator"), "office.simulator", "search"),
        (gettext("Teksten"), "office.texts", "mail"),
        (gettext("Gesprekken"), "office.meeting_types", "calendar"),
        (gettext("Thema’s"), "office.topics", "question"),
        (gettext("Adviseurs"), "office.advisors", "person"),
        (gettext("Teams"), "office.teams", "people"),
        (gettext("Organisaties"), "office.organisations", "inbox"),
        (gettext("Gebruikers"), "office.users", "person"),
        (gettext("Logboek"), "office.trail", "clock"),
        (gettext("Privacy"), "office.privacy", "info"),
        (gettext("API-sleutels"), "api_keys.listed", "lock"),
        (gettext("Webhooks"), "webhooks.listed", "link"),
    )
    desk = {"label": gettext("Werkplek"), "href": url_for("desk.today"), "icon": "back", "count": 0}
    return [*_listed(entries), {**desk, "current": False}]


def _menu_of_machine() -> list[dict[str, Any]]:
    """What is left of the office for who runs the machine and coordinates nothing."""
    return _listed(
        (
            (gettext("API-sleutels"), "api_keys.listed", "lock"),
            (gettext("Webhooks"), "webhooks.listed", "link"),
            (gettext("Veiligheid"), "own_sign_in.mine", "person"),
        )
    )


def _listed(entries: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    here, start_href = request.path, url_for("office.start")
    return [
        {
            "label": label,
            "href": (href := url_for(endpoint)),
            "icon": icon,
            "count": 0,
            "current": here == href if href == start_href else here.startswith(href),
        }
        for label, endpoint, icon in entries
    ]
