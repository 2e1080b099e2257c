"""An advisor's calendars at the desk: the feed that the own calendar subscribes to, and calendars that block time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.activity.services import advisor_actor
from consult.calendars import services
from consult.calendars.sealing import Access
from consult.calendars.troubles import words
from consult.calendars.writing.services import set_writing, writing_health
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.schedule.calendar_forms import CalendarForm
from consult.people.calendars import CalendarKind
from consult.web import current
from consult.web.outgoing_guard import Refused
from consult.web.public_urls import feed_url

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.calendars.writing.services import Health
    from consult.people.calendars import BusyCalendar
    from consult.people.models import Advisor


@page("/agendas", methods=("GET", "POST"), keeps_text=True)
def calendars(who: Colleague) -> ResponseReturnValue:
    """The own feed, the calendars that block time, and a form to add one."""
    form = CalendarForm()
    if request.method == "POST" and form.validate() and _added(form, _profile(who)):
        db.session.commit()
        return redirect(url_for("desk.calendars"), 303)
    return _show(who, form, status=422 if form.errors else 200)


@page("/agendas/adres", methods=("POST",))
def new_feed(who: Colleague) -> Response:
    """Make a feed address, and show it this once; an earlier one stops."""
    advisor = _profile(who)
    token = services.issue_feed(
        db.session, advisor_id=advisor.id, actor=advisor_actor(advisor.id), now=clock.now()
    )
    db.session.commit()
    return _show(who, CalendarForm(formdata=None), address=feed_url(current.settings(), token))


@page("/agendas/adres/stop", methods=("POST",))
def stop_feed(who: Colleague) -> ResponseReturnValue:
    """Let the feed address stop."""
    advisor = _profile(who)
    services.revoke_feed(db.session, advisor_id=advisor.id, actor=advisor_actor(advisor.id), now=clock.now())
    return _done()


@page("/agendas/lezen", methods=("POST",))
def read_calendar(who: Colleague) -> ResponseReturnValue:
    """Read a calendar now instead of at its next turn."""
    services.read_again(db.session, _profile(who).id, _chosen(), now=clock.now())
    return _done()


@page("/agendas/schrijven", methods=("POST",))
def write_calendar(who: Colleague) -> ResponseReturnValue:
    """Put talks into a calendar from now on, or not any more."""
    advisor, on = _profile(who), request.form.get("aan") == "ja"
    set_writing(db.session, advisor.id, _chosen(), on=on, actor=advisor_actor(advisor.id), now=clock.now())
    return _done()


@page("/agendas/verwijderen", methods=("POST",))
def remove_calendar(who: Colleague) -> ResponseReturnValue:
    """Forget a calendar and the time it takes."""
    advisor = _profile(who)
    services.remove_calendar(
        db.session, advisor.id, _chosen(), actor=advisor_actor(advisor.id), now=clock.now()
    )
    return _done()


def _profile(who: Colleague) -> Advisor:
    """Whose calendars these are; a coordinator without a profile has none."""
    return who.advisor or abort(403)


def _chosen() -> int:
    return request.form.get("agenda", -1, type=int)


def _added(form: CalendarForm, advisor: Advisor) -> bool:
    """Whether the calendar was stored; if not, the form says why."""
    kind = CalendarKind(form.kind.data)
    is_collection = kind is CalendarKind.CALDAV
    access = Access(
        address=str(form.address.data),
        username=form.username.data if is_collection else None,
        password=form.password.data if is_collection else None,
    )
    try:
        services.add_calendar(
            db.session,
            advisor.id,
            kind,
            access,
            actor=advisor_actor(advisor.id),
            settings=current.settings(),
            now=clock.now(),
        )
    except Refused as refused:
        form.refuse(refused.fault)
        return False
    except services.TooManyCalendars:
        form.refuse_more()
        return False
    return True


def _show(who: Colleague, form: CalendarForm, *, address: str | None = None, status: int = 200) -> Response:
    own = services.busy_calendars(db.session, who.advisor.id) if who.advisor else ()
    writing = writing_health(db.session, who.advisor.id) if who.advisor else {}
    text = render_template(
        "desk/calendars.html",
        form=form,
        has_profile=who.advisor is not None,
        address=address,
        since=services.feed_since(db.session, advisor_id=who.advisor.id) if who.advisor else None,
        calendars=[_item(each) | _writing(each, writing.get(each.id)) for each in own],
        failing=[_item(each) for each in _failing(who)],
        sees_teams=who.coordinator,
    )
    return make_response(text, status)


def _item(calendar: BusyCalendar) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "host": calendar.host,
        "advisor": calendar.advisor.name,
        "state": calendar.state,
        "reason": words(calendar.reason) if calendar.reason else None,
        "last_ok_at": calendar.last_ok_at,
        "is_closed": calendar.is_closed(clock.now()),
    }


def _failing(who: Colleague) -> list[BusyCalendar]:
    """Those of colleagues, for a coordinator to know of."""
    if not who.coordinator:
        return []
    found = services.failing_calendars(db.session)
    return [each for each in found if each.advisor_id != who.advisor_id]


def _writing(calendar: BusyCalendar, health: Health | None) -> dict[str, Any]:
    return {
        "can_be_written": calendar.kind == CalendarKind.CALDAV,
        "writing": health,
        "writing_reason": words(health.reason) if health and health.reason else None,
    }


def _done() -> ResponseReturnValue:
    db.session.commit()
    return redirect(url_for("desk.calendars"), 303)
