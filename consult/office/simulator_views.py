"""The simulator: who would get a question that nobody asked, and everything that was considered on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import format_decimal, gettext, ngettext
from sqlalchemy import select

from consult import clock
from consult.booking.models import MeetingType
from consult.contact import decision_words
from consult.contact.models import ContactPage
from consult.contact.rules.versions import current_version, rules_of
from consult.contact.rules.what_if import Unknown, suppose
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.rules.steps import step_name, step_reason
from consult.office.simulator_forms import SupposedForm
from consult.people.models import Advisor
from consult.people.services import active_topics
from consult.routing.explain import AdvisorCode, Line, of_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.routing.decision import Decision, Standing

    Names = Mapping[int, str]

# What the table shows in columns of its own is not said again.
TOLD = frozenset(AdvisorCode) - {AdvisorCode.SKIPPED, AdvisorCode.CONSIDERED, AdvisorCode.STANDING}


@page("/simulator")
def simulator(who: Coordinator) -> str:
    """The form, and the answer when it was asked."""
    del who
    names: Names = {row.id: row.name for row in db.session.execute(select(Advisor.id, Advisor.name))}
    form = _form()
    decision = _decided(form) if request.args and form.validate() else None
    titles = {each.id or 0: each.name for each in rules_of(current_version(db.session))}
    return render_template(
        "office/simulator.html",
        form=form,
        decision=decision,
        winner=names.get(decision.advisor_id or 0) if decision else None,
        reason=step_reason(decision, titles) if decision else None,
        steps=_steps(decision, names, titles) if decision else [],
        alarm=_alarm(decision, names) if decision else None,
        alerted=[names.get(each, "–") for each in decision.alert] if decision else [],
    )


def _form() -> SupposedForm:
    session = db.session
    pages = session.execute(
        select(ContactPage.slug, ContactPage.title).where(ContactPage.active).order_by(ContactPage.title)
    )
    people = session.execute(select(Advisor.slug, Advisor.name).where(Advisor.active).order_by(Advisor.name))
    kinds = session.execute(select(MeetingType.id, MeetingType.name).order_by(MeetingType.position))
    return SupposedForm(
        request.args,
        pages=[(row.slug, row.title) for row in pages],
        topics=[(each.slug, each.name) for each in active_topics(session)],
        advisors=[(row.slug, row.name) for row in people],
        meeting_types=[(str(row.id), row.name) for row in kinds],
    )


def _decided(form: SupposedForm) -> Decision | None:
    try:
        return suppose(db.session, form.supposed(), now=clock.now())
    except Unknown as situation:
        # The lists offer what exists; only the name of an organisation is typed.
        form.organisatie.errors = [gettext("Wij kennen “%(name)s” niet.", name=situation.asked)]
        return None


def _steps(decision: Decision, names: Names, rules: Names) -> list[dict[str, object]]:
    """Each step with its sentences; a rule by its name, and the one that decided marked."""
    told: list[dict[str, object]] = []
    for step in decision.steps:
        name = step_name(step.name)
        if step.rule_id is not None:
            name = gettext("Regel “%(name)s”", name=rules.get(step.rule_id, str(step.rule_id)))
        told.append(
            {
                "name": name,
                "decides": step.winner is not None,
                "candidates": ", ".join(names.get(each, "–") for each in step.candidates),
                "lines": [
                    decision_words.sentence(line, names) for line in of_step(step) if line.code in TOLD
                ],
                "standings": [_standing(each, names) for each in step.standings],
            }
        )
    return told


def _alarm(decision: Decision, names: Names) -> str | None:
    """What the coordinators should know of it."""
    if decision.alarm is None:
        return None
    return decision_words.sentence(Line(AdvisorCode(f"advisor_{decision.alarm.value}")), names)


def _standing(standing: Standing, names: Names) -> str:
    share = format_decimal(round(standing.fair_share / 1000, 1))
    return ngettext(
        "%(name)s kreeg %(num)s vraag. Het eerlijke deel is %(share)s.",
        "%(name)s kreeg %(num)s vragen. Het eerlijke deel is %(share)s.",
        standing.assigned_count,
        name=names.get(standing.advisor_id, "–"),
        share=share,
    )
