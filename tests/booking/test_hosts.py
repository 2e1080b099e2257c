"""Several advisors hold one talk together: what is offered, whose time is taken, who is told, and who comes instead."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.availability import minute_of
from consult.booking import holds, hosts, services
from consult.booking.handing_over import NotFree, SameAdvisor, give_place, hand_over
from consult.booking.hosts import candidates, with_whom
from consult.booking.models import BusyPeriod, Invitation
from consult.booking.offering import Wish, offer
from consult.booking.placing import SlotTaken
from consult.booking.reasons import contradictions_of
from tests.booking.scene import DAY, HOUR, JOKE, RIK, TEN, Scene, calendars, words
from tests.support import rows

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

SHARE_NOTHING = "Deze adviseurs hebben samen geen tijd waarin dit gesprek past."
MIRTE, SAM = "mirte@bureau.example", "sam@bureau.example"
TWO = TEN + 4 * HOUR


class Pair(Scene):
    """Rik works all day, Mirte in the afternoon, Sam all day; Rik and Mirte hold the kind of talk together."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mirte: Advisor = rows.create_advisor(self.session, "Mirte Smit", hours=(time(13), time(17)))
        self.sam: Advisor = rows.create_advisor(self.session, "Sam Bos")
        self.kind.host_ids = [self.rik.id, self.mirte.id]

    @property
    def ids(self) -> tuple[int, ...]:
        return candidates(self.session, self.kind)

    def moments(self) -> list[datetime]:
        wish = Wish(self.kind, self.ids, together=True)
        return [slot.start for slot in offer(self.session, wish, TEN.date(), TEN.date(), now=self.now)]

    def talk(self, starts_at: datetime = TWO, **changed: object) -> Booking:
        return self.book(starts_at, advisor_ids=self.ids, **changed)

    def busy(self) -> list[tuple[int, int, int | None]]:
        query = select(BusyPeriod.advisor_id, BusyPeriod.start_minute, BusyPeriod.booking_id)
        return [tuple(row) for row in self.session.execute(query.order_by(BusyPeriod.advisor_id))]


@pytest.fixture
def pair(session: DbSession, settings: Settings) -> Pair:
    return Pair(session, settings)


def test_only_moments_at_which_all_are_free_are_offered_and_only_those_are_taken(pair: Pair) -> None:
    single = rows.create_meeting_type(pair.session, "los")
    pair.book(TWO + HOUR, meeting_type=single, advisor_ids=(pair.mirte.id,), email="anne@gemeente.example")
    offered = pair.moments()
    assert offered[0] == TEN + 3 * HOUR, "Mirte comes in at one"
    assert TWO in offered
    assert TWO + HOUR not in offered, "Mirte has a talk"
    for quarter in range(32):
        at = TEN - HOUR + quarter * timedelta(minutes=15)
        if at in offered:
            continue
        with pytest.raises(SlotTaken) as refused:
            pair.talk(at)
        assert all(slot.start in offered for slot in refused.value.alternatives if slot.start < TEN + DAY)
    assert pair.talk(offered[0])


@pytest.mark.both_databases
def test_the_talk_takes_the_time_of_each_and_is_told_to_each(pair: Pair) -> None:
    talk = pair.talk(guests=("piet@gemeente.example",))
    start = minute_of(TWO)
    assert pair.busy() == [(pair.rik.id, start, talk.id), (pair.mirte.id, start, talk.id)]
    told = pair.news()["booking-confirmed"]
    assert set(told) == {JOKE, RIK, MIRTE, "piet@gemeente.example"}
    assert all(calendars(mail) == ["REQUEST"] for mail in told.values())
    assert "Rik de Wit en Mirte Smit" in words(told[JOKE])
    assert words(told[MIRTE]).startswith("Dag Mirte")
    assert "/werkplek/" in words(told[MIRTE])
    assert with_whom(talk, "en") == "Rik de Wit and Mirte Smit"


@pytest.mark.both_databases
def test_neither_can_be_had_by_anybody_else_at_that_time(pair: Pair) -> None:
    pair.talk()
    single = rows.create_meeting_type(pair.session, "los")
    for advisor in (pair.rik, pair.mirte):
        with pytest.raises(SlotTaken):
            pair.book(TWO, meeting_type=single, advisor_ids=(advisor.id,), email="anne@gemeente.example")


def test_the_limit_of_one_of_them_is_the_limit_of_the_talk(pair: Pair) -> None:
    pair.kind.per_day = 1
    single = rows.create_meeting_type(pair.session, "los")
    pair.book(TWO + 2 * HOUR, meeting_type=single, advisor_ids=(pair.mirte.id,), email="a@gemeente.example")
    assert pair.moments() == []
    with pytest.raises(SlotTaken):
        pair.talk()


@pytest.mark.both_databases
def test_a_hold_keeps_all_of_them_and_becomes_the_talk(pair: Pair) -> None:
    key = "k" * 20
    wish = Wish(pair.kind, pair.ids, together=True)
    for moment in (TWO + HOUR, TWO):
        holds.hold(pair.session, wish, moment, key, now=pair.now)
    assert [row[:2] for row in pair.busy()] == [
        (pair.rik.id, minute_of(TWO)),
        (pair.mirte.id, minute_of(TWO)),
    ]
    with pytest.raises(SlotTaken):
        pair.talk(email="anne@gemeente.example")
    talk = pair.talk(hold_key=key)
    assert [row[2] for row in pair.busy()] == [talk.id, talk.id]


