"""Everything one question's page shows: thread, ways to reach the visitor, why it came here, earlier contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from consult import clock
from consult.contact import decision_words
from consult.contact import services as contact
from consult.contact.handing_over import is_somebodys
from consult.contact.models import Channel, EnquiryState
from consult.contact.tending.spam import can_be_undone
from consult.contact.thread import thread
from consult.contact.urgent import is_open_to_all
from consult.contact.writing import drafts, presence, saved_replies
from consult.desk import items, services
from consult.desk.agenda import talk_queries
from consult.desk.inbox import queries
from consult.desk.inbox.forms import receiver_choices
from consult.desk.inbox.moments import days_to_sleep, tomorrow
from consult.desk.thread import forms, history
from consult.desk.thread.fields import field_values
from consult.desk.thread.reach import ways_to_reach
from consult.desk.thread.windows import clock_of, next_windows
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.contact.thread import Entry
    from consult.database import DbSession
    from consult.desk.guard import Colleague
    from consult.desk.inbox.queries import EnquiryRow
    from consult.web.forms import DeskForm


STANDS = (EnquiryState.OPEN, EnquiryState.WAITING)


def render(
    session: DbSession, who: Colleague, enquiry: Enquiry, *, sent: DeskForm | None, situation: str = ""
) -> str:
    """The page; forms that were not sent are made fresh. ``situation`` is what stood in the way of the last act."""
    everyone = services.colleagues(session)
    names = {number: name for number, name, _active in everyone}
    now = clock.now()
    entries = thread(session, enquiry)
    same_person, same_organisation = queries.earlier(session, enquiry)
    may_act = who.may_act_for(enquiry.advisor_id)
    return render_template(
        "desk/enquiry.html",
        enquiry=enquiry,
        entries=history.shown(entries, names, now=now, reference=enquiry.reference, may_act=may_act),
        organisation=enquiry.organisation.name if enquiry.organisation else enquiry.organisation_name,
        why=decision_words.sentences(enquiry.decision, names),
        earlier=[items.earlier_item(row, now) for row in same_person],
        colleagues_there=[items.earlier_item(row, now, name_asker=True) for row in same_organisation],
        talks=[items.talk_item(row, with_day=True) for row in talk_queries.of_same_person(session, enquiry)],
        others=presence.others_at(session, enquiry.id, who.advisor_id, now=now),
        newest=_newest(entries),
        calls=[entry for entry in entries if entry.kind == "call"],
        sent=sent,
        situation=situation,
        **_standing(enquiry, who, now),
        merged_here=_merged_here(session, enquiry),
        **_forms(session, who, enquiry, sent, entries=entries, everyone=everyone, same=same_person),
    )


def _standing(enquiry: Enquiry, who: Colleague, now: datetime) -> dict[str, Any]:
    """How the question stands, and what this person may do."""
    settings = current.settings()
    closed_states = (EnquiryState.CLOSED, EnquiryState.HELD)
    row = queries.row_of(enquiry)
    open_to_all = is_open_to_all(enquiry)
    return {
        "due": items.due(row, now),
        "late": items.is_late(row, now),
        "ways": ways_to_reach(enquiry, by=who.advisor.first_name if who.advisor else settings.firm_name),
        "may_act": who.may_act_for(enquiry.advisor_id),
        "may_take": who.advisor is not None
        and not is_somebodys(enquiry)
        and enquiry.state not in closed_states,
        "may_take_urgent": who.advisor is not None and open_to_all,
        "may_take_back": who.advisor is not None
        and enquiry.stand_in_for_id == who.advisor.id
        and enquiry.state in STANDS,
        "asleep": enquiry.snoozed_until is not None and enquiry.snoozed_until > now,
        "is_spam": enquiry.spam_at is not None,
        "spam_can_be_undone": can_be_undone(enquiry),
        "wants_call": enquiry.channel == Channel.PHONE and bool(enquiry.phone),
        "into_href": _merged_href(enquiry),
    }


def _forms(
    session: DbSession,
    who: Colleague,
    enquiry: Enquiry,
    sent: DeskForm | None,
    *,
    entries: Sequence[Entry],
    everyone: Sequence[tuple[int, str, bool]],
    same: Sequence[EnquiryRow],
) -> dict[str, Any]:
    """Every form of the page: the one that was sent with what was typed, the others fresh."""
    if who.advisor is None or not who.may_act_for(enquiry.advisor_id):
        return {"reply": None}
    zone, now = current.settings().timezone, clock.now()
    working = clock_of(session, enquiry, settings=current.settings(), now=now)
    kept = drafts.drafts_of(session, enquiry.id, who.advisor.id)
    replies = saved_replies.replies_for(session, who.advisor.id)
    values = field_values(enquiry, who.advisor, current.settings())
    bodies = {each.id: saved_replies.filled_in(each.body, values) for each in replies}
    texts = {kind: draft.body for kind, draft in kept.items()}
    chosen = bodies.get(request.args.get("tekst", 0, type=int))
    reply_text = "\n\n".join(filter(None, (texts.get("reply"), chosen)))
    people = [(number, name) for number, name, active in everyone if active and number != enquiry.advisor_id]
    others = [
        (row.reference, f"{row.reference}: {items.subject(row.opening)}") for row in same if _stands(row)
    ]
    made = {
        "reply": forms.ReplyForm(formdata=None, data={"text": reply_text}),
        "note": forms.NoteForm(formdata=None, data={"text": texts.get("note", "")}),
        "handing": forms.HandOverForm(receiver_choices(people, services.teams(session)), formdata=None),
        "calling": forms.CallForm(formdata=None),
        "chatting": forms.ChatForm(formdata=None),
        "snoozing": forms.SnoozeForm(formdata=None),
        "merging": forms.MergeForm(others, formdata=None),
        "redacting": forms.RedactForm(formdata=None),
    }
    made = {name: sent if type(sent) is type(form) else form for name, form in made.items()}
    made["reply"].seen.data = str(_newest(entries))
    return {
        **made,
        "drafts": kept,
        "saved": [(each.id, each.title, bodies[each.id]) for each in replies],
        "mergeable": bool(others),
        "windows": [
            (each.value, _window_words(each.day, each.part)) for each in next_windows(working, now, zone)
        ],
        "sleep_days": [
            (each.isoformat(), dates.day(each, current.language())) for each in days_to_sleep(now, zone)
        ],
        "first_day": tomorrow(now, zone).isoformat(),
    }


def _stands(row: EnquiryRow) -> bool:
    return row.state in STANDS


def _newest(entries: Sequence[Entry]) -> int:
    return max((entry.message_id or 0 for entry in entries), default=0)


def _window_words(day: Any, part: str) -> str:
    return f"{dates.day(day, current.language())}, {part}"


def _merged_href(enquiry: Enquiry) -> str | None:
    into = enquiry.merged_into
    return url_for("desk.enquiry", reference=into.reference) if into is not None else None


def _merged_here(session: DbSession, enquiry: Enquiry) -> str | None:
    """The number of the question that has just gone into this one, as the address says, if it did."""
    asked = request.args.get("samengevoegd")
    other = contact.by_reference(session, asked) if asked else None
    return other.reference if other is not None and other.merged_into_id == enquiry.id else None
