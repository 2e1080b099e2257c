"""What changed rules would have done with the last questions, to see before they are saved; and the saving itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from consult import clock
from consult.contact.assignment import dry_run
from consult.contact.models import Enquiry
from consult.contact.rules import drafts as rule_drafts
from consult.contact.rules.changes import changes
from consult.contact.rules.versions import AbsentTarget, RulesChanged, digest_of, numbered, rules_of, versions
from consult.database import db
from consult.office.actors import actor_names
from consult.office.guard import Coordinator, page
from consult.office.rules import sentences
from consult.office.rules.names import names
from consult.office.rules.steps import step_reason
from consult.office.rules.views import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from consult.contact.rules.drafts import Draft
    from consult.office.rules.names import Names
    from consult.routing.dry_run import Difference

COUNTS = (50, 200, 1000)
USUAL = 200


@page("/regels/proef")
def try_rules(who: Coordinator) -> ResponseReturnValue:
    """The last questions that would have gone another way."""
    return make_response(_page(who), 200)


@page("/regels/bewaar", methods=("POST",))
def save_rules(who: Coordinator) -> ResponseReturnValue:
    """Make the draft count; what was looked at is what is saved."""
    draft = rule_drafts.draft_of(db.session, who.account_id)
    if not draft.pending:
        return redirect(url_for("office.rules"), 303)
    if request.form.get("gezien") != digest_of(draft.rules):
        return make_response(_page(who, other=True), 409)
    try:
        rule_drafts.save(db.session, who.account_id, by=who.actor, now=clock.now())
    except (AbsentTarget, RulesChanged):
        return make_response(_page(who), 409)
    db.session.commit()
    return redirect(url_for("office.rules", bewaard=1), 303)


@page("/regels/versies")
def rule_versions(who: Coordinator) -> str:
    """Who saved what when, newest first, each with what it changed."""
    del who
    found = versions(db.session)
    people = actor_names(db.session, {each.saved_by for each in found})
    rows = []
    for place, each in enumerate(found):
        before = rules_of(found[place + 1]) if place + 1 < len(found) else ()
        rows.append(
            {
                "version": each,
                "by": people[each.saved_by],
                "told": sentences.change_sentences(changes(before, rules_of(each))),
            }
        )
    return render_template("office/rule-versions.html", rows=rows)


@page("/regels/versies/<int:number>/terug", methods=("POST",))
def restore_rules(who: Coordinator, number: int) -> ResponseReturnValue:
    """Lay an older version on the desk, to look at before it is saved."""
    try:
        rule_drafts.restore(db.session, who.account_id, number, now=clock.now())
    except LookupError:
        abort(404)
    db.session.commit()
    return redirect(url_for("office.try_rules"), 303)


def _page(who: Coordinator, *, other: bool = False) -> str:
    draft, known, now = rule_drafts.draft_of(db.session, who.account_id), names(db.session), clock.now()
    asked = request.args.get("aantal", USUAL, type=int)
    most = asked if asked in COUNTS else USUAL
    tried = dry_run(db.session, draft.rules, now=now, most=most)
    return render_template(
        "office/try-rules.html",
        draft=draft,
        seen=digest_of(draft.rules),
        other=other,
        mine=sentences.change_sentences(draft.mine),
        theirs=sentences.change_sentences(draft.theirs),
        counts=_tabs(most),
        looked_at=tried.questions,
        elsewhere=sum(each.other_advisor for each in tried.differences),
        rows=_rows(tried.differences, draft, known),
        faulty=[each for each in listed(draft, known) if each["faults"]],
    )


def _tabs(chosen: int) -> list[dict[str, object]]:
    """How many questions to look at."""
    return [
        {
            "label": gettext("Laatste %(count)s", count=each),
            "href": url_for("office.try_rules", aantal=each),
            "current": each == chosen,
        }
        for each in COUNTS
    ]


def _rows(found: tuple[Difference, ...], draft: Draft, known: Names) -> list[dict[str, object]]:
    ids = [each.question.id for each in found]
    references: Mapping[int, str] = {
        row[0]: row[1]
        for row in db.session.execute(select(Enquiry.id, Enquiry.reference).where(Enquiry.id.in_(ids)))
    }
    titles = {each.id or 0: each.name for each in numbered(db.session, draft.rules)}
    return [
        {
            "reference": references[each.question.id or 0],
            "href": url_for("desk.enquiry", reference=references[each.question.id or 0]),
            "text": each.question.text,
            "before": known.advisors.get(each.before.advisor_id or 0),
            "after": known.advisors.get(each.after.advisor_id or 0),
            "moved": each.other_advisor,
            "why": step_reason(each.after, titles),
        }
        for each in found
    ]
