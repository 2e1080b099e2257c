"""Working hours and own rules at the desk: the week, dates that differ, and what a visitor sees before it is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import get_day_names
from flask import abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.activity.services import SYSTEM, advisor_actor, record
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.schedule.hours_forms import HoursForm, OtherDayForm, filled_day
from consult.desk.schedule.hours_seen import kinds_of, preview, rules_rows, today
from consult.desk.schedule.own_rules_forms import filled_rules
from consult.people import hours
from consult.people.own_rules import own_rules, set_own_rules
from consult.people.services import active_advisors, advisor_by_slug
from consult.web import current, dates

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.models import Advisor
    from consult.worktime import Block


@page("/werktijden", methods=("GET", "POST"), keeps_text=True)
def work_hours(who: Colleague) -> ResponseReturnValue:
    """The week; kept, copied from day to day, or only shown as a visitor would see it."""
    advisor = _whose(who)
    form = _form(advisor)
    if request.method == "GET":
        return _show(who, advisor, form)
    if "overnemen" in request.form:
        form.copy_day()
        return _show(who, advisor, form, is_draft=True)
    if not form.validate():
        return _show(who, advisor, form, status=422)
    _set(advisor, form)
    if "voorbeeld" in request.form:
        return _show(who, advisor, form, is_draft=True)
    _note(who, advisor, "advisor.hours_changed")
    db.session.commit()
    return redirect(_href(who, advisor, bewaard=1), 303)


@page("/werktijden/voorbeeld", methods=("POST",), keeps_text=True)
def hours_preview(who: Colleague) -> ResponseReturnValue:
    """Only what a visitor would see of what is typed now, as a part of the page; nothing of it stays."""
    advisor = _whose(who)
    form = _form(advisor)
    fits = form.validate()
    if fits:
        _set(advisor, form)
    text = render_template("desk/hours_seen.html", fits=fits, **preview(advisor, form.kind.data))
    db.session.rollback()
    return make_response(text, 200 if fits else 422)


@page("/werktijden/dag", methods=("POST",), keeps_text=True)
def other_day(who: Colleague) -> ResponseReturnValue:
    """Let one date differ from the week."""
    advisor = _whose(who)
    form = OtherDayForm(today())
    if not form.validate():
        return _show(who, advisor, _form(advisor, formdata=None), other=form, status=422)
    usual = hours.weekly_hours(db.session, advisor.id)[form.on.data.weekday()]
    hours.set_other_day(db.session, advisor, form.on.data, form.blocks(usual))
    _note(who, advisor, "advisor.day_changed", on=form.on.data.isoformat())
    db.session.commit()
    return redirect(_href(who, advisor, bewaard=1), 303)


@page("/werktijden/dag/<day>/weg", methods=("POST",))
def usual_day(who: Colleague, day: str) -> ResponseReturnValue:
    """Let the week hold on a date again."""
    advisor = _whose(who)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    hours.drop_other_day(db.session, advisor, on)
    _note(who, advisor, "advisor.day_changed", on=on.isoformat())
    db.session.commit()
    return redirect(_href(who, advisor, bewaard=1), 303)


def _whose(who: Colleague) -> Advisor:
    """Whose hours these are: the own ones; of anybody, for a coordinator."""
    wanted = request.args.get("van")
    if wanted and who.coordinator:
        return advisor_by_slug(db.session, wanted) or abort(404)
    return who.advisor or next(iter(active_advisors(db.session)), None) or abort(404)


def _href(who: Colleague, advisor: Advisor, **more: Any) -> str:
    van = None if advisor.id == who.advisor_id else advisor.slug
    return url_for("desk.work_hours", van=van, **more)


def _set(advisor: Advisor, form: HoursForm) -> None:
    hours.set_weekly_hours(db.session, advisor, form.week)
    set_own_rules(db.session, advisor, form.own)


def _note(who: Colleague, advisor: Advisor, what: str, **data: Any) -> None:
    actor = advisor_actor(who.advisor.id) if who.advisor else SYSTEM
    record(db.session, ("advisor", advisor.id), what, actor=actor, now=clock.now(), **data)


def _form(advisor: Advisor, **kwargs: Any) -> HoursForm:
    by_number = get_day_names(locale=current.language())
    names = [str(by_number[number]).capitalize() for number in range(hours.WEEKDAYS)]
    language = current.language()
    kinds = [(kind.slug, kind.name if language == "nl" else kind.name_en) for kind in kinds_of(advisor)]
    week = hours.weekly_hours(db.session, advisor.id)
    own = own_rules(db.session, (advisor.id,)).get(advisor.id)
    data = {"days": [filled_day(blocks) for blocks in week], **filled_rules(own)}
    return HoursForm(names, kinds, data=data, **kwargs)


def _show(
    who: Colleague,
    advisor: Advisor,
    form: HoursForm,
    *,
    other: OtherDayForm | None = None,
    is_draft: bool = False,
    status: int = 200,
) -> Response:
    """The page. A draft that was applied to look at it is undone afterwards."""
    facts = {
        "person": advisor,
        "people": active_advisors(db.session) if who.coordinator else (),
        "rules": rules_rows(advisor),
        "other_days": _other_days(advisor),
        "is_own": advisor.id == who.advisor_id,
        "href": _href(who, advisor),
        "preview_href": url_for("desk.hours_preview", van=request.args.get("van")),
        "other_href": url_for("desk.other_day", van=request.args.get("van")),
    }
    text = render_template(
        "desk/hours.html",
        form=form,
        other=other or OtherDayForm(today(), formdata=None),
        is_draft=is_draft,
        is_kept="bewaard" in request.args and not is_draft and status == 200,
        sent=other if other and other.errors else form,
        **facts,
        **preview(advisor, form.kind.data),
    )
    if is_draft:
        db.session.rollback()
    return make_response(text, status)


def _other_days(advisor: Advisor) -> list[tuple[str, str, list[str]]]:
    language = current.language()
    return [
        (on.isoformat(), dates.day(on, language, year=True), [_words(block) for block in blocks])
        for on, blocks in hours.other_days(db.session, advisor.id, today()).items()
    ]


def _words(block: Block) -> str:
    return f"{block.start:%H.%M} – {block.end:%H.%M}"
