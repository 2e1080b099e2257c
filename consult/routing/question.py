"""A question as routing sees it: what was asked, by whose organisation, through which page and channel.

Knows ids, codes and the words of the question; refuses to know who asks (no name, no address) and what time
it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.timespan import as_utc

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to be routed at the instant ``at`` (kept in UTC): absences are judged at that instant.

    ``channel`` is how the visitor wants the answer; None when any will do. ``topic_id`` is the visitor's
    topic; without one the page's topic counts. The three owners are the advisors to whom this contact, this
    organisation for this topic, and this organisation belong; the caller looks them up, hand-overs
    included. ``municipality_code`` is the CBS code ("GM0363"), ``organisation_domain`` the part of a mail
    address after the @.

    Raises:
        ValueError: ``at`` is naive.
    """

    at: datetime
    id: int | None = None
    channel: str | None = None
    text: str = ""
    urgent: bool = False
    topic_id: int | None = None
    page_id: int | None = None
    chosen_advisor_id: int | None = None
    contact_owner_id: int | None = None
    organisation_topic_owner_id: int | None = None
    organisation_owner_id: int | None = None
    organisation_domain: str | None = None
    municipality_code: str | None = None
    province: str | None = None
    language: str | None = None
    meeting_type_id: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", as_utc(self.at))
