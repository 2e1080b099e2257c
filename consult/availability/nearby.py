"""What to offer instead of a moment that is gone.

Chooses from slots that are offered, so whatever it names may be booked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.timespan import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.availability.asking import Slot


def alternatives(
    offered: Iterable[Slot], wanted: datetime, host: int | None = None, count: int = 3
) -> tuple[Slot, ...]:
    """At most ``count`` slots in place of ``wanted``: the best first.

    First another host at that very moment (one slot, with all who can), then the wanted ``host`` as near to it
    as can be, then others as near as can be. Without a host, only nearness counts. Of two slots equally near,
    the earlier one goes first. A slot with the wanted host names no other.

    Raises:
        ValueError: ``wanted`` is naive.
    """
    wanted = as_utc(wanted)

    def rank(slot: Slot) -> tuple[int, float, datetime]:
        away = abs((slot.start - wanted).total_seconds())
        preferred = host is None or host in slot.hosts
        at_once = host is not None and not away
        return (0 if at_once else 1 if preferred else 2, away, slot.start)

    best = sorted(offered, key=rank)[:count]
    return tuple(slot._replace(hosts=(host,)) if host in slot.hosts else slot for slot in best)
