from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.availability import (
    Days,
    Host,
    Slot,
    Terms,
    decide,
    instant_at,
    minute_of,
    offer,
    together,
    who_can,
    why_not,
)
from tests.engines.availability.cases import AMSTERDAM, situations
from tests.engines.availability.oracle import Oracle

if TYPE_CHECKING:
    from random import Random

pytestmark = pytest.mark.proof

Situation = tuple[list[Host], Terms, date]


def asked(hosts: list[Host], anchor: date) -> Days:
    day = timedelta(days=1)
    return Days(anchor - day, anchor + day, hosts[0].schedule.week.zone)


def every_five_minutes(days: Days) -> range:
    return range(minute_of(days.span.start), minute_of(days.span.end), 5)


def oracles(hosts: list[Host], terms: Terms, anchor: date) -> list[Oracle]:
    far = timedelta(days=3)
    return [Oracle(host, anchor - far, anchor + far, terms) for host in hosts]


def starts(slots: tuple[Slot, ...]) -> list[int]:
    return [minute_of(slot.start) for slot in slots]


@settings(max_examples=60)
@given(situations())
def test_the_engine_offers_exactly_what_a_minute_by_minute_look_finds(situation: Situation) -> None:
    hosts, terms, anchor = situation
    days = asked(hosts, anchor)
    (oracle,) = oracles(*situation)
    assert starts(offer(hosts, days, terms)) == [m for m in every_five_minutes(days) if oracle.may(m)]


@settings(max_examples=60)
@given(situations(), st.lists(st.integers(0, 4400 * 60), min_size=5, max_size=25))
def test_offered_is_bookable_is_without_refusal(situation: Situation, elsewhere: list[int]) -> None:
    hosts, terms, anchor = situation
    days = asked(hosts, anchor)
    offered = {slot.start for slot in offer(hosts, days, terms)}
    probes = {days.span.start + timedelta(minutes=second // 60 // 5 * 5) for second in elsewhere}
    probes |= {days.span.start + timedelta(seconds=second) for second in elsewhere[:5]}
    probes |= set(sorted(offered)[:10])
    for start in probes:
        if start not in days.span:
            continue
        allowed = start in offered
        assert decide(hosts, start, terms) is allowed, start
        assert (why_not(hosts, start, terms) == ()) is allowed, start
        assert who_can(hosts, start, terms) == tuple(host.id for host in hosts if allowed), start


@settings(max_examples=60)
@given(situations())
def test_a_slot_never_overlaps_busy_time_and_lies_in_working_hours(situation: Situation) -> None:
    (host,), terms, anchor = situation
    rules = host.schedule.rules
    for slot in offer([host], asked([host], anchor), terms):
        assert slot.end - slot.start == rules.length
        first, last = minute_of(slot.start), minute_of(slot.end)
        for row in host.busy:
            assert last + rules.buffer_after // timedelta(minutes=1) <= row[0] or row[1] <= first - (
                rules.buffer_before // timedelta(minutes=1)
            )
        assert any(begin <= first and last <= end for begin, end in host.schedule.working)


@settings(max_examples=40)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_busy_rows_does_not_matter(situation: Situation, chance: Random) -> None:
    (host,), terms, anchor = situation
    turned = replace(host, busy=chance.sample(list(host.busy), len(host.busy)))
    days = asked([host], anchor)
    assert offer([host], days, terms) == offer([turned], days, terms)
    for slot in every_five_minutes(days)[::97]:
        assert set(why_not([host], instant_at(slot), terms)) == set(
            why_not([turned], instant_at(slot), terms)
        )


@settings(max_examples=40)
@given(situations(hosts=3))
def test_any_of_several_is_the_union_of_what_each_alone_is_offered(situation: Situation) -> None:
    hosts, terms, anchor = situation
    days = asked(hosts, anchor)
    alone = {host.id: {slot.start for slot in offer([host], days, terms)} for host in hosts}
    slots = offer(hosts, days, terms)
    assert [slot.start for slot in slots] == sorted(set().union(*alone.values()))
    for slot in slots:
        assert slot.hosts == tuple(number for number in alone if slot.start in alone[number])
    assert offer(hosts, days, terms, at_most=2) == slots[:2]
    for slot in slots[::7]:
        assert who_can(hosts, slot.start, terms) == slot.hosts


@settings(max_examples=40)
@given(situations(hosts=2))
def test_together_is_when_each_may_on_the_steps_of_the_first(situation: Situation) -> None:
    hosts, terms, anchor = situation
    days = asked(hosts, anchor)
    lead, other = oracles(*situation)
    slots = together(hosts, days, terms)
    both = [m for m in every_five_minutes(days) if lead.may(m) and other.may(m, leads=False)]
    assert starts(slots) == both
    for minute in [*both[:5], *every_five_minutes(days)[::83]]:
        allowed = minute in both
        assert decide(hosts, instant_at(minute), terms) is allowed
        assert (why_not(hosts, instant_at(minute), terms) == ()) is allowed


@settings(max_examples=25)
@given(situations(), st.integers(-400, 400))
def test_any_day_can_be_decided_and_explained_however_the_schedule_was_compiled(
    situation: Situation, ahead: int
) -> None:
    hosts, terms, anchor = situation
    far = replace(hosts[0].schedule.rules, horizon=500)
    compiled = [replace(hosts[0], schedule=replace(hosts[0].schedule, rules=far))]
    start = datetime(anchor.year, anchor.month, anchor.day, 9, tzinfo=AMSTERDAM) + timedelta(days=ahead)
    assert decide(compiled, start, terms) is (why_not(compiled, start, terms) == ())


@settings(max_examples=25)
@given(situations(), st.sampled_from(["Pacific/Auckland", "Pacific/Pago_Pago", "Europe/Amsterdam"]))
def test_the_zone_of_the_visitor_only_says_which_dates_are_meant(situation: Situation, name: str) -> None:
    hosts, terms, anchor = situation
    zone = ZoneInfo(name)
    for ahead in (-1, 0, 1):
        day = anchor + timedelta(days=ahead)
        slots = offer(hosts, Days(day, day, zone), terms)
        assert all(slot.start.astimezone(zone).date() == day for slot in slots)
        assert all(decide(hosts, slot.start, terms) for slot in slots[:5])
