"""A visitor asks for a moment that is not on offer; the advisor takes it or lets the talk stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from consult.booking import proposals, services
from consult.booking.models import ProposalState
from consult.booking.placing import SlotTaken
from tests.booking.acts import own_address, plan
from tests.booking.scene import DAY, HOUR, JOKE, RIK, TEN, calendars, words

if TYPE_CHECKING:
    from consult.booking.models import Booking, Proposal
    from tests.booking.scene import Scene
    from tests.support.pages import Visitor

EVENING = TEN + 9 * HOUR


def proposed(scene: Scene, booking: Booking, at: object = EVENING) -> Proposal:
    return proposals.propose(scene.session, booking, at, comment="Liever 's avonds", **scene.when)  # type: ignore[arg-type]  # (an instant)


def test_the_advisor_is_told_and_the_talk_stands(scene: Scene) -> None:
    booking = scene.book()
    scene.news()
    first = proposed(scene, booking)
    assert proposed(scene, booking).id == first.id
    told = scene.news()
    assert set(told) == {"booking-proposed"}
    assert set(told["booking-proposed"]) == {RIK}
    assert "donderdag 19 november 2026, 19.00 – 19.30 uur" in words(told["booking-proposed"][RIK])
    assert "Liever 's avonds" in words(told["booking-proposed"][RIK])
    assert booking.starts_at == TEN


def test_taking_it_moves_the_talk_even_outside_hours_with_a_new_invite(scene: Scene) -> None:
    booking = scene.book()
    proposal = proposed(scene, booking)
    scene.news()
    for _twice in range(2):
        proposals.accept(scene.session, proposal, actor=scene.actor, **scene.when)
    assert (booking.starts_at, booking.sequence) == (EVENING, 1)
    told = scene.news()["booking-moved"]
    assert {address: calendars(mail) for address, mail in told.items()} == {
        JOKE: ["REQUEST"],
        RIK: ["REQUEST"],
    }
    assert proposals.open_proposals(scene.session, booking) == []


def test_taking_it_never_overlaps_another_talk(scene: Scene) -> None:
    booking = scene.book()
    scene.book(TEN + 2 * HOUR, email="piet@gemeente.example")
    proposal = proposed(scene, booking, TEN + 2 * HOUR + timedelta(minutes=10))
    with pytest.raises(SlotTaken):
        proposals.accept(scene.session, proposal, actor=scene.actor, **scene.when)
    assert (booking.starts_at, proposal.state) == (TEN, ProposalState.OPEN)


def test_turning_it_down_tells_the_visitor_that_the_talk_stands(scene: Scene) -> None:
    booking = scene.book()
    proposal = proposed(scene, booking)
    scene.news()
    for _twice in range(2):
        proposals.decline(scene.session, proposal, reason="Dan ben ik weg.", actor=scene.actor, **scene.when)
    told = scene.news()
    assert set(told) == {"booking-proposal-declined"}
    assert set(told["booking-proposal-declined"]) == {JOKE}
    assert "Dan ben ik weg." in words(told["booking-proposal-declined"][JOKE])


def test_a_newer_proposal_takes_the_place_of_the_one_that_waits(scene: Scene) -> None:
    booking = scene.book()
    proposed(scene, booking)
    newer = proposed(scene, booking, EVENING + DAY)
    assert proposals.open_proposals(scene.session, booking) == [newer]


@pytest.mark.parametrize(
    ("told", "after"), [("past", -2 * DAY), ("where it is", 0 * DAY), ("over a year ahead", 400 * DAY)]
)
def test_a_moment_that_cannot_be_is_refused(scene: Scene, told: str, after: timedelta) -> None:
    with pytest.raises(proposals.NotPossible):
        proposed(scene, scene.book(), TEN + after)


def test_there_is_nothing_to_propose_for_a_cancelled_talk(scene: Scene) -> None:
    booking = scene.book()
    services.cancel(scene.session, booking, reason=None, actor=services.VISITOR, **scene.when)
    with pytest.raises(services.Cancelled):
        proposed(scene, booking)


@pytest.mark.usefixtures("firm")
def test_on_the_page_day_hour_and_remark_are_asked(visitor: Visitor) -> None:
    own = own_address(plan(visitor))
    form = visitor.open(own).follow("Ander moment voorstellen").form("Verstuur uw voorstel")
    assert set(form.submit(status=422).errors) == {"day", "hour"}
    past = form.fill({"day": "2026-11-01", "hour": "19:00"}).submit(status=422)
    assert past.errors["day"] == "Kies een moment dat nog moet komen, binnen een jaar."
    page = form.fill({"day": "2026-11-19", "hour": "19:00", "comment": "Na het werk"}).submit()
    assert "U stelde een ander moment voor: donderdag 19 november 2026, 19.00 – 19.30 uur." in page.text


def test_turning_down_what_a_calendar_proposed_answers_that_calendar_too(scene: Scene) -> None:
    booking = scene.book()
    proposal = proposals.propose(scene.session, booking, EVENING, comment=None, by="calendar", **scene.when)
    scene.news()
    proposals.decline(scene.session, proposal, reason=None, actor=scene.actor, **scene.when)
    told = scene.news()["booking-proposal-declined"]
    assert {address: calendars(mail) for address, mail in told.items()} == {JOKE: ["DECLINECOUNTER"]}
    assert booking.sequence == 0
