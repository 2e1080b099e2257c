"""Why a moment is not free, in words; what contradicts in the rules; and what was never on offer is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from consult.activity.services import VISITOR
from consult.availability import Rule
from consult.booking import holds, reasons, services
from consult.booking.models import BusyPeriod
from consult.booking.offering import Wish, offer
from consult.booking.placing import NotOffered, SlotTaken, Withdrawn
from consult.booking.taking import stretch
from consult.timespan import Span
from tests.booking.acts import details
from tests.booking.scene import DAY, HOUR, TEN
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.booking.scene import Scene
    from tests.support.pages import Visitor

MINUTE = timedelta(minutes=1)


def why(scene: Scene, at: datetime = TEN) -> list[str]:
    return reasons.why_not(scene.session, Wish(scene.kind, (scene.rik.id,)), at, now=scene.now)[scene.rik.id]


def absent(scene: Scene) -> None:
    rows.create_absence(scene.session, scene.rik, TEN - HOUR, TEN + HOUR)


def in_a_group(scene: Scene) -> None:
    span = Span(TEN, TEN + HOUR)
    scene.session.add(BusyPeriod(advisor_id=scene.rik.id, kind=4, **stretch(span, scene.kind)))
    scene.session.flush()


def kept(scene: Scene) -> None:
    holds.hold(scene.session, Wish(scene.kind, (scene.rik.id,)), TEN, "k" * 20, now=scene.now)


def pending(scene: Scene) -> None:
    scene.kind.approval = True
    scene.book()


def set_rule(**rules: int) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        for name, value in rules.items():
            setattr(scene.kind, name, value)

    return act


def full_day(scene: Scene) -> None:
    scene.kind.per_day = 1
    scene.book(TEN + 3 * HOUR)


def full_week(scene: Scene) -> None:
    scene.kind.per_week = 1
    scene.book(TEN + DAY)


CASES: list[tuple[Callable[[Scene], object], datetime, str]] = [
    (absent, TEN, "Afwezig tot donderdag 19 november 11.00 uur."),
    (lambda scene: scene.book(), TEN, "Er is al een gesprek: 10.00 – 10.30 uur."),
    (lambda scene: scene.book(), TEN + 30 * MINUTE, "Rusttijd na het gesprek van 10.00 uur."),
    (lambda scene: scene.book(), TEN - 30 * MINUTE, "Rusttijd voor het gesprek van 10.00 uur."),
    (pending, TEN, "Er wacht een gesprek op akkoord: 10.00 – 10.30 uur."),
    (kept, TEN, "Iemand is dit moment aan het boeken: 10.00 – 10.30 uur."),
    (in_a_group, TEN, "Er is een bijeenkomst: 10.00 – 11.00 uur."),
    (full_day, TEN, "De grens van 1 per dag is bereikt."),
    (full_week, TEN, "De grens van 1 per week is bereikt."),
    (
        set_rule(notice_minutes=960),
        TEN,
        "Dit is te kort van tevoren. Het kan vanaf vrijdag 20 november 11.00 uur.",
    ),
    (set_rule(horizon_days=0), TEN, "Dit is te ver vooruit. Het kan tot donderdag 19 november 00.00 uur."),
    (set_rule(), TEN + 7 * MINUTE, "Gesprekken beginnen op een rooster vanaf 09.00 uur."),
    (set_rule(), TEN + 9 * HOUR, "Buiten werktijd: 19.00 – 19.30 uur."),
    (set_rule(), TEN - 2 * DAY, "Dit moment is voorbij."),
    (
        set_rule(horizon_days=60),
        datetime.fromisoformat("2026-12-25T09:00:00+00:00"),
        "Feestdag: vrijdag 25 december.",
    ),
]


@pytest.mark.parametrize(("act", "at", "said"), CASES, ids=[said for _act, _at, said in CASES])
def test_every_rule_says_why_and_what_is_not_offered_is_refused(
    scene: Scene, act: Callable[[Scene], object], at: datetime, said: str
) -> None:
    act(scene)
    told = why(scene, at)
    assert said in told
    with pytest.raises(SlotTaken):
        scene.book(at, email="piet@gemeente.example")


def test_a_moment_that_is_offered_has_nothing_against_it(scene: Scene) -> None:
    scene.book(TEN + HOUR)
    wish = Wish(scene.kind, (scene.rik.id,))
    offered = {slot.start for slot in offer(scene.session, wish, TEN.date(), TEN.date(), now=scene.now)}
    for quarter in range(96):
        at = TEN - 9 * HOUR + quarter * timedelta(minutes=15)
        assert (why(scene, at) == []) == (at in offered), at


def test_every_rule_of_the_engine_has_words() -> None:
    assert {rule.name for rule in Rule} == {
        "PAST", "NOTICE", "HORIZON", "OUTSIDE_HOURS", "DAY_CHANGED", "HOLIDAY", "OFF_STEP", "ABSENT", "BUSY",
        "BUFFER_AFTER", "BUFFER_BEFORE", "DAY_LIMIT", "WEEK_LIMIT", "VISITOR_LIMIT", "NO_SEATS",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({}, []),
        ({"per_day": 5, "per_week": 3}, ["De grens per dag (5) is hoger dan die per week (3)."]),
        ({"minutes": 540}, ["Het gesprek duurt 9 uur, maar het langste blok werktijd is 8 uur."]),
        (
            {"step_minutes": 600},
            ["Om de 10 uur begint een gesprek, maar het langste blok werktijd is 8 uur."],
        ),
        (
            {"notice_minutes": 990, "horizon_days": 1},
            ["U vraagt 16 uur en 30 minuten werktijd vooraf, maar binnen de termijn is er maar 16 uur."],
        ),
    ],
)
def test_rules_that_contradict_are_told(scene: Scene, rules: dict[str, int], said: list[str]) -> None:
    set_rule(**rules)(scene)
    assert reasons.contradictions_of(scene.session, scene.kind, now=scene.now) == said


def test_hours_of_one_person_are_told_with_the_name(scene: Scene) -> None:
    rows.create_advisor(scene.session, "Mirte Smit", weekdays=())
    told = reasons.contradictions_of(scene.session, scene.kind, now=scene.now)
    assert told == ["Mirte Smit: Er zijn geen werktijden. Er wordt nooit een moment aangeboden."]


BAD = [
    ("never offered: at night", "2026-11-19T01:00:00Z", 409),
    ("past", "2026-11-18T09:00:00Z", 409),
    ("long past", "1999-01-01T09:00:00Z", 409),
    ("off the step", "2026-11-19T09:07:00Z", 409),
    ("seconds", "2026-11-19T09:00:30Z", 409),
    ("the wall clock of another zone", "2026-11-19T09:00:00+09:00", 409),
    ("years ahead", "2999-11-19T09:00:00Z", 409),
    ("without a zone", "2026-11-19T09:00:00", 422),
    ("no moment at all", "morgen", 422),
    ("an hour that no day has", "2026-11-19T25:00:00Z", 422),
]


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(("told", "slot", "status"), BAD, ids=[told for told, _slot, _status in BAD])
def test_a_moment_that_never_was_on_offer_is_refused_with_a_reason(
    visitor: Visitor, told: str, slot: str, status: int
) -> None:
    form = details(visitor)
    form.values["slot"] = [slot]
    assert form.submit(status=status).errors["slot"], told


def test_a_place_where_this_kind_of_talk_is_not_held_is_refused(scene: Scene) -> None:
    with pytest.raises(NotOffered):
        scene.book(place="visit")


def test_a_talk_that_was_withdrawn_meanwhile_is_refused_to_visitors_and_not_to_advisors(scene: Scene) -> None:
    scene.kind.active = False
    with pytest.raises(Withdrawn):
        scene.book()
    assert scene.book(by_rik=True).meeting_type is scene.kind


def test_a_talk_of_twenty_five_hours_fits_nowhere(scene: Scene) -> None:
    scene.kind.minutes = 25 * 60
    with pytest.raises(SlotTaken) as refused:
        scene.book()
    assert refused.value.alternatives == ()
    assert reasons.contradictions_of(scene.session, scene.kind, now=scene.now)


def test_somebody_who_is_not_asked_for_never_gets_the_talk(scene: Scene) -> None:
    rows.create_advisor(scene.session, "Mirte Smit")
    scene.book()
    with pytest.raises(SlotTaken):
        scene.book(email="piet@gemeente.example")


def test_who_left_while_the_form_was_filled_in_gets_no_talk(scene: Scene) -> None:
    wanted = scene.wanted(TEN)
    scene.rik.active = False
    scene.session.flush()
    wish = wanted.wish("Europe/Amsterdam", VISITOR)
    assert not offer(scene.session, wish, TEN.date(), TEN.date(), now=scene.now)
    with pytest.raises(SlotTaken) as refused:
        services.book(scene.session, wanted, **scene.when)
    assert refused.value.alternatives == ()
