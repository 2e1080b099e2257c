"""The nightly round: everything that was kept long enough goes, part by part, each part in a transaction of its own.

Nobody waits long for a lock, and a round that was broken off is finished by the next one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog

from consult.privacy import retention
from consult.privacy.files import scrub

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Engine

    from consult.database import DbSession

log = structlog.get_logger("consult.privacy")


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], engine: Engine, *, zone: str, now: datetime
) -> Mapping[str, int] | None:
    """Do this night's round when nobody did; gives its numbers, or None when there was nothing to do."""
    with begin() as session:
        if not retention.is_due(session, zone=zone, now=now):
            return None
    counts = let_go(begin, now=now)
    with begin() as session:
        retention.conclude(session, counts, now=now)
    scrubbed = scrub(engine)
    log.info("retention done", scrubbed=scrubbed, **counts)
    return counts


def let_go(
    begin: Callable[[], AbstractContextManager[DbSession]],
    *,
    now: datetime,
    told: Callable[[Mapping[str, int]], None] | None = None,
) -> dict[str, int]:
    """Purge until nothing is left that is past its time; ``told`` hears of each part."""
    total: Counter[str] = Counter()
    while True:
        with begin() as session:
            counts = retention.purge(session, now=now)
        if not counts:
            return dict(total)
        total.update(counts)
        if told is not None:
            told(counts)
