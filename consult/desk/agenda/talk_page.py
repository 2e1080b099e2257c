"""Everything one talk's page shows: what was agreed, who answered what, the mail about it, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from flask import abort, make_response, redirect, render_template, url_for

from consult import clock
from consult.activity.services import advisor_actor, of_subject
from consult.booking.forms import moment_value
from consult.booking.hosts import host_ids, with_whom
from consult.booking.models import Booking, BookingState
from consult.booking.services import by_reference
from consult.contact import decision_words
from consult.database import db
from consult.desk import items, services
from consult.desk.agenda import talk_parts, talk_queries
from consult.desk.agenda.mail_preview import mail_first
from consult.desk.agenda.talk_forms import (
    CancelForm,
    EndSeriesForm,
    GiveForm,
    MoveForm,
    OutcomeForm,
    PlaceForm,
    RefuseForm,
)
from consult.desk.guard import Colleague, NotYours
from consult.desk.thread import history
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.availability import Slot
    from consult.people.models import Advisor
    from consult.settings import Settings
    from consult.web.forms import DeskForm

ENOUGH_MOMENTS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The one form of the page that was sent and is shown again: with its mistakes, or to change something."""

    cancelling: CancelForm | None = None
    refusing: RefuseForm | None = None
    outcome: OutcomeForm | None = None
    giving: GiveForm | None = None
    placing: PlaceForm | None = None
    ending: EndSeriesForm | None = None

    @property
    def form(self) -> DeskForm | None:
        """The form, whichever it is."""
        return self.cancelling or self.refusing or self.outcome or self.giving or self.placing or self.ending


class By(TypedDict):
    """Who acts, with what settings and when: what every service that changes a talk asks."""

    actor: str
    settings: Settings
    now: datetime


def by(advisor: Advisor) -> By:
    """This advisor acts, now."""
    return {"actor": advisor_actor(advisor.id), "settings": current.settings(), "now": clock.now()}


def to_act_on(who: Colleague, reference: str) -> tuple[Booking, Advisor]:
    """The talk and who acts. Loaded without what the page shows: PostgreSQL locks no row of an outer join.

    Raises:
        NotYours: it belongs to somebody else.
    """
    found = by_reference(db.session, reference) or abort(404)
    if who.advisor is None or not _may_act(who, found):
        raise NotYours(reference, found.advisor, href(reference))
    return found, who.advisor


def show(
    who: Colleague, reference: str, sent: Sent | None = None, *, others: Sequence[Slot] | None = None
) -> Response:
    """The page; ``others`` are free moments in place of one that was just taken (409)."""
    shown = talk_queries.by_reference(db.session, reference) or abort(404)
    sent = sent or Sent()
    return make_response(
        render_template(
            "desk/booking.html",
            **_facts(who, shown),
            **_forms(who, shown, sent),
            moving=MoveForm(formdata=None),
            days=first_days(others or ())[0],
            is_gone=others is not None,
            sent=sent.form,
        ),
        409 if others is not None else (422 if sent.form and sent.form.errors else 200),
    )


def _may_act(who: Colleague, talk: Booking) -> bool:
    """Whoever holds the talk may act on it, leading or not."""
    return any(who.may_act_for(each) for each in host_ids(talk))


def _facts(who: Colleague, shown: Booking) -> dict[str, Any]:
    everyone = {number: name for number, name, _active in services.colleagues(db.session)}
    happened = of_subject(db.session, ("booking", shown.id))
    answers = list(talk_parts.answers_of(shown, happened))
    said_no = any(each.participation == "DECLINED" for each in answers)
    series = talk_parts.series_of(shown, clock.now())
    return {
        "booking": shown,
        "moment": items.talk_moment(shown),
        "place": items.place_name(shown.place),
        "why": decision_words.sentences(shown.decision, everyone),
        "held_by": with_whom(shown, current.language()),
        "answers": answers,
        "mails": talk_parts.mails_in(shown),
        "sent_mails": talk_parts.mails_out(shown, series["lead_id"] if series else None),
        "events": history.events(happened, everyone),
        "proposals": talk_parts.proposals_of(shown),
        "series": series,
        "stands": shown.state == BookingState.CONFIRMED,
        "waits": shown.state == BookingState.PENDING,
        "has_begun": shown.starts_at <= clock.now(),
        "is_over": shown.ends_at <= clock.now(),
        "may_act": _may_act(who, shown),
        "to_see": said_no and not talk_parts.all_seen(answers, happened),
    }


def _forms(who: Colleague, shown: Booking, sent: Sent) -> dict[str, Any]:
    if not _may_act(who, shown):
        return {}
    return {
        "cancelling": sent.cancelling or CancelForm(formdata=None),
        "refusing": sent.refusing or RefuseForm(formdata=None),
        "after": sent.outcome or OutcomeForm(day_of(shown), formdata=None, data=_said(shown)),
        "giving": sent.giving or give_form(shown, formdata=None),
        "placing": sent.placing or place_form(shown, formdata=None),
        "ending": sent.ending or EndSeriesForm(formdata=None),
    }


def give_form(shown: Booking, **kwargs: Any) -> GiveForm:
    """The form to give a talk to a colleague: whoever works here and does not hold it."""
    holding = set(host_ids(shown))
    everyone = services.colleagues(db.session)
    return GiveForm(
        ((number, name) for number, name, active in everyone if active and number not in holding), **kwargs
    )


def place_form(shown: Booking, **kwargs: Any) -> PlaceForm:
    """The form to hold a talk elsewhere, filled in with where it is."""
    data = {"place": shown.place, "location": shown.location}
    return PlaceForm(shown.meeting_type.places, data=data, **kwargs)


def shown_again(found: Booking) -> ResponseReturnValue:
    """To the talk's page, after something was done to it."""
    return redirect(href(found.reference), 303)


def asked_first(
    found: Booking, act: Callable[[], object], button: str, *, kind: str = "primary"
) -> Response | None:
    """The page with the mail that the visitor would get, if that was asked for; else None, and nothing is done."""
    return mail_first(
        db.session,
        act,
        name=found.name,
        address=found.email,
        button=button,
        kind=kind,
    )


def href(reference: str, **said: Any) -> str:
    """The address of a talk's page; ``said`` goes along, such as that it was saved."""
    return url_for("desk.booking", reference=reference, **said)


def day_of(booking: Booking) -> date:
    """The day on which the talk is, on our clock."""
    return dates.local_date(booking.starts_at, current.settings().timezone)


def first_days(slots: Sequence[Slot], least: int = 1) -> tuple[list[dict[str, Any]], date | None]:
    """Whole days, so many at least, until enough moments are shown, for the ``moments`` macro; and the last of them."""
    zone, language = current.settings().timezone, current.language()
    days: dict[date, list[dict[str, Any]]] = {}
    for number, slot in enumerate(slots):
        day = dates.local_date(slot.start, zone)
        if day not in days and number >= ENOUGH_MOMENTS and len(days) >= least:
            break
        label = dates.hours(slot.start, slot.end, zone, language)
        days.setdefault(day, []).append({"value": moment_value(slot.start), "label": label, "advisor": None})
    shown = [{"label": dates.day(day, language), "moments": moments} for day, moments in days.items()]
    return shown, max(days, default=None)


def _said(booking: Booking) -> dict[str, Any]:
    return {
        "outcome": booking.outcome,
        "text": booking.outcome_text,
        "next_step": booking.next_step,
        "follow_up_on": booking.follow_up_on,
    }
