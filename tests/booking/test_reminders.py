"""A day and two hours before a talk the visitor and the guests are reminded, of what is true then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from consult.booking import reminders, services
from tests.booking.scene import DAY, HOUR, JOKE, TEN, calendars, words

if TYPE_CHECKING:
    from tests.booking.scene import Scene

LATER = TEN + 7 * DAY
SECOND = timedelta(seconds=1)


def reminded(scene: Scene, at: object) -> list[str]:
    """Who is reminded in the round of this instant."""
    scene.news()
    scene.now = at  # type: ignore[assignment]  # (an instant)
    reminders.remind(scene.session, **scene.when)
    return sorted(scene.news().get("booking-reminder", {}))


def test_a_day_and_two_hours_before_and_each_once(scene: Scene) -> None:
    scene.book(LATER)
    assert reminded(scene, LATER - DAY - SECOND) == []
    assert reminded(scene, LATER - DAY) == [JOKE]
    assert reminded(scene, LATER - DAY + HOUR) == []
    assert reminded(scene, LATER - 2 * HOUR) == [JOKE]
    assert reminded(scene, LATER - HOUR) == []


def test_it_says_when_and_with_whom_and_holds_no_calendar(scene: Scene) -> None:
    scene.book(LATER, guests=("piet@gemeente.example",))
    scene.news()
    scene.now = LATER - DAY
    reminders.remind(scene.session, **scene.when)
    told = scene.news()["booking-reminder"]
    assert set(told) == {JOKE, "piet@gemeente.example"}
    assert all(calendars(mail) == [] for mail in told.values())
    assert "donderdag 26 november 2026, 10.00 – 10.30 uur" in words(told[JOKE])
    assert "/a/" in words(told[JOKE])
    assert "/a/" not in words(told["piet@gemeente.example"])


@pytest.mark.parametrize(
    ("told", "before"),
    [
        ("a worker that was away for a night tells the later one only", timedelta(hours=1)),
        ("a talk that has begun is nobody's to be reminded of", timedelta(0)),
    ],
)
def test_a_late_round_sends_only_what_still_helps(scene: Scene, told: str, before: timedelta) -> None:
    scene.book(LATER)
    assert len(reminded(scene, LATER - before)) == (1 if before else 0), told


def test_who_plans_an_hour_before_needs_no_reminder(scene: Scene) -> None:
    scene.book(scene.now + HOUR)
    assert reminded(scene, scene.now + SECOND) == []


def test_a_moved_talk_is_reminded_of_its_new_moment(scene: Scene) -> None:
    booking = scene.book(LATER)
    assert reminded(scene, LATER - DAY) == [JOKE]
    services.move(scene.session, booking, LATER + 7 * DAY, actor=services.VISITOR, **scene.when)
    assert scene.states("booking-reminder") == ["expired"], "the first one had not left yet"
    assert reminded(scene, LATER - HOUR) == []
    assert reminded(scene, LATER + 6 * DAY) == [JOKE]


def test_a_cancelled_talk_is_not_reminded_of_and_what_waited_does_not_leave(scene: Scene) -> None:
    booking = scene.book(LATER)
    reminded(scene, LATER - DAY)
    services.cancel(scene.session, booking, reason=None, actor=services.VISITOR, **scene.when)
    assert scene.states("booking-reminder") == ["expired"]
    assert reminded(scene, LATER - HOUR) == []


def test_a_talk_that_waits_for_approval_is_not_reminded_of(scene: Scene) -> None:
    scene.kind.approval = True
    scene.book(LATER)
    assert reminded(scene, LATER - DAY) == []


def test_more_talks_than_one_round_takes_are_all_reminded_of(scene: Scene) -> None:
    scene.kind.per_day = scene.kind.per_week = None
    for number in range(3):
        scene.book(LATER + number * HOUR, email=f"nummer{number}@gemeente.example")
    scene.news()
    scene.now = LATER - DAY + 2 * HOUR
    assert reminders.remind(scene.session, **scene.when) == 3
    assert len(scene.news()["booking-reminder"]) == 3
    assert reminders.remind(scene.session, **scene.when) == 0
