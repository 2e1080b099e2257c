"""Plan a talk for a visitor: from a question or from nothing, with oneself or a colleague, at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.booking.hosts import candidates, held_with
from consult.booking.offering import Wish, offer
from consult.booking.placing import NotOffered, SlotTaken
from consult.booking.services import active_meeting_types
from consult.database import db
from consult.desk import services
from consult.desk.agenda import agenda_queries, talk_acts
from consult.desk.agenda.mail_preview import mail_first, went_back
from consult.desk.agenda.own_moment import judge
from consult.desk.agenda.plan_forms import PlanForm
from consult.desk.agenda.talk_page import by, first_days, href
from consult.desk.guard import Colleague, page
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.availability import Slot
    from consult.booking.models import MeetingType
    from consult.contact.models import Enquiry
    from consult.desk.agenda.agenda_queries import Person

SEARCHED = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: which kind of talk, with whom, about which question, from which day."""

    kind: MeetingType
    kinds: Sequence[MeetingType]
    person: Person
    people: Sequence[Person]
    enquiry: Enquiry | None
    first: date

    @property
    def wish(self) -> Wish:
        """What to look for; an advisor who plans needs no notice."""
        ids = candidates(db.session, self.kind, named=self.person.id)
        together = bool(self.kind.host_ids)
        return Wish(self.kind, ids, current.settings().timezone, urgent=True, together=together)

    def href(self, first: date) -> str:
        """The address of the same page from another day on."""
        return url_for(
            "desk.plan_talk",
            soort=self.kind.slug,
            adviseur=self.person.slug,
            vraag=self.enquiry.reference if self.enquiry else None,
            vanaf=first.isoformat(),
        )


@page("/afspraken/nieuw", methods=("GET", "POST"), keeps_text=True)
def plan_talk(who: Colleague) -> ResponseReturnValue:
    """Plan a talk for a visitor; or show the mail first."""
    asked, advisor = _asked(who), who.advisor or abort(403)
    form = PlanForm(asked.kind, data=_known(asked.enquiry))
    fits = not went_back() and form.validate_on_submit()
    starts_at = form.starts_at(current.settings().timezone) if fits else None
    if starts_at is None:
        return _show(asked, form, 422 if form.errors else 200)
    if form.is_own and not form.agrees(judge(db.session, asked.wish, starts_at, now=clock.now())):
        return _show(asked, form, 422)
    new = form.booking(asked.kind, asked.wish.advisor_ids, starts_at, asked.enquiry)
    act = partial(talk_acts.plan, db.session, new, form.own_reason, **by(advisor))
    button = gettext("Ja, plan het gesprek")
    try:
        told = {"name": new.name, "address": new.email}
        if preview := mail_first(db.session, act, button=button, **told):
            return preview
        planned = act()
    except SlotTaken as taken:
        db.session.rollback()
        return _show(_asked(who), form, 409, taken.alternatives)
    except NotOffered:
        return _show(asked, form, 409)
    db.session.commit()
    return redirect(href(planned.reference), 303)


def _asked(who: Colleague) -> Asked:
    people = agenda_queries.people(db.session)
    wanted = request.args.get("adviseur")
    own = next((each for each in people if each.id == who.advisor_id), None)
    person = next((each for each in people if each.slug == wanted), None) or own or abort(403)
    kinds = held_with(active_meeting_types(db.session), person.id)
    if not kinds:
        abort(404)
    kind = next((each for each in kinds if each.slug == request.args.get("soort")), kinds[0])
    reference = request.args.get("vraag")
    enquiry = services.enquiry_shown(db.session, reference) if reference else None
    today = dates.local_date(clock.now(), current.settings().timezone)
    first: date = request.args.get("vanaf", today, type=date.fromisoformat)
    first = min(max(today, first), today + timedelta(days=kind.horizon_days))
    return Asked(kind, kinds, person, people, enquiry, first)


def _known(enquiry: Enquiry | None) -> dict[str, Any]:
    if enquiry is None:
        return {}
    return {
        "name": enquiry.name,
        "email": enquiry.email,
        "phone": enquiry.phone,
        "organisation": enquiry.organisation.name if enquiry.organisation else None,
        "language": enquiry.language,
    }


def _show(asked: Asked, form: PlanForm, status: int, others: Sequence[Slot] | None = None) -> Response:
    slots = others
    if slots is None:
        slots = offer(db.session, asked.wish, asked.first, asked.first + SEARCHED, now=clock.now())
    days, last = first_days(slots, least=2)
    after = (last or asked.first + SEARCHED) + timedelta(days=1)
    text = render_template(
        "desk/plan_talk.html",
        asked=asked,
        form=form,
        days=days,
        is_gone=status == 409,
        later_href=asked.href(after),
    )
    return make_response(text, status)
