"""Fifty threads in two processes want the same, twenty times: exactly one wins, and no loser hears anything by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.groups.models import Seat
from consult.booking.models import Booking, Invitation
from consult.outbox.models import OutgoingMail
from tests.booking import fire
from tests.booking.arena import arena
from tests.booking.contests import CONTESTS, prepare

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

ROUNDS, THREADS = 20, 25
EACH = 2 * THREADS // len(CONTESTS)


@pytest.mark.both_databases
def test_exactly_one_wins_and_nobody_else_gets_a_mail(
    app: Flask, settings: Settings, transaction: Transaction
) -> None:
    with transaction() as session:
        prepare(session, settings, ROUNDS)
    won = 0
    with arena(app, settings, threads=THREADS) as everybody:
        for number in range(ROUNDS):
            answers = everybody.round(number)
            together = answers.pop("together")
            assert together["won"] in {1, 2}, f"round {number}: both at once, or each apart: {together}"
            assert together["won"] + together["lost"] == EACH, together
            won += together["won"]
            for contest, given in answers.items():
                assert given == {"won": 1, "lost": EACH - 1}, f"round {number}, {contest}"
                won += 1
    with transaction() as session:
        fire.no_overlap(session)
        talks = set(session.scalars(select(Booking.email)))
        seats = set(session.scalars(select(Seat.email)))
        assert len(seats) == ROUNDS
        assert len(talks) + len(seats) == won
        told = session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.event != "seat-host")).all()
        assert len(told) == len(seats) + len(session.scalars(select(Invitation)).all()), "each is told once"
        assert {address for address in told if address.endswith("@gemeente.example")} == talks | seats
