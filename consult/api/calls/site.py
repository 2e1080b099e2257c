"""What a public site shows: who can be asked, about what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext

from consult import clock
from consult.api.naming import advisor_named, meeting_type_named, slots_of, with_whom
from consult.api.operations import call
from consult.api.payloads.sites import (
    AdvisorList,
    AdvisorOut,
    MeetingTypeList,
    MeetingTypeOut,
    PageOut,
    SlotList,
    TopicList,
    TopicOut,
    name_in_language,
)
from consult.api.problems import Problem, not_found
from consult.api.schemas import SlotsQuery
from consult.booking import services as booking
from consult.booking.offering import Wish, offer
from consult.contact import services as contact
from consult.database import db
from consult.people import services as people
from consult.web import current

if TYPE_CHECKING:
    from consult.api.operations import Asked


@call("GET", "/advisors", tag="sites", gives=AdvisorList)
def advisors(asked: Asked[None]) -> AdvisorList:
    """Everyone who can be asked."""
    del asked
    return AdvisorList(advisors=[AdvisorOut.of(each) for each in people.active_advisors(db.session)])


@call("GET", "/topics", tag="sites", gives=TopicList)
def topics(asked: Asked[None]) -> TopicList:
    """What can be asked about."""
    del asked
    shown = people.active_topics(db.session)
    return TopicList(topics=[TopicOut(slug=each.slug, name=name_in_language(each)) for each in shown])


@call("GET", "/meeting-types", tag="sites", gives=MeetingTypeList)
def meeting_types(asked: Asked[None]) -> MeetingTypeList:
    """The kinds of talk."""
    del asked
    kinds = booking.active_meeting_types(db.session)
    return MeetingTypeList(meeting_types=[MeetingTypeOut.of(each) for each in kinds])


@call("GET", "/pages/<slug>", tag="sites", gives=PageOut, problems=(404,))
def page(asked: Asked[None], slug: str) -> PageOut:
    """A contact page: its texts and its advisors in order."""
    del asked
    shown = contact.page_by_slug(db.session, slug)
    if shown is None:
        raise not_found()
    return PageOut(
        slug=shown.slug,
        title=shown.title,
        intro=shown.intro,
        invitation=shown.invitation,
        topic=shown.topic.slug if shown.topic else None,
        advisors=[AdvisorOut.of(row.advisor) for row in shown.people if row.advisor.active],
        ask_url=current.settings().base_url + url_for("contact.ask", pagina=slug),
    )


@call("GET", "/slots", tag="sites", query=SlotsQuery, gives=SlotList, limit="60/minute", problems=(404,))
def slots(asked: Asked[SlotsQuery]) -> SlotList:
    """The moments that can be booked on these dates; at most 62 days, both dates included."""
    query = asked.given
    kind = meeting_type_named(query.meeting_type)
    ids = with_whom(kind, advisor_named(query.advisor).id if query.advisor else None, query.page)
    wish = Wish(kind, ids, current.settings().timezone, together=bool(kind.host_ids))
    try:
        found = offer(db.session, wish, query.first, query.last, now=clock.now())
    except ValueError:
        raise Problem(422, gettext("Vraag ten hoogste 62 dagen; 'from' is niet later dan 'to'.")) from None
    return SlotList(slots=slots_of(found))
