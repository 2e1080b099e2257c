"""Who and what a call names by slug; what does not exist is problem 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult import clock
from consult.api.payloads.sites import SlotOut
from consult.api.problems import not_found
from consult.booking import services as booking
from consult.booking.hosts import candidates
from consult.booking.instead import in_place_of
from consult.contact import services as contact
from consult.database import db
from consult.people import services as people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.availability import Slot
    from consult.booking.models import MeetingType
    from consult.booking.offering import Wish
    from consult.booking.placing import SlotTaken
    from consult.people.models import Advisor, Topic


def advisor_named(slug: str) -> Advisor:
    """The advisor; problem 404 when there is none."""
    found = people.advisor_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found


def meeting_type_named(slug: str) -> MeetingType:
    """The kind of talk; problem 404 when there is none."""
    found = booking.meeting_type_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found


def with_whom(kind: MeetingType, named: int | None, page_slug: str | None) -> tuple[int, ...]:
    """With whom a talk of this kind can be: who is named, else those of the page, else everybody."""
    return candidates(db.session, kind, named=named, page_ids=_of_page(page_slug))


def others_than(wish: Wish, starts_at: datetime, taken: SlotTaken, page_slug: str | None) -> tuple[Slot, ...]:
    """What there is in place of a moment that is gone: first the same one with a colleague, as on the page."""
    now, page_ids = clock.now(), _of_page(page_slug)
    return in_place_of(db.session, wish, starts_at, taken, page_ids=page_ids, now=now)


def slots_of(found: Sequence[Slot]) -> list[SlotOut]:
    """Moments, each with the advisors who can take it."""
    ids = {host for slot in found for host in slot.hosts}
    slugs = {each.id: each.slug for each in people.active_advisors(db.session) if each.id in ids}
    return [
        SlotOut(
            start=slot.start, end=slot.end, advisors=[slugs[host] for host in slot.hosts if host in slugs]
        )
        for slot in found
    ]


def _of_page(slug: str | None) -> tuple[int, ...]:
    """The advisors of a contact page, none when no page is named; problem 404 when there is no such page."""
    if not slug:
        return ()
    shown = contact.page_by_slug(db.session, slug)
    if shown is None:
        raise not_found()
    return tuple(row.advisor_id for row in shown.people if row.advisor.active)


def topic_named(slug: str) -> Topic:
    """The topic; problem 404 when there is none."""
    found = people.topic_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found
