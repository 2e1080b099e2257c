"""Talks through the services, with the clock as an argument, and what was told about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.activity.services import advisor_actor
from consult.booking import services
from consult.booking.models import Booking, MeetingType, Place
from consult.booking.placing import NewBooking
from consult.outbox.models import OutgoingMail
from tests.support import rows

if TYPE_CHECKING:
    from email.message import EmailMessage

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

JOKE, RIK = "joke@gemeente.example", "rik@bureau.example"
# Thursday 19 November, 10.00 in Amsterdam: a day after rows.NOW.
TEN = datetime.fromisoformat("2026-11-19T09:00:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Scene:
    """Rik, who works from nine to five, one kind of talk, and what time it is."""

    session: DbSession
    settings: Settings
    now: datetime = rows.NOW
    read: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Hire Rik."""
        self.rik: Advisor = rows.create_advisor(self.session)
        self.kind: MeetingType = rows.create_meeting_type(self.session)
        self.number = 0

    @property
    def actor(self) -> str:
        """Rik as who acts."""
        return advisor_actor(self.rik.id)

    @property
    def when(self) -> dict[str, Any]:
        """What every service wants to know."""
        return {"settings": self.settings, "now": self.now}

    def wanted(self, starts_at: datetime = TEN, **changed: Any) -> NewBooking:
        """What a visitor fills in."""
        self.number += 1
        usual: dict[str, Any] = {
            "form_key": f"scene-{self.number}",
            "meeting_type": self.kind,
            "advisor_ids": (self.rik.id,),
            "place": Place.VIDEO,
            "name": "Joke Jansen",
            "email": JOKE,
        }
        return NewBooking(starts_at=starts_at, **usual | changed)

    def book(self, starts_at: datetime = TEN, *, by_rik: bool = False, **changed: Any) -> Booking:
        """A talk that was planned."""
        actor = {"actor": self.actor} if by_rik else {}
        return services.book(self.session, self.wanted(starts_at, **changed), **self.when, **actor).booking

    def news(self) -> dict[str, dict[str, EmailMessage]]:
        """The mails since the last time, by event and then by receiver."""
        self.session.flush()
        found: dict[str, dict[str, EmailMessage]] = {}
        for mail in self.session.scalars(select(OutgoingMail).options(undefer(OutgoingMail.raw))):
            if mail.id not in self.read:
                self.read.add(mail.id)
                message = message_from_bytes(mail.raw, policy=policy.default)
                found.setdefault(mail.event, {})[mail.recipient] = message
        return found

    def states(self, event: str) -> list[str]:
        """Where the mails of an event are."""
        query = select(OutgoingMail.state).where(OutgoingMail.event == event).order_by(OutgoingMail.id)
        return list(self.session.scalars(query))


def words(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def calendars(message: EmailMessage) -> list[str]:
    """The calendar methods that a mail carries."""
    return [
        str(part.get_param("method")) for part in message.walk() if part.get_content_type() == "text/calendar"
    ]
