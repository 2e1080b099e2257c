"""A kind of talk that an advisor must agree to: asked for, approved, declined, or let go of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.availability import BusyKind
from consult.booking import approving, services
from consult.booking.models import BookingState, BusyPeriod, MeetingType
from consult.booking.placing import SlotTaken
from tests.booking.acts import details
from tests.booking.scene import DAY, HOUR, JOKE, RIK, TEN, Scene, calendars, words

if TYPE_CHECKING:
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.kind.approval = True
    return scene


def kinds(scene: Scene) -> list[int]:
    return list(scene.session.scalars(select(BusyPeriod.kind)))


def test_a_talk_that_waits_takes_its_time_and_is_told_without_a_calendar(scene: Scene) -> None:
    booking = scene.book(guests=("piet@gemeente.example",))
    assert booking.state == BookingState.PENDING
    assert kinds(scene) == [BusyKind.PENDING]
    told = scene.news()["booking-requested"]
    assert set(told) == {JOKE, RIK}
    assert [calendars(mail) for mail in told.values()] == [[], []]
    assert "U hoort het uiterlijk donderdag 19 november." in words(told[JOKE])
    with pytest.raises(SlotTaken):
        scene.book(email="piet@gemeente.example")


def test_approval_invites_everybody_once(scene: Scene) -> None:
    booking = scene.book(guests=("piet@gemeente.example",))
    scene.news()
    for _twice in range(2):
        approving.approve(scene.session, booking, actor=scene.actor, **scene.when)
    assert booking.state == BookingState.CONFIRMED
    assert kinds(scene) == [BusyKind.BOOKING]
    told = scene.news()["booking-confirmed"]
    assert set(told) == {JOKE, RIK, "piet@gemeente.example"}
    assert all(calendars(mail) == ["REQUEST"] for mail in told.values())


def test_declining_frees_the_time_and_tells_the_visitor_why(scene: Scene) -> None:
    booking = scene.book()
    scene.news()
    for _twice in range(2):
        approving.decline(scene.session, booking, reason="Ik ben er niet.", actor=scene.actor, **scene.when)
    told = scene.news()
    assert set(told) == {"booking-declined"}
    assert set(told["booking-declined"]) == {JOKE}
    assert "Ik ben er niet." in words(told["booking-declined"][JOKE])
    assert kinds(scene) == []
    with pytest.raises(services.Cancelled):
        approving.approve(scene.session, booking, actor=scene.actor, **scene.when)


def test_after_two_working_days_without_an_answer_it_is_released_with_a_mail(scene: Scene) -> None:
    booking = scene.book(TEN + 7 * DAY)
    scene.news()
    assert booking.approve_by is not None
    assert booking.approve_by.isoformat() == "2026-11-20T16:00:00+00:00", "the end of Friday"
    scene.now = booking.approve_by - timedelta(minutes=1)
    assert approving.release_overdue(scene.session, **scene.when) == 0
    scene.now = booking.approve_by
    assert approving.release_overdue(scene.session, **scene.when) == 1
    assert approving.release_overdue(scene.session, **scene.when) == 0
    assert booking.state == BookingState.CANCELLED
    told = scene.news()["booking-released"]
    assert set(told) == {JOKE, RIK}
    assert kinds(scene) == []


def test_it_never_waits_past_its_own_start(scene: Scene) -> None:
    assert scene.book(scene.now + HOUR).approve_by == scene.now + HOUR


def test_the_visitor_may_move_or_cancel_while_it_waits_and_no_calendar_hears(scene: Scene) -> None:
    booking = scene.book()
    scene.news()
    services.move(scene.session, booking, TEN + HOUR, actor=services.VISITOR, **scene.when)
    assert kinds(scene) == [BusyKind.PENDING]
    services.cancel(scene.session, booking, reason=None, actor=services.VISITOR, **scene.when)
    for event, told in scene.news().items():
        assert [calendars(mail) for mail in told.values()] == [[], []], event


def test_moved_to_later_it_waits_for_the_two_working_days_of_when_it_was_asked(scene: Scene) -> None:
    booking = scene.book(TEN)
    assert booking.approve_by == TEN, "the next morning"
    scene.now += HOUR
    services.move(scene.session, booking, TEN + 7 * DAY, actor=services.VISITOR, **scene.when)
    assert booking.approve_by == datetime.fromisoformat("2026-11-20T16:00:00+00:00"), (
        "Friday, at the end of work"
    )
    services.move(scene.session, booking, TEN + HOUR, actor=services.VISITOR, **scene.when)
    assert booking.approve_by == TEN + HOUR


def test_a_talk_that_stands_is_cancelled_not_declined(scene: Scene) -> None:
    booking = scene.book(by_rik=True)
    assert booking.state == BookingState.CONFIRMED, "who plans it agrees to it"
    with pytest.raises(services.TooLate):
        approving.decline(scene.session, booking, reason=None, actor=scene.actor, **scene.when)


@pytest.mark.usefixtures("firm")
def test_the_page_says_that_it_is_still_to_be_confirmed(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.execute(update(MeetingType).values(approval=True))
    page = details(visitor).submit()
    assert page.heading == "Uw afspraak is nog te bevestigen"
    assert "Rik de Wit laat u uiterlijk donderdag 19 november weten of het doorgaat." in page.text
    assert "Zet in mijn agenda" not in page.text
    assert visitor.client.get(page.address.partition("?")[0] + "/afspraak.ics").status_code == 404
