"""Small houses for the routing tests: advisors that can do everything unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from consult.routing import Absence, Advisor, Conditions, Page, Question, Roster, Rule, RuleSet, Team

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ALL_CHANNELS = frozenset({"email", "phone", "whatsapp"})
RIK, MIRTE, SANNE, JOOST, NADIA = 1, 2, 3, 4, 5
POLARISATION, INCLUSION, SAFETY = 11, 12, 13


def advisor(advisor_id: int, **changes: Any) -> Advisor:
    """An advisor with every channel, competent in polarisation and inclusion."""
    competence = frozenset({POLARISATION, INCLUSION})
    return Advisor(**{"id": advisor_id, "channels": ALL_CHANNELS, "topic_ids": competence, **changes})


def away(stand_in: int | None = None, *, days: int = 7) -> tuple[Absence, ...]:
    """On leave since yesterday, for so many days from now."""
    return (Absence(NOW - DAY, NOW + days * DAY, stand_in),)


def roster(*advisors: Advisor, **parts: Any) -> Roster:
    """A roster with Nadia as its fallback, competent in nothing and not in anybody's way."""
    nadia = advisor(NADIA, topic_ids=frozenset(), weight=0)
    everyone = advisors if any(each.id == NADIA for each in advisors) else (*advisors, nadia)
    return Roster(**{"advisors": everyone, "fallback_ids": (NADIA,), **parts})


def asking(**asked: Any) -> Conditions:
    """Conditions from any collections of values."""
    return Conditions(**{name: frozenset(values) for name, values in asked.items()})


def question(**changes: Any) -> Question:
    """A question of today, to be answered by mail."""
    return Question(**{"at": NOW, "id": 412, "channel": "email", **changes})


_IDS = st.integers(1, 6)
_TOPICS = st.sampled_from((POLARISATION, INCLUSION, SAFETY))
_INSTANTS = st.integers(-48, 48).map(lambda hours: NOW + timedelta(hours=hours))


def _absence(draw: st.DrawFn) -> Absence:
    start = draw(_INSTANTS)
    length = draw(st.one_of(st.none(), st.integers(1, 72)))
    end = None if length is None else start + timedelta(hours=length)
    return Absence(start, end, draw(st.one_of(st.none(), _IDS)))


absences = st.lists(st.composite(_absence)(), max_size=2).map(tuple)


def advisors(advisor_id: int) -> st.SearchStrategy[Advisor]:
    """Any advisor with this id."""
    return st.builds(
        Advisor,
        id=st.just(advisor_id),
        channels=st.frozensets(st.sampled_from(sorted(ALL_CHANNELS)), min_size=1),
        topic_ids=st.frozensets(_TOPICS),
        generalist=st.sampled_from((False, False, False, True)),
        active=st.sampled_from((True, True, True, False)),
        weight=st.sampled_from((0, 50, 100)),
        capacity=st.one_of(st.none(), st.integers(0, 3)),
        open_count=st.integers(0, 3),
        assigned_count=st.integers(0, 3),
        fair_share=st.sampled_from((0, 1000, 2000)),
        last_assigned_at=st.one_of(st.none(), _INSTANTS),
        absences=absences,
    )


conditions = st.builds(
    Conditions,
    topic_ids=st.frozensets(_TOPICS, max_size=2),
    municipality_codes=st.frozensets(st.sampled_from(("GM0363", "GM0599")), max_size=1),
    provinces=st.frozensets(st.sampled_from(("NH", "ZH")), max_size=1),
    languages=st.frozensets(st.sampled_from(("nl", "EN")), max_size=1),
    channels=st.frozensets(st.sampled_from(("email", "phone")), max_size=1),
    meeting_type_ids=st.frozensets(st.integers(1, 2), max_size=1),
    page_ids=st.frozensets(st.integers(1, 2), max_size=1),
    organisation_domains=st.frozensets(st.sampled_from(("amsterdam.nl", "zorg.amsterdam.nl")), max_size=1),
    words=st.frozensets(st.sampled_from(("jeugd", "jeugd*", "jeugd en zorg", "zorg pl*", "!")), max_size=2),
)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """Up to six rules, some of them off."""
    asked = draw(st.lists(conditions, max_size=6))
    rules = tuple(
        Rule(
            id=100 + place,
            conditions=each,
            advisor_ids=tuple(draw(st.lists(_IDS, max_size=2))),
            team_id=draw(st.sampled_from((None, 1, 9))),
            on=draw(st.booleans()),
        )
        for place, each in enumerate(asked)
    )
    return RuleSet(version=3, rules=rules)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Up to five advisors; pages, rules and the fallback may name a sixth who is not there."""
    ids = draw(st.lists(st.integers(1, 5), unique=True, max_size=5))
    named = st.lists(_IDS, max_size=3).map(tuple)
    return Roster(
        advisors=tuple(draw(advisors(each)) for each in ids),
        teams=(Team(1, frozenset(draw(named))), Team(2, frozenset())),
        pages=tuple(
            Page(
                id=page_id,
                advisor_ids=draw(named),
                topic_id=draw(st.one_of(st.none(), _TOPICS)),
                page_order_decides=draw(st.booleans()),
            )
            for page_id in (1, 2)
        ),
        rules=draw(rule_sets()),
        fallback_ids=draw(named),
    )


_OWNER = st.one_of(st.none(), _IDS)
questions = st.builds(
    Question,
    at=_INSTANTS,
    id=st.integers(1, 9),
    channel=st.one_of(st.none(), st.sampled_from(sorted(ALL_CHANNELS))),
    text=st.sampled_from(("", "Hoe helpen we de jeugd?", "Jeugd en zorgplicht", "Jéúgdzorg, zorg & plek")),
    urgent=st.booleans(),
    topic_id=st.one_of(st.none(), _TOPICS),
    page_id=st.sampled_from((None, 1, 2, 9)),
    chosen_advisor_id=_OWNER,
    contact_owner_id=_OWNER,
    organisation_topic_owner_id=_OWNER,
    organisation_owner_id=_OWNER,
    organisation_domain=st.sampled_from((None, "amsterdam.nl", "wijk.zorg.Amsterdam.nl", "notamsterdam.nl")),
    municipality_code=st.sampled_from((None, "GM0363", "GM0599")),
    province=st.sampled_from((None, "NH", "ZH")),
    language=st.sampled_from((None, "nl", "en")),
    meeting_type_id=st.sampled_from((None, 1, 2)),
)
