"""Balance: who has had least of what was their part, over a rolling window.

A fair share is counted per question handed out: everyone who was there at that time had a right to a part
of it, by weight. Who was away or not yet employed had none, so a newcomer starts level and nobody is
flooded on the first day back, also when it was busy or quiet meanwhile. Knows counts and presence; not
topics, rules or pages.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from consult.timespan import Span, merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consult.routing.advisor import Advisor

WINDOW = timedelta(days=90)
"""How far back assignments count; the caller counts over it."""

THOUSANDTHS = 1000
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many questions were handed out, to anyone, in one span (an hour, a day) of the window."""

    span: Span
    questions: int


def share(advisor: Advisor) -> float:
    """What the advisor got over what was fair: 1.0 is exactly the part, less is room for more.

    Until a fair share is known, the count per full weight takes its place. Infinite for weight 0.
    """
    if advisor.weight == 0:
        return math.inf
    if advisor.fair_share:
        return advisor.assigned_count * THOUSANDTHS / advisor.fair_share
    return advisor.assigned_count * 100 / advisor.weight


def ranking(advisors: Iterable[Advisor]) -> dict[int, int]:
    """Place in the queue per advisor id from 0: smallest share, fewest assigned, longest ago, lowest id."""

    def key(advisor: Advisor) -> tuple[float, int, datetime, int]:
        return share(advisor), advisor.assigned_count, advisor.last_assigned_at or _FIRST, advisor.id

    return {advisor.id: place for place, advisor in enumerate(sorted(advisors, key=key))}


def with_fair_shares(advisors: Iterable[Advisor], traffic: Iterable[Traffic]) -> tuple[Advisor, ...]:
    """The same advisors, each with the fair share that follows from `fair_shares`."""
    everyone = tuple(advisors)
    shares = fair_shares(everyone, traffic)
    return tuple(replace(advisor, fair_share=shares[advisor.id]) for advisor in everyone)


def fair_shares(advisors: Iterable[Advisor], traffic: Iterable[Traffic]) -> dict[int, int]:
    """Fair share per advisor id in thousandths of a question, over the window that ``traffic`` covers.

    Each span's questions are divided by weight over who was there, in proportion to the time they were;
    hand in those who left during the window too. ``traffic`` spans do not overlap. The order of both makes
    no difference.
    """
    buckets = sorted(traffic, key=lambda each: each.span.start)
    starts = [bucket.span.start for bucket in buckets]
    everyone = sorted(advisors, key=lambda each: each.id)
    away = {advisor.id: tuple(_away(advisor, buckets, starts)) for advisor in everyone}
    present = [float(sum(advisor.weight for advisor in everyone))] * len(buckets)
    for advisor in everyone:
        for index, part in away[advisor.id]:
            present[index] -= advisor.weight * part
    # Sums of fractions end a hair above zero where nobody was there: such questions are nobody's share.
    per_weight = [
        bucket.questions / weight if weight > 1e-6 else 0.0
        for bucket, weight in zip(buckets, present, strict=True)
    ]
    whole = math.fsum(per_weight)
    return {
        advisor.id: max(
            0, round(THOUSANDTHS * advisor.weight * (whole - _missed(away[advisor.id], per_weight)))
        )
        for advisor in everyone
    }


def _missed(away: Iterable[tuple[int, float]], per_weight: Sequence[float]) -> float:
    return math.fsum(part * per_weight[index] for index, part in away)


def _away(
    advisor: Advisor, buckets: Sequence[Traffic], starts: Sequence[datetime]
) -> Iterator[tuple[int, float]]:
    """Per bucket in which the advisor was away: its index and the part of it (above 0, at most 1)."""
    if not buckets:
        return
    window = Span(starts[0], buckets[-1].span.end)
    for span in merge(each for each in _absent_spans(advisor) if each.overlaps(window)):
        index = max(0, bisect_right(starts, span.start) - 1)
        while index < len(buckets) and starts[index] < span.end:
            shared = buckets[index].span.clipped(span)
            if shared is not None:
                yield index, shared.length / buckets[index].span.length
            index += 1


def _absent_spans(advisor: Advisor) -> Iterator[Span]:
    if advisor.joined_at is not None:
        yield Span(_FIRST, advisor.joined_at)
    if advisor.left_at is not None:
        yield Span(advisor.left_at, _LAST)
    for absence in advisor.absences:
        yield Span(absence.starts_at, absence.ends_at or _LAST)
