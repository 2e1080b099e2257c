"""The decision: who, by which step, and everything that was considered on the way; to store and to read back.

Knows ids, codes, counts and instants; no sentences (`explain` gives codes, screens give texts). The field
names in JSON are stored for years: never renamed, only added to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.routing import plain
from consult.routing.codes import Alarm, Reason, Selection, StepName

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A candidate that fell out, with what belongs to the reason: until when, how many of how many, in what.

    ``until`` is None when the end of the absence is not known. ``stand_in_for`` is set when it was the
    stand-in of that advisor who fell out.
    """

    advisor_id: int
    reason: Reason
    until: datetime | None = None
    open_count: int | None = None
    capacity: int | None = None
    topic_id: int | None = None
    channel: str | None = None
    stand_in_for: int | None = None

    def to_json(self) -> dict[str, object]:
        """Plain fields, those that say nothing left out."""
        return plain.drop_empty(
            {
                "advisor": self.advisor_id,
                "reason": self.reason.value,
                "until": plain.moment_text(self.until),
                "open": self.open_count,
                "capacity": self.capacity,
                "topic": self.topic_id,
                "channel": self.channel,
                "stand_in_for": self.stand_in_for,
            }
        )

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Exclusion:
        """The exclusion that `to_json` wrote; raises `Unreadable`."""
        return cls(
            advisor_id=plain.whole(data, "advisor"),
            reason=plain.member(Reason, data, "reason"),
            until=plain.optional_moment(data, "until"),
            open_count=plain.optional_whole(data, "open"),
            capacity=plain.optional_whole(data, "capacity"),
            topic_id=plain.optional_whole(data, "topic"),
            channel=plain.optional_text(data, "channel"),
            stand_in_for=plain.optional_whole(data, "stand_in_for"),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a free candidate stood in the balance; ``fair_share`` in thousandths of a question."""

    advisor_id: int
    assigned_count: int
    fair_share: int
    weight: int

    def to_json(self) -> dict[str, object]:
        """Plain fields."""
        return {
            "advisor": self.advisor_id,
            "assigned": self.assigned_count,
            "fair_share": self.fair_share,
            "weight": self.weight,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Standing:
        """The standing that `to_json` wrote; raises `Unreadable`."""
        keys = ("advisor", "assigned", "fair_share", "weight")
        return cls(*(plain.whole(data, key) for key in keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its candidates, who fell out and why, and the winner when it decided.

    ``standings`` are those of the first few free candidates, the winner first, where there was a choice to
    make. ``waived`` is what the fallback overlooked in the winner. ``rule_id`` is the rule that held (rules
    only).
    """

    name: StepName
    candidates: tuple[int, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    winner: int | None = None
    selection: Selection = Selection.NOBODY
    stand_in_for: int | None = None
    rule_id: int | None = None
    standings: tuple[Standing, ...] = ()
    waived: tuple[Exclusion, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain fields, those that say nothing left out."""
        return plain.drop_empty(
            {
                "name": self.name.value,
                "candidates": list(self.candidates),
                "exclusions": [each.to_json() for each in self.exclusions],
                "winner": self.winner,
                "selection": self.selection.value,
                "stand_in_for": self.stand_in_for,
                "rule": self.rule_id,
                "standings": [each.to_json() for each in self.standings],
                "waived": [each.to_json() for each in self.waived],
            }
        )

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Step:
        """The step that `to_json` wrote; raises `Unreadable`."""
        return cls(
            name=plain.member(StepName, data, "name"),
            candidates=plain.wholes(data, "candidates"),
            exclusions=tuple(map(Exclusion.from_json, plain.rows(data, "exclusions"))),
            winner=plain.optional_whole(data, "winner"),
            selection=plain.member(Selection, data, "selection"),
            stand_in_for=plain.optional_whole(data, "stand_in_for"),
            rule_id=plain.optional_whole(data, "rule"),
            standings=tuple(map(Standing.from_json, plain.rows(data, "standings"))),
            waived=tuple(map(Exclusion.from_json, plain.rows(data, "waived"))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who gets the question and why. The last of ``steps`` decided; the ones before it found nobody.

    ``advisor_id`` is None only when the fallback could name nobody, and then ``alarm`` says so. ``alert``
    holds, for an urgent question, the ids of all who are told at once, the winner first.
    """

    decided_at: datetime
    steps: tuple[Step, ...]
    rule_version: int
    question_id: int | None = None
    alarm: Alarm | None = None
    alert: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a decision has at least one step")

    @property
    def advisor_id(self) -> int | None:
        """The winner."""
        return self.steps[-1].winner

    @property
    def step(self) -> StepName:
        """The step that decided."""
        return self.steps[-1].name

    @property
    def selection(self) -> Selection:
        """How that step chose."""
        return self.steps[-1].selection

    @property
    def reason(self) -> str:
        """Step and selection as one stable code, for lists and statistics: ``page.least_loaded``."""
        return f"{self.step.value}.{self.selection.value}"

    @property
    def stand_in_for(self) -> int | None:
        """The absent advisor for whom the winner stands in; that advisor stays the owner."""
        return self.steps[-1].stand_in_for

    @property
    def matched_rule(self) -> int | None:
        """The id of the rule that decided."""
        return self.steps[-1].rule_id

    def to_json(self) -> dict[str, object]:
        """Plain dictionaries, lists, texts and whole numbers, with the version of this form."""
        return plain.drop_empty(
            {
                "version": VERSION,
                "question": self.question_id,
                "decided_at": plain.moment_text(self.decided_at),
                "rule_version": self.rule_version,
                "alarm": self.alarm.value if self.alarm else None,
                "alert": list(self.alert),
                "steps": [each.to_json() for each in self.steps],
            }
        )

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Decision:
        """The decision that `to_json` wrote.

        Raises:
            Unreadable: another version, or a field that is missing or not what it should be.
        """
        if plain.whole(data, "version") != VERSION:
            raise plain.Unreadable(f"version {data['version']} of a stored decision is not known here")
        if not data.get("steps"):
            raise plain.Unreadable("steps is missing")
        return cls(
            decided_at=plain.moment(data, "decided_at"),
            steps=tuple(map(Step.from_json, plain.rows(data, "steps"))),
            rule_version=plain.whole(data, "rule_version"),
            question_id=plain.optional_whole(data, "question"),
            alarm=plain.member(Alarm, data, "alarm") if data.get("alarm") is not None else None,
            alert=plain.wholes(data, "alert"),
        )
