"""What the confirmation of a question asks of booking, as a small function that the application passes in.

"Shall we plan a talk at once?" needs the first free moments, and contact may not import booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app

from consult import clock
from consult.database import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Flask

    from consult.contact.models import Enquiry
    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class NextMoment:
    """A moment in words, and the page on which it is booked."""

    label: str
    href: str


class FindMoments(Protocol):
    """How to find them, by an advisor's slug and the private link of a question."""

    def __call__(
        self, session: DbSession, advisor: str | None, token: str, now: datetime
    ) -> Sequence[NextMoment]:
        """The first few moments, the earliest first."""


def init_app(app: Flask, find: FindMoments) -> None:
    """Make the function known to the views."""
    app.extensions["consult.next_moments"] = find


def next_moments(enquiry: Enquiry, token: str) -> Sequence[NextMoment]:
    """A few moments for a talk about this question; none when no talk can be planned now."""
    find = cast("FindMoments", current_app.extensions["consult.next_moments"])
    return find(db.session, enquiry.advisor.slug if enquiry.advisor else None, token, clock.now())