@pytest.mark.both_databases
def test_moved_and_cancelled_it_moves_and_frees_all_of_them(pair: Pair) -> None:
    talk = pair.talk()
    pair.news()
    with pytest.raises(SlotTaken):
        services.move(pair.session, talk, TEN, actor=services.VISITOR, **pair.when)
    days = TEN.date(), TEN.date()
    others = services.other_moments(pair.session, talk, *days, **pair.when)
    assert others[0].start == TEN + 3 * HOUR
    services.move(pair.session, talk, TWO + timedelta(minutes=15), actor=services.VISITOR, **pair.when)
    assert {row[1] for row in pair.busy()} == {minute_of(TWO) + 15}
    moved = pair.news()["booking-moved"]
    assert set(moved) == {JOKE, RIK, MIRTE}
    services.cancel(pair.session, talk, reason=None, actor=services.VISITOR, **pair.when)
    assert pair.busy() == []
    gone = pair.news()["booking-cancelled"]
    assert set(gone) == {JOKE, RIK, MIRTE}
    assert all(calendars(mail) == ["CANCEL"] for mail in gone.values())


def place_of(talk: Booking, advisor: Advisor) -> Invitation:
    place = hosts.invitation_of(talk, advisor.id)
    assert place is not None
    return place


@pytest.mark.both_databases
@pytest.mark.parametrize("leads", [True, False], ids=["the one who leads", "the other"])
def test_one_of_them_is_replaced_and_everybody_hears_it(pair: Pair, *, leads: bool) -> None:
    talk = pair.talk()
    pair.news()
    old, stays = (pair.rik, pair.mirte) if leads else (pair.mirte, pair.rik)
    with pytest.raises(SameAdvisor):
        hand_over(pair.session, talk, stays, by=old, why="Ik ben ziek.", **pair.when)
    hand_over(pair.session, talk, pair.sam, by=old, why="Ik ben ziek.", **pair.when)
    assert set(hosts.host_ids(talk)) == {stays.id, pair.sam.id}
    assert (talk.advisor_id == pair.sam.id) == leads
    assert {row[0] for row in pair.busy()} == {stays.id, pair.sam.id}
    told = pair.news()
    assert {who: calendars(mail) for who, mail in told["booking-passed-on"].items()} == {
        old.email: ["CANCEL"]
    }
    heard = told["booking-handed-over"]
    assert set(heard) == {JOKE, SAM, stays.email}
    assert "Een collega droeg dit gesprek aan u over." in words(heard[SAM])
    assert "Ik ben ziek." in words(heard[SAM])
    assert "Sam Bos" in words(heard[stays.email])
    assert "Ik ben ziek." not in words(heard[JOKE])


def test_who_is_not_free_does_not_come_instead_and_nothing_changes(pair: Pair) -> None:
    talk = pair.talk()
    single = rows.create_meeting_type(pair.session, "los")
    pair.book(TWO, meeting_type=single, advisor_ids=(pair.sam.id,), email="anne@gemeente.example")
    before = pair.busy()
    with pytest.raises(NotFree):
        give_place(pair.session, place_of(talk, pair.mirte), pair.sam, by=pair.rik, why="Ziek.", **pair.when)
    assert pair.busy() == before
    assert set(hosts.host_ids(talk)) == {pair.rik.id, pair.mirte.id}


def test_when_one_has_left_nobody_can_have_the_talk(pair: Pair) -> None:
    pair.mirte.active = False
    pair.session.flush()
    assert candidates(pair.session, pair.kind) == ()
    assert candidates(pair.session, rows.create_meeting_type(pair.session, "los"), named=pair.rik.id) == (
        pair.rik.id,
    )


def test_another_advisors_kind_of_talk_is_nobody_elses(pair: Pair) -> None:
    assert candidates(pair.session, pair.kind, named=pair.sam.id) == ()
    assert candidates(pair.session, pair.kind, named=pair.mirte.id) == (pair.rik.id, pair.mirte.id)
    single = rows.create_meeting_type(pair.session, "los")
    assert hosts.held_with((pair.kind, single), pair.sam.id) == [single]


@pytest.mark.parametrize(
    ("sentence", "with_sam", "told"),
    [
        ("the afternoon is shared", (time(9), time(17)), []),
        ("one stops where the other begins", (time(9), time(13)), [SHARE_NOTHING]),
        ("a quarter is shared, and the talk takes longer", (time(9), time(13, 15)), [SHARE_NOTHING]),
    ],
)
def test_hosts_who_share_no_hours_are_told_when_the_kind_is_saved(
    pair: Pair, sentence: str, with_sam: tuple[time, time], told: list[str]
) -> None:
    anne = rows.create_advisor(pair.session, "Anne Vos", hours=with_sam)
    pair.kind.host_ids = [pair.mirte.id, anne.id]
    assert contradictions_of(pair.session, pair.kind, now=pair.now) == told, sentence


def test_a_move_that_crosses_a_hand_over_is_judged_by_who_holds_the_talk_now(pair: Pair) -> None:
    talk = pair.talk()
    assert hosts.host_ids(talk) == (pair.rik.id, pair.mirte.id)
    # As another transaction left it, after this one had read the talk.
    theirs = update(Invitation.__table__).where(Invitation.__table__.c.advisor_id == pair.mirte.id)
    pair.session.connection().execute(theirs.values(advisor_id=pair.sam.id))
    with pytest.raises(SlotTaken):
        services.move(pair.session, talk, TWO + HOUR, actor=services.VISITOR, **pair.when)
    assert talk.starts_at == TWO
