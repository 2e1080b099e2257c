"""Everything one question's page shows: thread, ways to reach the visitor, why it came here, earlier contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import render_template
from flask_babel import gettext

from consult import clock
from consult.contact import decision_words
from consult.contact.models import Channel, Enquiry, EnquiryState
from consult.contact.thread import thread
from consult.desk import items, services
from consult.desk.agenda import talk_queries
from consult.desk.inbox import queries
from consult.desk.thread import history
from consult.desk.thread.forms import HandOverForm, NoteForm, ReplyForm
from consult.web.addresses import shown_phone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.database import DbSession
    from consult.desk.forms import TokenTold
    from consult.desk.guard import Colleague


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach the visitor; ``wanted`` marks the one that was asked for."""

    icon: str
    text: str
    href: str
    wanted: bool


def render(
    session: DbSession,
    who: Colleague,
    enquiry: Enquiry,
    *,
    reply: ReplyForm | None,
    note: NoteForm | None,
    handing: HandOverForm | None,
    sent: TokenTold | None,
) -> str:
    """The page; forms that were not sent are made fresh."""
    everyone = services.colleagues(session)
    names = {number: name for number, name, _active in everyone}
    now = clock.now()
    row_now = queries.EnquiryRow(
        enquiry.reference,
        enquiry.name,
        None,
        "",
        enquiry.channel,
        enquiry.state,
        enquiry.urgent,
        enquiry.asked_at,
        enquiry.answer_by,
        enquiry.answered_at,
        None,
        None,
    )
    return render_template(
        "desk/enquiry.html",
        enquiry=enquiry,
        entries=history.shown(thread(session, enquiry), names),
        due=items.due(row_now, now),
        late=items.is_late(row_now, now),
        ways=ways_to_reach(enquiry),
        organisation=enquiry.organisation.name if enquiry.organisation else enquiry.organisation_name,
        why=decision_words.sentences(enquiry.decision, names),
        earlier=[items.earlier_item(row, now) for row in queries.earlier(session, enquiry)],
        talks=[items.talk_item(row, with_day=True) for row in talk_queries.of_same_person(session, enquiry)],
        reply=reply or ReplyForm(formdata=None),
        note=note or NoteForm(formdata=None),
        handing=handing or HandOverForm(receivers(everyone, enquiry), formdata=None),
        sent=sent,
        may_act=who.may_act_for(enquiry.advisor_id),
        may_take=who.advisor is not None
        and enquiry.advisor_id is None
        and enquiry.state != EnquiryState.CLOSED,
    )


def receivers(everyone: Iterable[tuple[int, str, bool]], enquiry: Enquiry) -> list[tuple[int, str]]:
    """Who may get a question: everybody at work but who has it already."""
    return [(number, name) for number, name, active in everyone if active and number != enquiry.advisor_id]


def ways_to_reach(enquiry: Enquiry) -> list[Reach]:
    """Links to call, app and mail, the wanted one first."""
    ways = []
    if enquiry.phone:
        number = shown_phone(enquiry.phone)
        greeting = quote(gettext("Dag %(name)s, u stelde ons een vraag.", name=enquiry.name))
        app_href = f"https://wa.me/{enquiry.phone.lstrip('+')}?text={greeting}"
        ways += [
            Reach(
                "phone",
                gettext("Bel %(number)s", number=number),
                f"tel:{enquiry.phone}",
                _wants(enquiry, Channel.PHONE),
            ),
            Reach(
                "chat", gettext("App %(number)s", number=number), app_href, _wants(enquiry, Channel.WHATSAPP)
            ),
        ]
    if enquiry.email:
        about = quote(gettext("Uw vraag %(reference)s", reference=enquiry.reference))
        href = f"mailto:{quote(enquiry.email, safe='@+')}?subject={about}"
        ways.append(Reach("mail", enquiry.email, href, _wants(enquiry, Channel.EMAIL)))
    return sorted(ways, key=lambda way: not way.wanted)


def _wants(enquiry: Enquiry, channel: Channel) -> bool:
    return enquiry.channel == channel
