"""The feeds of teams at the desk: a coordinator makes the secret address of one, shows it once, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.calendars import services
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.people.models import Team
from consult.people.signin import signed_in
from consult.web import current
from consult.web.public_urls import feed_url

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue


@page("/agendas/teams")
def team_feeds(who: Colleague) -> Response:
    """Every team, who is in it, and whether it has an address."""
    _let_in(who)
    return _show()


@page("/agendas/teams/adres", methods=("POST",))
def new_team_feed(who: Colleague) -> Response:
    """Make the address of a team, and show it this once; an earlier one stops."""
    team, actor = _chosen(who), _actor(who)
    token = services.issue_feed(db.session, team_id=team.id, actor=actor, now=clock.now())
    db.session.commit()
    return _show(team, feed_url(current.settings(), token))


@page("/agendas/teams/stop", methods=("POST",))
def stop_team_feed(who: Colleague) -> ResponseReturnValue:
    """Let the address of a team stop."""
    team, actor = _chosen(who), _actor(who)
    services.revoke_feed(db.session, team_id=team.id, actor=actor, now=clock.now())
    db.session.commit()
    return redirect(url_for("desk.team_feeds"), 303)


def _show(shown: Team | None = None, address: str | None = None) -> Response:
    teams = db.session.scalars(select(Team).options(selectinload(Team.members)).order_by(Team.name)).all()
    since = services.team_feeds_since(db.session)
    items = [
        {
            "id": team.id,
            "name": team.name,
            "members": ", ".join(sorted(each.first_name for each in team.members if each.active)),
            "since": since.get(team.id),
            "address": address if shown is team else None,
        }
        for team in teams
    ]
    return make_response(render_template("desk/team_feeds.html", teams=items))


def _chosen(who: Colleague) -> Team:
    _let_in(who)
    return db.session.get(Team, request.form.get("team", -1, type=int)) or abort(404)


def _actor(who: Colleague) -> str:
    if who.advisor is not None:
        return advisor_actor(who.advisor.id)
    account = signed_in(clock.now()) or abort(403)
    return account_actor(account.id)


def _let_in(who: Colleague) -> None:
    if not who.coordinator:
        abort(403)
