"""What goes out through the API: camelCase, instants as RFC 3339 in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consult.api.schemas import utc_text
from consult.booking.hosts import HOSTING
from consult.database import db
from consult.people import services as people
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.availability import Slot
    from consult.booking.models import Booking, MeetingType
    from consult.people.models import Advisor, Topic


def booking_shape(shown: Booking) -> dict[str, Any]:
    """A talk."""
    return {
        "reference": shown.reference,
        "uid": shown.uid,
        "state": shown.state,
        "start": utc_text(shown.starts_at),
        "end": utc_text(shown.ends_at),
        "advisor": advisor_shape(shown.advisor),
        "hosts": [each.name for each in shown.invitations if each.role in HOSTING],
    }


def slot_shapes(found: Sequence[Slot]) -> list[dict[str, Any]]:
    """Moments, each with the advisors who can take it."""
    ids = {host for slot in found for host in slot.hosts}
    slugs = {each.id: each.slug for each in people.active_advisors(db.session) if each.id in ids}
    return [
        {
            "start": utc_text(slot.start),
            "end": utc_text(slot.end),
            "advisors": [slugs[host] for host in slot.hosts if host in slugs],
        }
        for slot in found
    ]


def advisor_shape(advisor: Advisor) -> dict[str, str]:
    """An advisor."""
    role = advisor.role if current.language() == "nl" else advisor.role_en or advisor.role
    return {"slug": advisor.slug, "name": advisor.name, "role": role}


def name_in_language(named: Topic | MeetingType) -> str:
    """The name in the language of the call."""
    return named.name if current.language() == "nl" else named.name_en
