"""What was kept long enough goes in the night: counted, once, and never what is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.writing.models import Draft
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Contact
from consult.people.signin import create_account, keeping, tickets
from consult.people.signin.models import Purpose
from consult.postbox import services as postbox
from consult.postbox.models import IncomingMail
from consult.privacy import retention
from tests.privacy import scene
from tests.privacy.test_erasure import in_tables
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("visitor_was_here")
DAY = timedelta(days=1)
LAST_TALK = timedelta(days=30)


def close_everything(session: DbSession, *, now: datetime = rows.NOW) -> None:
    session.execute(update(Enquiry).values(state=EnquiryState.CLOSED, closed_at=now))
    session.execute(update(OutgoingMail).values(state=MailState.SENT, settled_at=now))
    for mail in session.scalars(select(IncomingMail)):
        postbox.seen_by_a_person(mail, now=now)
        postbox.leave(mail, "not for us", now=now)


def all_of(session: DbSession, now: datetime) -> dict[str, int]:
    total: dict[str, int] = {}
    while counts := retention.purge(session, now=now, most=3):
        total = {kind: total.get(kind, 0) + counts.get(kind, 0) for kind in total | counts}
    return total


@pytest.mark.both_databases
def test_everything_in_its_own_time(transaction: Transaction) -> None:
    with transaction() as session:
        close_everything(session)
        mails = session.scalar(select(func.count()).select_from(OutgoingMail))
    with transaction() as session:
        assert all_of(session, rows.NOW + 23 * timedelta(hours=1)) == {}
    with transaction() as session:
        assert all_of(session, rows.NOW + DAY) == {"answers": 1}
    with transaction() as session:
        now = rows.NOW + 90 * DAY
        expected = retention.preview(session, now=now)
        assert expected["mail_bodies"] == mails
        counts = all_of(session, now)
        assert counts == {kind: count for kind, count in expected.items() if count}
        assert {"mail_bodies", "arrived_bodies", "links", "drafts"} == counts.keys()
        assert session.scalars(select(Enquiry.question)).one() == f"{scene.NAME} vraagt"
    with transaction() as session:
        now = rows.NOW + 365 * DAY
        assert all_of(session, now)["enquiries"] == 1
        assert session.scalar(select(func.count()).where(Booking.name == scene.NAME)) == 5
    with transaction() as session:
        counts = all_of(session, rows.NOW + 365 * DAY + LAST_TALK)
        assert (counts["bookings"], counts["seats"], counts["series"], counts["contacts"]) == (5, 1, 1, 1)
        assert in_tables(session, scene.NAME, scene.ADDRESS) == {}
        assert session.scalars(select(func.count()).select_from(Booking)).one() == 5
    with transaction() as session:
        assert all_of(session, rows.NOW + 729 * DAY) == {}
        trail = session.scalar(select(func.count()).select_from(Activity))
        counts = all_of(session, rows.NOW + 760 * DAY)
        assert counts == {"trail": trail}


def test_what_colleagues_leave_at_the_sign_in_goes_too(transaction: Transaction) -> None:
    with transaction() as session:
        account = create_account(session, "uit@example.nl", "een lang wachtwoord 4711", set(), now=rows.NOW)
        session.flush()
        keeping.begin(session, account.id, network="192.0.2.0/24", user_agent="", proved=True, now=rows.NOW)
        minutes = timedelta(minutes=10)
        tickets.begin(session, Purpose.PROVIDER, None, {}, lasts=minutes, now=rows.NOW)
    with transaction() as session:
        assert "tickets" not in all_of(session, rows.NOW + timedelta(minutes=9))
        assert all_of(session, rows.NOW + timedelta(minutes=10))["tickets"] == 1
        assert "sign_ins" not in all_of(session, rows.NOW + 29 * DAY)
        assert all_of(session, rows.NOW + 30 * DAY)["sign_ins"] == 1


def test_a_round_that_only_looks_changes_nothing(transaction: Transaction) -> None:
    with transaction() as session:
        close_everything(session)
        now = rows.NOW + 400 * DAY
        first = retention.preview(session, now=now)
        assert retention.preview(session, now=now) == first
        assert first["enquiries"] == 1


@pytest.mark.parametrize(
    ("state", "days", "gone"),
    [
        pytest.param(EnquiryState.HELD, 29, False, id="held as spam for not quite a month"),
        pytest.param(EnquiryState.HELD, 30, True, id="held as spam for a month, and nobody wanted it"),
        pytest.param(EnquiryState.OPEN, 800, False, id="still ours to answer, however old"),
        pytest.param(EnquiryState.WAITING, 364, False, id="the visitor may still write"),
        pytest.param(EnquiryState.WAITING, 366, True, id="the visitor never wrote again"),
    ],
)
def test_a_question_goes_by_its_state(
    transaction: Transaction, state: EnquiryState, days: int, *, gone: bool
) -> None:
    with transaction() as session:
        session.execute(update(Enquiry).values(state=state, closed_at=None))
        all_of(session, rows.NOW + days * DAY)
        left = session.scalar(select(func.count()).where(Enquiry.name == scene.NAME))
        assert left == (0 if gone else 1)
        spam = state == EnquiryState.HELD and gone
        assert session.scalar(select(func.count()).select_from(Enquiry)) == (0 if spam else 1)


def test_an_unfinished_answer_stays_with_an_open_question_and_goes_after_it(transaction: Transaction) -> None:
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        enquiry.state = EnquiryState.OPEN
        session.flush()
        assert "drafts" not in all_of(session, rows.NOW + 8 * DAY)
        close_everything(session)
        assert all_of(session, rows.NOW + 8 * DAY)["drafts"] == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_talk_to_come_back_to_is_kept_and_so_is_its_person(transaction: Transaction) -> None:
    now = rows.NOW + 500 * DAY
    with transaction() as session:
        last = session.scalars(select(Booking).order_by(Booking.starts_at.desc()).limit(1)).one()
        last.follow_up_on = (now + DAY).date()
        all_of(session, now)
        assert session.scalar(select(func.count()).where(Booking.name == scene.NAME)) == 1
        assert session.scalar(select(func.count()).select_from(Contact)) == 1


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-18T10:00Z", "2026-11-18T01:00Z"),
        ("2026-11-18T00:59Z", "2026-11-17T01:00Z"),
        ("2026-11-18T01:00Z", "2026-11-18T01:00Z"),
        ("2027-07-01T00:00Z", "2027-07-01T00:00Z"),
    ],
)
def test_the_night_is_at_two_on_the_clock_of_the_firm(now: str, night: str) -> None:
    found = retention.last_night(datetime.fromisoformat(now), "Europe/Amsterdam")
    assert found == datetime.fromisoformat(night)


def test_a_night_is_done_once_and_what_was_missed_is_caught_up(transaction: Transaction) -> None:
    with transaction() as session:
        assert retention.is_due(session, zone="Europe/Amsterdam", now=rows.NOW)
        retention.conclude(session, {"links": 2}, now=rows.NOW)
        session.flush()
        assert not retention.is_due(session, zone="Europe/Amsterdam", now=rows.NOW + timedelta(hours=14))
        assert retention.is_due(session, zone="Europe/Amsterdam", now=rows.NOW + timedelta(hours=16))
