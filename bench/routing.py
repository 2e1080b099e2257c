"""How long one routing decision takes, against a plain loop over the same rules and advisors in the same run.

Run: python -m bench.routing [--questions 10000] [--advisors 200] [--rules 500] [--seed 7]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.table import head, row
from consult.routing import Absence, Advisor, Conditions, Page, Question, Roster, Rule, RuleSet, Team, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHANNELS = ("email", "phone", "whatsapp")
TOPICS = range(1, 25)
PAGES = range(1, 41)
TEAMS = range(1, 13)
PROVINCES = tuple(f"province-{number}" for number in range(12))
MUNICIPALITIES = tuple(f"GM{number:04}" for number in range(342))
VOCABULARY = tuple(f"woord{number}" for number in range(800))


def advisors(chance: random.Random, count: int) -> tuple[Advisor, ...]:
    """Advisors with two to five topics; one in ten on leave, one in twenty full or generalist."""
    return tuple(
        Advisor(
            id=number,
            channels=frozenset(CHANNELS if chance.random() < 0.8 else CHANNELS[:1]),
            topic_ids=frozenset(chance.sample(TOPICS, chance.randint(2, 5))),
            generalist=chance.random() < 0.05,
            weight=chance.choice((50, 80, 100)),
            capacity=20,
            open_count=20 if chance.random() < 0.05 else chance.randrange(20),
            assigned_count=chance.randrange(30, 60),
            fair_share=chance.randrange(30_000, 60_000),
            last_assigned_at=NOW - timedelta(minutes=chance.randrange(10_000)),
            absences=(Absence(NOW - timedelta(days=1), NOW + timedelta(days=9), chance.randint(1, count)),)
            if chance.random() < 0.1
            else (),
        )
        for number in range(1, count + 1)
    )


def conditions(chance: random.Random) -> Conditions:
    """Two or three kinds of condition, so that about half of the questions meet a rule."""
    choices: dict[str, Callable[[], Iterable[Any]]] = {
        "topic_ids": lambda: chance.sample(TOPICS, 1),
        "municipality_codes": lambda: chance.sample(MUNICIPALITIES, 8),
        "provinces": lambda: chance.sample(PROVINCES, 1),
        "languages": lambda: ("en",),
        "channels": lambda: chance.sample(CHANNELS, 1),
        "meeting_type_ids": lambda: (chance.randint(1, 6),),
        "organisation_domains": lambda: (f"gemeente{chance.randrange(342)}.example.nl",),
        "words": lambda: (chance.choice(VOCABULARY), chance.choice(VOCABULARY) + "*"),
    }
    picked = chance.sample(sorted(choices), chance.randint(2, 3))
    return Conditions(**{name: frozenset(choices[name]()) for name in picked})


def questions(chance: random.Random, count: int, advisor_count: int) -> list[Question]:
    """Questions of about fifty words; a few with a choice or an owner, half from a page."""

    def sometimes(likelihood: float, upto: int) -> int | None:
        return chance.randint(1, upto) if chance.random() < likelihood else None

    return [
        Question(
            at=NOW,
            id=number,
            channel=chance.choice(CHANNELS),
            text=" ".join(chance.choices(VOCABULARY, k=50)),
            urgent=chance.random() < 0.05,
            topic_id=sometimes(0.7, len(TOPICS)),
            page_id=sometimes(0.2, len(PAGES)),
            chosen_advisor_id=sometimes(0.1, advisor_count),
            contact_owner_id=sometimes(0.1, advisor_count),
            organisation_domain=f"gemeente{chance.randrange(342)}.example.nl",
            municipality_code=chance.choice(MUNICIPALITIES),
            province=chance.choice(PROVINCES),
            language="nl",
            meeting_type_id=sometimes(0.3, 6),
        )
        for number in range(count)
    ]


def roster(chance: random.Random, advisor_count: int, rule_count: int) -> Roster:
    """A house of that size with forty pages and twelve teams."""
    everyone = range(1, advisor_count + 1)
    rules = tuple(
        Rule(
            id=number,
            conditions=conditions(chance),
            advisor_ids=tuple(chance.sample(everyone, 2)),
            team_id=chance.choice((None, *TEAMS)),
            on=chance.random() < 0.9,
        )
        for number in range(1, rule_count + 1)
    )
    return Roster(
        advisors=advisors(chance, advisor_count),
        teams=tuple(Team(number, frozenset(chance.sample(everyone, 10))) for number in TEAMS),
        pages=tuple(Page(id=number, advisor_ids=tuple(chance.sample(everyone, 4))) for number in PAGES),
        rules=RuleSet(version=1, rules=rules),
        fallback_ids=(1, 2, 3),
    )


def plain_loop(question: Question, house: Roster) -> int | None:
    """The floor: look at every rule, then at every advisor; no steps, no reasons."""
    words = set(question.text.lower().split())
    for rule in house.rules.rules:
        asked = rule.conditions
        if (
            rule.on
            and (not asked.topic_ids or question.topic_id in asked.topic_ids)
            and (not asked.municipality_codes or question.municipality_code in asked.municipality_codes)
            and (not asked.provinces or question.province in asked.provinces)
            and (not asked.languages or question.language in asked.languages)
            and (not asked.channels or question.channel in asked.channels)
            and (not asked.meeting_type_ids or question.meeting_type_id in asked.meeting_type_ids)
            and (not asked.organisation_domains or question.organisation_domain in asked.organisation_domains)
            and (not asked.words or not words.isdisjoint(asked.words))
        ):
            break
    best: Advisor | None = None
    for advisor in house.advisors:
        if (
            (question.topic_id is None or question.topic_id in advisor.topic_ids)
            and question.channel in advisor.channels
            and (best is None or advisor.assigned_count < best.assigned_count)
            and not any(question.at in absence for absence in advisor.absences)
        ):
            best = advisor
    return best.id if best else None


def timed(work: Callable[[Question], object], asked: Iterable[Question]) -> list[float]:
    """Microseconds of processor time per question, sorted: what others do on the machine does not count."""
    taken = []
    for question in asked:
        start = time.process_time()
        work(question)
        taken.append((time.process_time() - start) * 1e6)
    return sorted(taken)


def report(name: str, taken: list[float], floor: float) -> float:
    """Print one line; return the mean."""
    mean = sum(taken) / len(taken)
    row(name, mean, floor=floor or None, of="the plain loop" if floor else "")
    row(f"{name}: p99", taken[int(len(taken) * 0.99)])
    return mean


def main() -> None:
    """Print time per decision and the ratio to the plain loop; fail when a decision takes 1 ms or more."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("questions", 10_000), ("advisors", 200), ("rules", 500), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    house = roster(chance, given.advisors, given.rules)
    asked = questions(chance, given.questions, given.advisors)
    head(f"routing: {given.questions} questions, {given.advisors} advisors, {given.rules} rules")
    floor = report("plain loop, winner only", timed(lambda each: plain_loop(each, house), asked), 0)
    decide(asked[0], house)
    means = [
        report("decide, same roster", timed(lambda each: decide(each, house), asked), floor),
        report(
            "decide, a fresh roster for each question",
            timed(lambda each: decide(each, replace(house)), asked),
            floor,
        ),
    ]
    report("decide and to_json, same roster", timed(lambda each: decide(each, house).to_json(), asked), floor)
    steps: dict[str, int] = {}
    for question in asked[:2000]:
        name = decide(question, house).reason
        steps[name] = steps.get(name, 0) + 1
    print("the first 2,000: " + ", ".join(f"{name} {count}" for name, count in sorted(steps.items())))
    if max(means) >= 1000:
        raise SystemExit("a decision takes 1 ms or more")


if __name__ == "__main__":
    main()
