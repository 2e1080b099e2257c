"""A small firm with a question and a talk, and the postbox that mail about them is put into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.models import Booking, Invitation, InviteeRole
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.postbox.intake import Postbox
from consult.postbox.models import IncomingMail
from consult.wiring import CORRESPONDENTS
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

TALK_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """A Wednesday morning."""
    return make_settings(clock=rows.NOW)


@dataclass
class Firm:
    """Rik has a question from Joke and a talk with her; mail comes in and is opened, and looked at afterwards."""

    settings: Settings
    transaction: Transaction
    now: datetime = rows.NOW
    postbox: Postbox = field(init=False)

    def __post_init__(self) -> None:
        self.postbox = Postbox(self.transaction, CORRESPONDENTS, self.settings, now=lambda: self.now)

    def open(self) -> None:
        """Hire Rik; Joke asks something and plans a talk."""
        with self.transaction() as session:
            rik = rows.create_advisor(session, "Rik de Wit")
            rows.create_advisor(session, "Sam Bos")
            kind = rows.create_meeting_type(session)
            self.enquiry_id = rows.ask(session, self.settings, advisor_id=rik.id).enquiry.id
            booking = rows.book(session, self.settings, kind, [rik], TALK_AT).booking
            self.booking_id, self.uid, self.rik_id = booking.id, booking.uid, rik.id
            self.tokens = {each.role: each.reply_token for each in booking.invitations}
            self.enquiry_token = session.get_one(Enquiry, self.enquiry_id).reply_token
            self.before = session.scalars(select(OutgoingMail.id)).all()

    def get(self, raw: bytes, address: str | None = None) -> IncomingMail:
        """Take a mail in and open it; gives the last that was stored."""
        self.postbox.take_in(raw, address)
        self.postbox.open_waiting(Event())
        return self.stored()[-1]

    def stored(self) -> list[IncomingMail]:
        """Every mail that came in."""
        with self.transaction() as session:
            found = session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()
            session.expunge_all()
            return list(found)

    def told(self) -> list[tuple[str, str]]:
        """Event and receiver of what was queued since the firm opened."""
        with self.transaction() as session:
            query = select(OutgoingMail.event, OutgoingMail.recipient).where(
                OutgoingMail.id.not_in(self.before)
            )
            return [
                (event, recipient) for event, recipient in session.execute(query.order_by(OutgoingMail.id))
            ]

    def invitation(self, role: str = InviteeRole.VISITOR) -> Invitation:
        """What is known of one person's answer."""
        with self.transaction() as session:
            found = session.scalars(
                select(Invitation).where(Invitation.booking_id == self.booking_id, Invitation.role == role)
            ).one()
            session.expunge(found)
            return found

    def guests(self, *addresses: str) -> None:
        """These are invited too; ``tokens["guest"]`` is the last one's."""
        with self.transaction() as session:
            booking = session.get_one(Booking, self.booking_id)
            booking.invitations += [
                Invitation(role=InviteeRole.GUEST, name=each, address=each) for each in addresses
            ]
            session.flush()
            self.tokens["guest"] = booking.invitations[-1].reply_token

    def moved(self, *, times: int = 1) -> None:
        """The talk was moved since: its sequence is higher."""
        with self.transaction() as session:
            booking = session.get_one(Booking, self.booking_id)
            booking.sequence += times
            booking.starts_at += timedelta(hours=1)
            booking.ends_at += timedelta(hours=1)


@pytest.fixture
def firm(settings: Settings, transaction: Transaction) -> Firm:
    """The firm, open."""
    firm = Firm(settings, transaction)
    firm.open()
    return firm
