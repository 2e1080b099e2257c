"""The office's first page: what needs somebody, and how the work lies."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext

from consult import clock
from consult.contact.alarms import alarms
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.load import queries
from consult.people.teams import all_teams
from consult.routing.codes import Alarm


@page("/")
def start(who: Coordinator) -> str:
    """Alarms, and a table of everybody or of one team."""
    del who
    now = clock.now()
    teams = all_teams(db.session)
    asked = request.args.get("team", type=int)
    team = next((each for each in teams if each.id == asked), None)
    return render_template(
        "office/start.html",
        alarms=alarms(db.session, now=now),
        unmatched=[
            (reference, alarm_sentence(code)) for reference, code in queries.unmatched(db.session, now=now)
        ],
        people=queries.team_load(db.session, now=now, team_id=team.id if team else None),
        teams=teams,
        team=team,
    )


def alarm_sentence(code: str) -> str:
    """Why a question ended in the safety net."""
    known: dict[str, str] = {
        Alarm.NOTHING_MATCHED: gettext("Geen pagina, regel of thema paste."),
        Alarm.FALLBACK_NOT_FREE: gettext("Niemand van het vangnet was vrij."),
        Alarm.FALLBACK_UNUSABLE: gettext("Niemand van het vangnet kon de vraag krijgen."),
        Alarm.FALLBACK_EMPTY: gettext("Er staat niemand in het vangnet."),
    }
    return known.get(code, code)
