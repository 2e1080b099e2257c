"""The trail in the office: who saw and did what, filtered by the address; and the same as a file.

Taking the file is written down itself, so it is asked for by a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import record
from consult.database import db
from consult.office.audit import queries
from consult.office.audit.asking import ACTS, Asked, asked_in
from consult.office.audit.people import all_actors, names_in
from consult.office.audit.subjects import subjects_of
from consult.office.audit.telling import told
from consult.office.guard import Coordinator, page
from consult.people.sheets import write_sheet
from consult.privacy.erasure import OFFICE
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from consult.activity.models import Activity
    from consult.office.audit.people import Actor

HEADINGS = ("moment", "wie", "wat", "soort", "waarover", "code")


@page("/logboek")
def trail(who: Coordinator) -> str:
    """Who saw and did what, the newest first."""
    del who
    asked, actors = asked_in(request.args), all_actors(db.session)
    found, mistakes = _found(asked, actors)
    rows = list(_shown(found.rows, actors)) if found else []
    older = found.older if found else None
    return render_template(
        "office/audit/list.html",
        rows=rows,
        asked=asked,
        mistakes=mistakes,
        actors=actors,
        acts=[(name, words) for name, (words, _codes) in ACTS.items()],
        is_first="na" not in request.args,
        older_href=url_for("office.trail", **asked.arguments(), na=older) if older else None,
    )


@page("/logboek/bestand", methods=("POST",))
def trail_file(who: Coordinator) -> ResponseReturnValue:
    """The same as a file for a spreadsheet, without what anybody typed."""
    asked, actors = asked_in(request.form), all_actors(db.session)
    zone, now = current.settings().timezone, clock.now()
    rows: list[Sequence[str]] = []
    if not asked.mistakes:
        try:
            for part in queries.all_parts(db.session, asked, _of(asked, actors), zone=zone):
                rows += [_cells(row) for row in _shown(part, actors)]
        except queries.NotFound:
            rows = []
    record(db.session, OFFICE, "privacy.trail_exported", actor=who.actor, now=now, rows=len(rows))
    db.session.commit()
    answer = Response(write_sheet(HEADINGS, rows), content_type="text/csv; charset=utf-8")
    name = f"logboek-{dates.local_date(now, zone)}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _found(asked: Asked, actors: Sequence[Actor]) -> tuple[queries.Part | None, tuple[str, ...]]:
    """A page of rows, or why there is none."""
    if asked.mistakes:
        return None, asked.mistakes
    zone, after = current.settings().timezone, request.args.get("na", "")
    try:
        return queries.part(db.session, asked, _of(asked, actors), zone=zone, after=after), ()
    except queries.NotFound:
        return None, (gettext("Wij kennen niets met dit nummer of adres."),)


def _of(asked: Asked, actors: Sequence[Actor]) -> tuple[str, ...] | None:
    """The names in the trail of who was asked for; somebody who is not in the list did nothing."""
    if not asked.person:
        return None
    return next((each.actors for each in actors if each.value == asked.person), ())


def _shown(rows: Sequence[Activity], actors: Sequence[Actor]) -> Iterator[dict[str, Any]]:
    names, advisors = names_in(actors)
    subjects = subjects_of(db.session, rows)
    zone, language = current.settings().timezone, current.language()
    for row in rows:
        name = names.get(row.actor) or _other(row.actor)
        yield {
            "row": row,
            "when": dates.stamp(row.at, zone, language),
            "who": name,
            "what": told(row, name, advisors),
            "about": subjects[row.subject_kind, row.subject_id],
        }


def _other(actor: str) -> str:
    return gettext("Een oud-collega") if ":" in actor else gettext("Het systeem")


def _cells(shown: dict[str, Any]) -> Sequence[str]:
    row, about = shown["row"], shown["about"]
    at = row.at.isoformat(timespec="seconds")
    return (at, shown["who"], shown["what"], about.kind, about.name, row.what)
