"""The rules page: the list with what is wrong in it, a form for one rule, and the buttons that change the order.

Every change is kept in the coordinator's own draft; nothing is decided by it before it is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.contact.rules import drafts as rule_drafts
from consult.contact.rules.changes import find, moved, switched, with_rule, without
from consult.contact.rules.versions import faults_of
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.rules import sentences
from consult.office.rules.forms import RuleForm
from consult.office.rules.names import Names, names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.contact.rules.drafts import Draft

UP, DOWN, ON, OFF, AWAY = "omhoog", "omlaag", "aan", "uit", "weg"
TAKE_OVER, LET_GO = "overnemen", "weggooien"


@page("/regels")
def rules(who: Coordinator) -> str:
    """The rules in order, each in sentences, with what is wrong and what can be done."""
    draft, known = rule_drafts.draft_of(db.session, who.account_id), names(db.session)
    return render_template(
        "office/rules.html",
        draft=draft,
        rules=listed(draft, known),
        mine=sentences.change_sentences(draft.mine),
        theirs=sentences.change_sentences(draft.theirs),
        saved="bewaard" in request.args,
    )


@page("/regels/<int(signed=True):number>/doe", methods=("POST",))
def change_rule(who: Coordinator, number: int) -> ResponseReturnValue:
    """Move a rule one place, switch it, or take it out; in the draft."""
    draft = rule_drafts.draft_of(db.session, who.account_id)
    act = request.form.get("doe")
    if find(draft.rules, number) is None or act not in {UP, DOWN, ON, OFF, AWAY}:
        abort(404)
    made = {
        UP: lambda: moved(draft.rules, number, -1),
        DOWN: lambda: moved(draft.rules, number, 1),
        ON: lambda: switched(draft.rules, number, on=True),
        OFF: lambda: switched(draft.rules, number, on=False),
        AWAY: lambda: without(draft.rules, number),
    }[act]()
    rule_drafts.keep(db.session, who.account_id, made, now=clock.now())
    db.session.commit()
    return redirect(url_for("office.rules", _anchor=None if act == AWAY else f"regel-{number}"), 303)


@page("/regels/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_rule(who: Coordinator) -> ResponseReturnValue:
    """A rule at the end of the list."""
    return _edit(who, None)


@page("/regels/<int(signed=True):number>", methods=("GET", "POST"), keeps_text=True)
def rule(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change one rule."""
    return _edit(who, number)


@page("/regels/voorstel", methods=("POST",))
def settle_draft(who: Coordinator) -> ResponseReturnValue:
    """Take over what somebody else saved, or throw the own changes away."""
    act = request.form.get("doe")
    if act == TAKE_OVER:
        rule_drafts.take_over(db.session, who.account_id, now=clock.now())
    elif act == LET_GO:
        rule_drafts.let_go(db.session, who.account_id)
    else:
        abort(404)
    db.session.commit()
    return redirect(url_for("office.rules"), 303)


def listed(draft: Draft, known: Names) -> list[dict[str, object]]:
    """The rules as the page shows them."""
    faults = faults_of(db.session, draft.rules, now=clock.now())
    return [
        {
            "id": each.id,
            "name": each.name,
            "on": each.on,
            "conditions": sentences.conditions(each, known),
            "targets": sentences.targets(each, known),
            "faults": [
                sentences.fault_sentence(fault, known, draft.rules)
                for fault in faults
                if fault.rule_id == each.id
            ],
        }
        for each in draft.rules
    ]


def _edit(who: Coordinator, number: int | None) -> ResponseReturnValue:
    draft, known = rule_drafts.draft_of(db.session, who.account_id), names(db.session)
    changed = find(draft.rules, number) if number is not None else None
    if number is not None and changed is None:
        abort(404)
    form = RuleForm(known, changed)
    if form.validate_on_submit():
        made = with_rule(draft.rules, form.as_rule())
        rule_drafts.keep(db.session, who.account_id, made, now=clock.now())
        db.session.commit()
        at = number if number is not None else made[-1].id
        return redirect(url_for("office.rules", _anchor=f"regel-{at}"), 303)
    text = render_template("office/rule.html", form=form, rule=changed)
    return make_response(text, 422 if form.errors else 200)
