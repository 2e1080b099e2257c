from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.routing import Absence
from tests.engines.routing.cases import NOW, RIK, advisor, question, roster

if TYPE_CHECKING:
    from collections.abc import Callable

NAIVE = NOW.replace(tzinfo=None)
REFUSED = [
    ("A question at a moment without zone", lambda: question(at=NAIVE)),
    ("An absence at a moment without zone", lambda: Absence(NAIVE)),
    ("An absence that ends before it starts", lambda: Absence(NOW, NOW)),
    ("An advisor who joined at a moment without zone", lambda: advisor(RIK, joined_at=NAIVE)),
    ("A weight below zero", lambda: advisor(RIK, weight=-1)),
    ("Two advisors with one id", lambda: roster(advisor(RIK), advisor(RIK))),
    ("Nobody to alert", lambda: roster(alert_size=0)),
]


@pytest.mark.parametrize(("sentence", "make"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_makes_no_sense_is_refused(sentence: str, make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"never below|zone|ends after|same id|at least one"):
        make()
