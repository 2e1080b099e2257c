"""The office's first page: what needs somebody, and how the work lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.contact.alarms import alarms
from consult.contact.article.watching import count_lost
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.load import queries
from consult.office.texts.reading import count_broken
from consult.people.teams import all_teams
from consult.routing.codes import Alarm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.people.models import Team


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
            (reference, question, alarm_sentence(code))
            for reference, question, code in queries.unmatched(db.session, now=now)
        ],
        people=queries.team_load(db.session, now=now, team_id=team.id if team else None),
        lost_articles=count_lost(db.session),
        broken_texts=count_broken(db.session),
        teams=teams,
        tabs_of_teams=_tabs(teams, team),
    )


def _tabs(teams: Sequence[Team], chosen: Team | None) -> list[dict[str, object]]:
    """Everybody, and each team."""
    everyone = {"label": gettext("Iedereen"), "href": url_for("office.start"), "current": chosen is None}
    return [
        everyone,
        *(
            {
                "label": each.name,
                "href": url_for("office.start", team=each.id),
                "current": chosen is not None and each.id == chosen.id,
            }
            for each in teams
        ),
    ]


def alarm_sentence(code: str) -> str:
    """Why a question ended in the safety net."""
    known: dict[str, str] = {
        Alarm.NOTHING_MATCHED: gettext("Geen pagina, regel of thema paste."),
        Alarm.FALLBACK_NOT_FREE: gettext("Niemand van het vangnet was vrij."),
        Alarm.FALLBACK_UNUSABLE: gettext("Niemand van het vangnet kon de vraag krijgen."),
        Alarm.FALLBACK_EMPTY: gettext("Er staat niemand in het vangnet."),
    }
    return known.get(code, code)
