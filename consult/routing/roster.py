"""The roster: everyone and everything one decision looks at, as it stands at that moment.

Knows advisors, teams, pages, rules and the fallback; refuses to know where they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from consult.routing.balance import ranking
from consult.routing.rules import RuleSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from consult.routing.advisor import Advisor


@dataclass(frozen=True, slots=True)
class Team:
    """A named group of advisors, a possible target of a rule."""

    id: int
    member_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A contact page: its advisors in the order shown, and its topic.

    Who stands on a page is competent in that page's topic. The advisors are balanced; with
    ``page_order_decides`` the order on the page settles equal shares.
    """

    id: int
    advisor_ids: tuple[int, ...] = ()
    topic_id: int | None = None
    page_order_decides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What exists, to tell rules that ask for something else; an empty set or mapping is not checked."""

    topic_ids: frozenset[int] = frozenset()
    province_of: Mapping[str, str] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    meeting_type_ids: frozenset[int] = frozenset()
    page_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All that one decision needs; only the pages and teams that can matter have to be in it.

    ``fallback_ids`` are tried in order when nobody else can take a question; ``alert_size`` is how many
    people an urgent question is told to at once, the winner included.

    Raises:
        ValueError: two advisors, teams or pages with the same id, or nobody to alert.
    """

    advisors: tuple[Advisor, ...]
    teams: tuple[Team, ...] = ()
    pages: tuple[Page, ...] = ()
    rules: RuleSet = field(default_factory=RuleSet)
    fallback_ids: tuple[int, ...] = ()
    alert_size: int = 3
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def __post_init__(self) -> None:
        for name, group in (("advisors", self.advisors), ("teams", self.teams), ("pages", self.pages)):
            if len({each.id for each in group}) != len(group):
                raise ValueError(f"two {name} of the roster have the same id")
        if self.alert_size < 1:
            raise ValueError("an urgent question is told to at least one advisor")

    @cached_property
    def by_id(self) -> dict[int, Advisor]:
        """Advisors by id, in the order of their ids."""
        return {advisor.id: advisor for advisor in sorted(self.advisors, key=lambda each: each.id)}

    @cached_property
    def rank(self) -> dict[int, int]:
        """Place in the queue per advisor id, 0 for who is next (`balance.ranking`)."""
        return ranking(self.advisors)

    @cached_property
    def pool_ids(self) -> tuple[int, ...]:
        """Everyone who shares in the work that is not anybody's yet: active, with a weight above 0; by id."""
        return tuple(each.id for each in self.by_id.values() if each.active and each.weight)

    @cached_property
    def generalist_ids(self) -> tuple[int, ...]:
        """Those of the pool who are competent in every topic, by id."""
        return tuple(each for each in self.pool_ids if self.by_id[each].generalist)

    def named_for_topic(self, topic_id: int) -> tuple[int, ...]:
        """Those of the pool who have this topic among theirs, by id."""
        return tuple(each for each in self.pool_ids if topic_id in self.by_id[each].topic_ids)

    def page(self, page_id: int | None) -> Page | None:
        """The page with this id; None without one, or when the roster does not hold it."""
        return self._pages.get(page_id) if page_id is not None else None

    def members(self, team_id: int | None) -> tuple[int, ...]:
        """The members of the team by id; nobody when there is no such team."""
        team = self._teams.get(team_id) if team_id is not None else None
        return tuple(sorted(team.member_ids)) if team else ()

    def has_team(self, team_id: int) -> bool:
        """Whether the roster holds this team."""
        return team_id in self._teams

    def with_assignment(self, advisor_id: int, at: datetime) -> Roster:
        """The roster after one more question was assigned to this advisor at the instant.

        Raises:
            KeyError: no such advisor.
        """
        given = self.by_id[advisor_id]
        after = replace(
            given,
            assigned_count=given.assigned_count + 1,
            open_count=given.open_count + 1,
            last_assigned_at=at,
        )
        return replace(self, advisors=tuple(after if each is given else each for each in self.advisors))

    @cached_property
    def _pages(self) -> dict[int, Page]:
        return {page.id: page for page in self.pages}

    @cached_property
    def _teams(self) -> dict[int, Team]:
        return {team.id: team for team in self.teams}
