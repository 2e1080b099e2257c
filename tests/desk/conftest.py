"""People at the desk, and what they find there: accounts, questions and talks made through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from consult.booking import services as booking
from consult.booking.models import MeetingType, Place
from consult.contact import intake
from consult.contact.models import Channel
from consult.people.accounts import Account, RoleName
from consult.people.models import Advisor, WorkingHours
from consult.people.signin import create_account
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

PASSWORD = "een lang wachtwoord"
# A Wednesday, 11.00 in Amsterdam.
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ROLES = {
    "rik": {RoleName.ADVISOR},
    "sam": {RoleName.ADVISOR},
    "mirte": {RoleName.ADVISOR, RoleName.COORDINATOR},
    "anna": {RoleName.COORDINATOR},
    "olga": {RoleName.OPERATOR},
}
_keys = count()


@pytest.fixture
def settings(make_settings: Any) -> Settings:
    """The clock starts on a working morning."""
    settings: Settings = make_settings(clock=NOW)
    return settings


@dataclass
class Office:
    """A small firm: Rik, Sam and Mirte advise; Mirte coordinates too. Anna only coordinates, Olga runs the machine."""

    app: Flask
    settings: Settings
    transaction: Transaction

    def open(self) -> None:
        """Hire everybody; all work on every day."""
        with self.transaction() as session:
            for name in ("Rik de Wit", "Sam Bos", "Mirte Smit"):
                self._hire(session, name)
            session.add(
                MeetingType(
                    slug="sparren",
                    name="Sparsessie",
                    name_en="Sparring",
                    places=[Place.VIDEO],
                    notice_minutes=0,
                    per_visitor=None,
                )
            )

    def _hire(self, session: DbSession, name: str) -> None:
        slug = name.split(maxsplit=1)[0].lower()
        advisor = Advisor(
            slug=slug,
            name=name,
            first_name=name.split(maxsplit=1)[0],
            email=f"{slug}@example.nl",
            joined_at=NOW - timedelta(days=400),
        )
        session.add(advisor)
        session.flush()
        for weekday in range(7):
            hours = WorkingHours(advisor_id=advisor.id, weekday=weekday, starts=time(9), ends=time(17))
            session.add(hours)

    def asked(
        self, question: str = "Hoe begin ik een wijkgesprek?", *, of: str | None = "rik", **changed: Any
    ) -> str:
        """A question came in, for this advisor or for nobody; gives its number. ``ago`` says how long before now."""
        at = NOW - changed.pop("ago", timedelta(minutes=20))
        usual = {
            "name": "Joke Jansen",
            "channel": Channel.EMAIL,
            "email": "joke@gemeente.example",
            "language": "nl",
        }
        with self.transaction() as session:
            chosen = self.advisor_id(session, of) if of else None
            new = intake.NewEnquiry(
                form_key=f"enquiry-{next(_keys)}", question=question, advisor_id=chosen, **(usual | changed)
            )
            enquiry = intake.ask(session, new, settings=self.settings, now=at).enquiry
            if of is None:
                enquiry.advisor = None
            return enquiry.reference

    def planned(self, starts_at: datetime, *, of: str = "rik", **changed: Any) -> str:
        """A talk was planned; gives its number."""
        usual = {"name": "Joke Jansen", "email": "joke@gemeente.example", "place": Place.VIDEO}
        with self.transaction() as session:
            kind = booking.meeting_type_by_slug(session, "sparren")
            assert kind is not None
            new = booking.NewBooking(
                form_key=f"booking-{next(_keys)}",
                meeting_type=kind,
                advisor_ids=(self.advisor_id(session, of),),
                starts_at=starts_at,
                **(usual | changed),
            )
            return booking.book(session, new, settings=self.settings, now=NOW).booking.reference

    def advisor_id(self, session: DbSession, slug: str) -> int:
        """The id of the advisor with this first name."""
        return session.query(Advisor.id).filter_by(slug=slug).scalar()  # type: ignore[no-any-return] # an id

    def enter(self, name: str, *, status: int = 200) -> Visitor:
        """Somebody signs in, in a browser of their own."""
        self._enrol(name)
        visitor = Visitor(self.app.test_client())
        form = visitor.open("/inloggen").form("Log in")
        form.fill({"E-mailadres": f"{name}@example.nl", "Wachtwoord": PASSWORD}).submit(status=status)
        return visitor

    def _enrol(self, name: str) -> None:
        email = f"{name}@example.nl"
        with self.transaction() as session:
            if session.scalars(select(Account).where(Account.email == email)).first() is None:
                account = create_account(session, email, PASSWORD, ROLES[name], now=NOW)
                session.execute(update(Advisor).where(Advisor.slug == name).values(account_id=account.id))


@pytest.fixture
def office(app: Flask, settings: Settings, transaction: Transaction) -> Office:
    """The firm, open."""
    office = Office(app, settings, transaction)
    office.open()
    return office


@pytest.fixture
def rik(office: Office) -> Visitor:
    """Rik, signed in."""
    return office.enter("rik")
