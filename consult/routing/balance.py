"""Balance: who has had least of what was their part, over a rolling window.

A fair share is counted per question handed out: everyone who was there at that time had a right to a part
of it, by weight. Who was away or not yet employed had none, so a newcomer starts level and nobody is
flooded on the first day back, also when it was busy or quiet meanwhile. Knows counts and presence; not
topics, rules or pages.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

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
    buckets = sorted((each.span.start, each.span.end, each.questions) for each in traffic)
    everyone = sorted(advisors, key=lambda each: each.id)
    away = {advisor.id: tuple(_away(advisor, buckets)) for advisor in everyone}
    changes = [0.0] * (len(buckets) + 1)
    changes[0] = sum(advisor.weight for advisor in everyone)
    for advisor in everyone:
        for stretch in away[advisor.id]:
            changes[stretch.first] -= advisor.weight * stretch.part
            changes[stretch.after] += advisor.weight * stretch.part
    # What one unit of weight had a right to, from the first bucket up to each next one. Sums of fractions
    # end a hair above zero where nobody was there: such questions are nobody's share.
    upto = [0.0]
    for (_, _, questions), present in zip(buckets, accumulate(changes), strict=False):
        upto.append(upto[-1] + (questions / present if present > 1e-6 else 0.0))
    return {
        advisor.id: max(0, round(THOUSANDTHS * advisor.weight * (upto[-1] - _missed(away[advisor.id], upto))))
        for advisor in everyone
    }


class _Stretch(NamedTuple):
    """Buckets from ``first`` up to but not including ``after``, away for this part of each (0 to 1)."""

    first: int
    after: int
    part: float


def _missed(away: Iterable[_Stretch], upto: Sequence[float]) -> float:
    return math.fsum(each.part * (upto[each.after] - upto[each.first]) for each in away)


def _away(advisor: Advisor, buckets: Sequence[tuple[datetime, datetime, int]]) -> Iterator[_Stretch]:
    """When the advisor was away: at most three stretches per absence, its two ends and all between."""
    if not buckets or not (advisor.absences or advisor.joined_at or advisor.left_at):
        return
    window = Span(buckets[0][0], buckets[-1][1])
    for span in merge(each for each in _absent_spans(advisor) if each.overlaps(window)):
        first = max(0, bisect_right(buckets, span.start, key=_start) - 1)
        after = bisect_left(buckets, span.end, key=_start)
        ends = {first, after - 1}
        for index in ends:
            start, end, _ = buckets[index]
            length = min(end, span.end) - max(start, span.start)
            if length > timedelta():
                yield _Stretch(index, index + 1, length / (end - start))
        if after - first > 2:
            yield _Stretch(first + 1, after - 1, 1.0)


def _start(bucket: tuple[datetime, datetime, int]) -> datetime:
    return bucket[0]


def _absent_spans(advisor: Advisor) -> Iterator[Span]:
    if advisor.joined_at is not None:
        yield Span(_FIRST, advisor.joined_at)
    if advisor.left_at is not None:
        yield Span(advisor.left_at, _LAST)
    for absence in advisor.absences:
        yield Span(absence.starts_at, absence.ends_at or _LAST)
