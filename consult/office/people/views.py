"""Advisors and teams in the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from consult import clock
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import form_page, row_or_404, to_list, write_down
from consult.office.people.forms import AdvisorForm, TeamForm
from consult.people.models import Advisor, Team
from consult.people.profiles import Profile, everybody, save_profile
from consult.people.teams import all_teams, save_team
from consult.people.topics import all_topics

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/adviseurs")
def advisors(who: Coordinator) -> str:
    """Everybody, who works here first."""
    del who
    listed = everybody(db.session)
    return render_template("office/advisors.html", advisors=listed, saved="bewaard" in request.args)


@page("/adviseurs/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_advisor(who: Coordinator) -> ResponseReturnValue:
    """Somebody new."""
    return _edit_advisor(who, None)


@page("/adviseurs/<int:number>", methods=("GET", "POST"), keeps_text=True)
def advisor(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change somebody's part of the work."""
    return _edit_advisor(who, number)


@page("/teams")
def teams(who: Coordinator) -> str:
    """Every team and who is in it."""
    del who
    return render_template("office/teams.html", teams=all_teams(db.session), saved="bewaard" in request.args)


@page("/teams/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_team(who: Coordinator) -> ResponseReturnValue:
    """A new team."""
    return _edit_team(who, None)


@page("/teams/<int:number>", methods=("GET", "POST"), keeps_text=True)
def team(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change a team."""
    return _edit_team(who, number)


def _edit_advisor(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(Advisor, number)
    topics = [(each.id, each.name) for each in all_topics(db.session)]
    listed = [(each.id, each.name) for each in all_teams(db.session)]
    form = AdvisorForm(_stored(held) if held else None, topics=topics, teams=listed)
    if not form.validate_on_submit():
        return form_page("office/advisor.html", form, advisor=held)
    made = save_profile(db.session, held, form.profile(), now=clock.now())
    write_down(who, "advisor", made, "saved")
    db.session.commit()
    return to_list("office.advisors")


def _stored(held: Advisor) -> dict[str, object]:
    own = {name: getattr(held, name) for name in Profile.__dataclass_fields__ if not name.endswith("_ids")}
    return {
        **own,
        "topic_ids": [each.id for each in held.topics],
        "team_ids": [each.id for each in held.teams],
    }


def _edit_team(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(Team, number)
    people = [(each.id, each.name) for each in everybody(db.session) if each.active]
    stored = {"name": held.name, "member_ids": [each.id for each in held.members]} if held else None
    form = TeamForm(stored, advisors=people)
    if not form.validate_on_submit():
        return form_page("office/team.html", form, team=held)
    made = save_team(db.session, held, form.name.data, form.member_ids.data or ())
    write_down(who, "team", made, "saved")
    db.session.commit()
    return to_list("office.teams")
