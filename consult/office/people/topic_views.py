"""Topics in the office: the list in order, and one topic with its promise and who works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, request, url_for

from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import form_page, row_or_404, to_list, write_down
from consult.office.people.forms import HOUR, TopicForm
from consult.people.models import Topic
from consult.people.profiles import everybody
from consult.people.topics import all_topics, competent, move_topic, save_topic

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/themas")
def topics(who: Coordinator) -> str:
    """Every topic in order."""
    del who
    people = [each for each in everybody(db.session) if each.active]
    rows = [
        (topic, [each.first_name for each in people if topic in each.topics])
        for topic in all_topics(db.session)
    ]
    return render_template("office/topics.html", rows=rows, saved="bewaard" in request.args)


@page("/themas/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_topic(who: Coordinator) -> ResponseReturnValue:
    """A topic at the end of the list."""
    return _edit(who, None)


@page("/themas/<int:number>", methods=("GET", "POST"), keeps_text=True)
def topic(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change a topic."""
    return _edit(who, number)


@page("/themas/<int:number>/doe", methods=("POST",))
def move_topic_in_list(who: Coordinator, number: int) -> ResponseReturnValue:
    """One place up or down."""
    del who
    held = row_or_404(Topic, number) or abort(404)
    places = {"omhoog": -1, "omlaag": 1}.get(request.form.get("doe", ""))
    if places is None:
        abort(404)
    move_topic(db.session, held, places)
    db.session.commit()
    return redirect(url_for("office.topics"), 303)


def _edit(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(Topic, number)
    people = [(each.id, each.name) for each in everybody(db.session) if each.active]
    form = TopicForm(_stored(held) if held else None, advisors=people)
    if not form.validate_on_submit():
        return form_page("office/topic.html", form, topic=held)
    write_down(who, "topic", save_topic(db.session, held, form.facts()), "saved")
    db.session.commit()
    return to_list("office.topics")


def _stored(held: Topic) -> dict[str, object]:
    return {
        "name": held.name,
        "name_en": held.name_en,
        "answer_days": held.answer_days,
        "urgent_hours": -(-held.urgent_minutes // HOUR),
        "active": held.active,
        "advisor_ids": list(competent(db.session, held)),
    }
