"""Fifty want the same, as threads of two processes: exactly one wins, and no loser hears anything by mail.

A few rounds here; ``python bench/race.py`` plays twenty of each contest on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.booking import contests
from tests.booking.arena import arena

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.proof

ROUNDS, TAKERS = 3, 50


@pytest.mark.both_databases
def test_of_fifty_takers_exactly_one_wins_and_nobody_else_gets_a_mail(
    app: Flask, settings: Settings, transaction: Transaction
) -> None:
    with transaction() as session:
        contests.prepare(session, settings, ROUNDS)
    won = 0
    with arena(app, settings, threads=TAKERS // 2) as everybody:
        for number in range(ROUNDS):
            for contest in contests.CONTESTS:
                won += contests.winners(contest, everybody.round(number, contest), TAKERS)
    with transaction() as session:
        contests.nobody_else_heard(session, won)
