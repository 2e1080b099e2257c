"""Everything one talk's page shows: what was agreed, who answered what, the mail about it, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, render_template, url_for

from consult import clock
from consult.activity.services import of_subject
from consult.booking.forms import moment_value
from consult.booking.models import Booking, BookingState, InviteeRole
from consult.booking.proposals import open_proposals
from consult.database import db
from consult.desk import items, mail_words, services
from consult.desk.agenda import talk_queries
from consult.desk.forms import CancelForm, MoveForm, OutcomeForm, RefuseForm
from consult.desk.guard import Colleague, NotYours
from consult.desk.thread import history
from consult.postbox import services as postbox
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.activity.models import Activity
    from consult.availability import Slot
    from consult.people.models import Advisor

ENOUGH_MOMENTS = 16
ROLES = (InviteeRole.VISITOR, InviteeRole.GUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The one form of the page that was sent and is shown again with its mistakes."""

    cancelling: CancelForm | None = None
    refusing: RefuseForm | None = None
    outcome: OutcomeForm | None = None

    @property
    def form(self) -> CancelForm | RefuseForm | OutcomeForm | None:
        """The form, whichever it is."""
        return self.cancelling or self.refusing or self.outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What one invited person said; ``old`` says to which earlier state of the talk, when it is an old answer."""

    name: str
    address: str
    role: str
    participation: str
    answered_at: datetime | None
    comment: str | None
    old: str | None


def to_act_on(who: Colleague, reference: str) -> tuple[Booking, Advisor]:
    """The talk and who acts.

    Raises:
        NotYours: it belongs to somebody else.
    """
    found = talk_queries.by_reference(db.session, reference) or abort(404)
    if who.advisor is None or not who.may_act_for(found.advisor_id):
        raise NotYours(reference, found.advisor, href(reference))
    return found, who.advisor


def show(
    who: Colleague, reference: str, sent: Sent | None = None, *, others: Sequence[Slot] | None = None
) -> Response:
    """The page; ``others`` are free moments in place of one that was just taken (409)."""
    shown = talk_queries.by_reference(db.session, reference) or abort(404)
    sent = sent or Sent()
    everyone = {number: name for number, name, _active in services.colleagues(db.session)}
    happened = of_subject(db.session, ("booking", shown.id))
    answers = list(_answers(shown, happened))
    text = render_template(
        "desk/booking.html",
        booking=shown,
        moment=items.talk_moment(shown),
        place=items.place_name(shown.place),
        answers=answers,
        mails=_mails(shown),
        events=history.events(happened, everyone),
        proposals=_proposals(shown),
        stands=shown.state == BookingState.CONFIRMED,
        waits=shown.state == BookingState.PENDING,
        has_begun=shown.starts_at <= clock.now(),
        is_over=shown.ends_at <= clock.now(),
        may_act=who.may_act_for(shown.advisor_id),
        to_see=any(each.participation == "DECLINED" for each in answers) and not _seen(answers, happened),
        cancelling=sent.cancelling or CancelForm(formdata=None),
        refusing=sent.refusing or RefuseForm(formdata=None),
        after=sent.outcome or OutcomeForm(day_of(shown), formdata=None, data=_said(shown)),
        moving=MoveForm(formdata=None),
        days=first_days(others or ())[0],
        is_gone=others is not None,
        sent=sent.form,
    )
    return make_response(text, 409 if others is not None else (422 if sent.form else 200))


def shown_again(found: Booking) -> ResponseReturnValue:
    """To the talk's page, after something was done to it."""
    return redirect(href(found.reference), 303)


def href(reference: str) -> str:
    """The address of a talk's page."""
    return url_for("desk.booking", reference=reference)


def day_of(booking: Booking) -> date:
    """The day on which the talk is, on our clock."""
    return dates.local_date(booking.starts_at, current.settings().timezone)


def first_days(slots: Sequence[Slot]) -> tuple[list[dict[str, Any]], date | None]:
    """Whole days until enough moments are shown, for the ``moments`` macro; and the last of those days."""
    zone, language = current.settings().timezone, current.language()
    days: dict[date, list[dict[str, Any]]] = {}
    for number, slot in enumerate(slots):
        day = dates.local_date(slot.start, zone)
        if day not in days and number >= ENOUGH_MOMENTS:
            break
        label = dates.hours(slot.start, slot.end, zone, language)
        days.setdefault(day, []).append({"value": moment_value(slot.start), "label": label, "advisor": None})
    shown = [{"label": dates.day(day, language), "moments": moments} for day, moments in days.items()]
    return shown, max(days, default=None)


def _answers(booking: Booking, happened: Iterable[Activity]) -> Iterable[Answer]:
    sequence = booking.sequence + (booking.series.sequence if booking.series else 0)
    moves = [row.at for row in happened if row.what == "booking.moved"]
    for each in booking.invitations:
        if each.role in ROLES:
            old = None
            if each.answered_sequence is not None and each.answered_sequence < sequence:
                was_moved = any(each.answered_at is None or at >= each.answered_at for at in moves)
                old = "moment" if was_moved else "details"
            yield Answer(
                each.name, each.address, each.role, each.participation, each.answered_at, each.comment, old
            )


def _seen(answers: Iterable[Answer], happened: Iterable[Activity]) -> bool:
    """Whether somebody dealt with every no."""
    seen = max((row.at for row in happened if row.what == "booking.answers_seen"), default=None)
    said = [each.answered_at for each in answers if each.participation == "DECLINED" and each.answered_at]
    return seen is not None and all(at <= seen for at in said)


def _mails(booking: Booking) -> list[dict[str, Any]]:
    return [
        {
            "sender": mail.sender,
            "what": mail_words.judged(mail.judged),
            "received_at": mail.received_at,
            "text": mail.text,
        }
        for mail in postbox.of_subject(db.session, ("booking", booking.id))
    ]


def _proposals(booking: Booking) -> list[dict[str, Any]]:
    zone, language = current.settings().timezone, current.language()
    return [
        {
            "id": each.id,
            "moment": dates.moment(each.starts_at, each.ends_at, zone, language),
            "comment": each.comment,
            "at": each.at,
        }
        for each in open_proposals(db.session, booking)
    ]


def _said(booking: Booking) -> dict[str, Any]:
    return {
        "outcome": booking.outcome,
        "text": booking.outcome_text,
        "next_step": booking.next_step,
        "follow_up_on": booking.follow_up_on,
    }
