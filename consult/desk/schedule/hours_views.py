"""Working hours at the desk: the week, dates that differ, and what a visitor sees of it before it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from babel.dates import get_day_names
from flask import abort, make_response, redirect, render_template, request, url_for

from consult import availability, clock
from consult.activity.services import SYSTEM, advisor_actor, record
from consult.booking.hosts import held_with
from consult.booking.kind_rules import rules_of
from consult.booking.offering import Wish, offer
from consult.booking.reasons import contradiction_sentence
from consult.booking.services import active_meeting_types
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.schedule.hours_forms import HoursForm, OtherDayForm, filled_day
from consult.people import hours
from consult.people.schedules import work_calendars
from consult.people.services import active_advisors, advisor_by_slug
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.booking.models import MeetingType
    from consult.people.models import Advisor
    from consult.worktime import Block

SHOWN_DAYS = timedelta(days=20)
MOST_SEEN = 7


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
    hours.set_weekly_hours(db.session, advisor, form.week)
    if "voorbeeld" in request.form:
        return _show(who, advisor, form, is_draft=True)
    _note(who, advisor, "advisor.hours_changed")
    db.session.commit()
    return redirect(_href(who, advisor, bewaard=1), 303)


@page("/werktijden/dag", methods=("POST",), keeps_text=True)
def other_day(who: Colleague) -> ResponseReturnValue:
    """Let one date differ from the week."""
    advisor = _whose(who)
    form = OtherDayForm(_today())
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


def _note(who: Colleague, advisor: Advisor, what: str, **data: Any) -> None:
    actor = advisor_actor(who.advisor.id) if who.advisor else SYSTEM
    record(db.session, ("advisor", advisor.id), what, actor=actor, now=clock.now(), **data)


def _today() -> date:
    return dates.local_date(clock.now(), current.settings().timezone)


def _kinds(advisor: Advisor) -> list[MeetingType]:
    return held_with(active_meeting_types(db.session), advisor.id)


def _form(advisor: Advisor, **kwargs: Any) -> HoursForm:
    by_number = get_day_names(locale=current.language())
    names = [str(by_number[number]).capitalize() for number in range(hours.WEEKDAYS)]
    language = current.language()
    kinds = [(kind.slug, kind.name if language == "nl" else kind.name_en) for kind in _kinds(advisor)]
    week = hours.weekly_hours(db.session, advisor.id)
    return HoursForm(names, kinds, data={"days": [filled_day(blocks) for blocks in week]}, **kwargs)


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
    kinds = _kinds(advisor)
    kind = next((each for each in kinds if each.slug == form.kind.data), next(iter(kinds), None))
    facts = {
        "person": advisor,
        "people": active_advisors(db.session) if who.coordinator else (),
        "warnings": _warnings(advisor, kinds),
        "seen": _seen(advisor, kind) if kind else [],
        "kind": kind,
        "kinds": kinds,
        "other_days": _other_days(advisor),
        "is_own": advisor.id == who.advisor_id,
        "href": _href(who, advisor),
        "other_href": url_for("desk.other_day", van=request.args.get("van")),
    }
    text = render_template(
        "desk/hours.html",
        form=form,
        other=other or OtherDayForm(_today(), formdata=None),
        is_draft=is_draft,
        is_kept="bewaard" in request.args and not is_draft and status == 200,
        sent=other if other and other.errors else form,
        **facts,
    )
    if is_draft:
        db.session.rollback()
    return make_response(text, status)


def _warnings(advisor: Advisor, kinds: Sequence[MeetingType]) -> list[tuple[str, str]]:
    """What can never work in these hours, by kind of talk."""
    week = work_calendars(db.session, (advisor.id,), now=clock.now())[advisor.id].week
    language = current.language()
    return [
        (kind.name if language == "nl" else kind.name_en, contradiction_sentence(each))
        for kind in kinds
        for each in availability.contradictions(rules_of(kind), week)
    ]


def _seen(advisor: Advisor, kind: MeetingType) -> list[tuple[str, str]]:
    """The first days on which a visitor is offered something, each with its times from first to last."""
    zone, language = current.settings().timezone, current.language()
    wish = Wish(kind, (advisor.id,), zone)
    step = timedelta(minutes=kind.step_minutes)
    days: dict[date, list[list[datetime]]] = {}
    for slot in offer(db.session, wish, _today(), _today() + SHOWN_DAYS, now=clock.now()):
        runs = days.setdefault(dates.local_date(slot.start, zone), [])
        if runs and slot.start - runs[-1][-1] == step:
            runs[-1].append(slot.start)
        else:
            runs.append([slot.start])
    return [
        (dates.day(on, language), ", ".join(_run(run) for run in runs))
        for on, runs in list(days.items())[:MOST_SEEN]
    ]


def _run(starts: Sequence[datetime]) -> str:
    """Starts that follow one another, from the first to the last."""
    zone, language = current.settings().timezone, current.language()
    ends = dict.fromkeys(dates.zoned_time(at, zone, language) for at in (starts[0], starts[-1]))
    return " – ".join(ends)


def _other_days(advisor: Advisor) -> list[tuple[str, str, list[str]]]:
    language = current.language()
    return [
        (on.isoformat(), dates.day(on, language, year=True), [_words(block) for block in blocks])
        for on, blocks in hours.other_days(db.session, advisor.id, _today()).items()
    ]


def _words(block: Block) -> str:
    return f"{block.start:%H.%M} – {block.end:%H.%M}"
