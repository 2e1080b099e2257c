"""Routing rules in the database: saved as versions, refused with what does not exist, undone, tried before saving."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from consult.contact.assignment import dry_run
from consult.contact.models import Enquiry
from consult.contact.rules import versions as rules
from consult.contact.rules.written import RoutingRule, read_rules, written
from consult.people.models import Advisor, Team, Topic
from consult.routing.codes import StepName
from consult.routing.decision import Decision
from consult.routing.faults import Fault
from consult.routing.rules import Conditions
from tests.support import rows

if TYPE_CHECKING:
    from consult.contact.rules.versions import Saved
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")


def advisor_id(session: DbSession, first_name: str) -> int:
    return session.scalars(select(Advisor.id).where(Advisor.first_name == first_name)).one()


def topic_id(session: DbSession, name: str) -> int:
    return session.scalars(select(Topic.id).where(Topic.name == name)).one()


def for_word(word: str, *advisor_ids: int, **changed: Any) -> RoutingRule:
    conditions = Conditions(words=frozenset({word}))
    return RoutingRule(name=word, conditions=conditions, advisor_ids=advisor_ids, **changed)


def save(session: DbSession, *listed: RoutingRule) -> Saved:
    current = rules.current_version(session)
    based_on = current.number if current else 0
    return rules.save_rules(session, listed, based_on=based_on, by="advisor:1", now=rows.NOW)


def decided(enquiry: Enquiry) -> tuple[str | None, StepName, int | None]:
    decision = Decision.from_json(enquiry.decision)
    return (enquiry.advisor.first_name if enquiry.advisor else None, decision.step, decision.matched_rule)


@pytest.mark.both_databases
def test_a_saved_rule_decides_who_gets_the_next_question(session: DbSession, settings: Settings) -> None:
    save(session, for_word("wijkgesprek", advisor_id(session, "Noor")))
    enquiry = rows.ask(session, settings).enquiry
    assert decided(enquiry) == ("Noor", StepName.RULES, 1)
    assert Decision.from_json(enquiry.decision).rule_version == 1


def test_a_team_that_a_rule_names_shares_the_questions(session: DbSession, settings: Settings) -> None:
    members = session.scalars(select(Advisor).where(Advisor.first_name.in_(("Sam", "Noor")))).all()
    team = Team(slug="wijken", name="Wijken", members=list(members))
    session.add(team)
    session.flush()
    save(session, for_word("wijkgesprek", team_id=team.id))
    asked = [rows.ask(session, settings, email=f"{n}@gemeente.example").enquiry for n in range(4)]
    assert sorted(decided(each)[0] or "" for each in asked) == ["Noor", "Noor", "Sam", "Sam"]


def test_a_rule_that_is_off_decides_nothing(session: DbSession, settings: Settings) -> None:
    save(session, for_word("wijkgesprek", advisor_id(session, "Sam"), on=False))
    assert decided(rows.ask(session, settings).enquiry)[1] != StepName.RULES


def test_a_generalist_gets_what_nobody_knows(session: DbSession, settings: Settings) -> None:
    topic = rows.create_topic(session, "Zeldzaam")
    session.scalars(select(Advisor).where(Advisor.first_name == "Sam")).one().generalist = True
    enquiry = rows.ask(session, settings, topic_id=topic.id).enquiry
    assert decided(enquiry)[:2] == ("Sam", StepName.BALANCE)


def test_who_was_on_leave_is_not_flooded_on_the_first_day_back(
    session: DbSession, settings: Settings
) -> None:
    """Two share the work; one was away while twelve came in. Back again, each gets half of the next ten."""
    session.execute(update(Advisor).where(Advisor.first_name.not_in(("Sam", "Mirte"))).values(weight=0))
    people = session.scalars(select(Advisor).where(Advisor.weight > 0)).all()
    page = rows.create_page(session, "samen", advisors=people)
    away = next(each for each in people if each.first_name == "Sam")
    rows.create_absence(session, away, rows.NOW - timedelta(days=20), rows.NOW.replace(hour=0))
    for hour in range(12):
        earlier = rows.NOW - timedelta(days=15) + timedelta(hours=hour)
        rows.ask(session, settings, page_id=page.id, email=f"a{hour}@gemeente.example", now=earlier)
    counted = {"Sam": 0, "Mirte": 0}
    for minute in range(10):
        later = rows.NOW + timedelta(minutes=minute)
        enquiry = rows.ask(
            session, settings, page_id=page.id, email=f"b{minute}@gemeente.example", now=later
        ).enquiry
        counted[decided(enquiry)[0] or ""] += 1
    assert counted == {"Sam": 5, "Mirte": 5}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"advisor_ids": (999,)}, Fault.UNKNOWN_ADVISOR),
        ({"team_id": 999}, Fault.UNKNOWN_TEAM),
        ({"conditions": Conditions(topic_ids=frozenset({999}))}, Fault.UNKNOWN_TOPIC),
    ],
    ids=["an advisor who is not there", "a team that is not there", "a topic that is not there"],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(
    session: DbSession, rule: dict[str, Any], fault: Fault
) -> None:
    with pytest.raises(rules.AbsentTarget) as refused:
        save(session, RoutingRule(**{"name": "Mis", "advisor_ids": (advisor_id(session, "Rik"),)} | rule))
    assert fault in {each.fault for each in refused.value.faults}
    assert rules.current_version(session) is None


@pytest.mark.parametrize(
    ("conditions", "fault"),
    [
        (Conditions(provinces=frozenset({"Atlantis"})), Fault.NEVER_MATCHES),
        (
            Conditions(municipality_codes=frozenset({"GM0363"}), provinces=frozenset({"Groningen"})),
            Fault.NEVER_MATCHES,
        ),
        (Conditions(words=frozenset({"wijkgesprek"}), languages=frozenset({"nl"})), Fault.SHADOWED),
    ],
    ids=[
        "a province that does not exist",
        "Amsterdam in Groningen",
        "what the first rule already takes",
    ],
)
def test_who_saves_a_rule_that_does_nothing_is_told(
    session: DbSession, conditions: Conditions, fault: Fault
) -> None:
    rik = advisor_id(session, "Rik")
    second = RoutingRule(name="Tweede", conditions=conditions, advisor_ids=(rik,))
    saved = save(session, for_word("wijkgesprek", rik), second)
    assert [(each.rule_id, each.fault) for each in saved.faults] == [(2, fault)]


def test_an_undo_is_a_new_version_equal_to_an_older_one(session: DbSession, settings: Settings) -> None:
    rik, sam = advisor_id(session, "Rik"), advisor_id(session, "Sam")
    save(session, for_word("wijkgesprek", rik))
    save(session, for_word("wijkgesprek", sam), for_word("moskee", sam))
    assert decided(rows.ask(session, settings).enquiry)[0] == "Sam"
    undone = rules.undo(session, 1, based_on=2, by="advisor:2", now=rows.NOW)
    assert (undone.version.number, undone.version.undo_of, undone.version.saved_by) == (3, 1, "advisor:2")
    assert decided(rows.ask(session, settings, email="b@gemeente.example").enquiry) == (
        "Rik",
        StepName.RULES,
        1,
    )
    assert [each.number for each in rules.versions(session)] == [3, 2, 1]


def test_a_rule_keeps_its_number_and_a_new_or_copied_one_gets_a_number_nobody_had(session: DbSession) -> None:
    rik = advisor_id(session, "Rik")
    save(session, for_word("een", rik), for_word("twee", rik))
    first, second = rules.rules_of(rules.current_version(session))
    save(session, second)
    save(session, for_word("drie", rik), second, second)
    kept = rules.rules_of(rules.current_version(session))
    assert [each.id for each in kept] == [3, 2, 4]
    assert first.id == 1


def test_a_rule_reads_back_as_it_was_written() -> None:
    rule = RoutingRule(
        id=7,
        name="Utrecht",
        conditions=Conditions(
            topic_ids=frozenset({3, 1}), provinces=frozenset({"Utrecht"}), words=frozenset({"b", "a"})
        ),
        advisor_ids=(4, 2),
        team_id=5,
        on=False,
    )
    stored = written([rule])
    assert read_rules(stored) == (rule,)
    assert stored[0]["when"] == {"topic_ids": [1, 3], "provinces": ["Utrecht"], "words": ["a", "b"]}


@pytest.mark.both_databases
def test_of_two_who_save_at_once_the_second_is_told(transaction: Transaction) -> None:
    start = threading.Barrier(2)

    def press(first_name: str) -> str:
        start.wait()
        try:
            with transaction() as session:
                rule = for_word("wijkgesprek", advisor_id(session, first_name))
                rules.save_rules(session, [rule], based_on=0, by="advisor:1", now=rows.NOW)
        except rules.RulesChanged:
            return "told"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, ("Rik", "Sam"))) == ["saved", "told"]


def test_a_dry_run_shows_who_would_get_another_advisor_and_changes_nothing(
    session: DbSession, settings: Settings
) -> None:
    polarisation = topic_id(session, "Polarisatie")
    rows.ask(session, settings, topic_id=polarisation, question="Over de moskee.", email="a@gemeente.example")
    rows.ask(session, settings, topic_id=polarisation, question="Iets anders.", email="b@gemeente.example")
    sam = session.scalars(select(Advisor).where(Advisor.first_name == "Sam")).one()
    sam.generalist = True
    tried = dry_run(session, [for_word("moskee", sam.id)], now=rows.NOW)
    assert tried.questions == 2
    (difference,) = tried.differences
    assert difference.question.text == "Over de moskee."
    assert (difference.after.advisor_id, difference.other_advisor) == (sam.id, True)
    assert rules.current_version(session) is None
    assert session.scalars(select(Enquiry.advisor_id)).all() == [advisor_id(session, "Rik")] * 2


def test_a_dry_run_judges_absence_at_the_time_of_the_question(session: DbSession, settings: Settings) -> None:
    asked_at = rows.NOW - timedelta(days=200)
    sam = session.scalars(select(Advisor).where(Advisor.first_name == "Sam")).one()
    rows.create_absence(session, sam, asked_at - timedelta(days=1), asked_at + timedelta(days=1))
    rows.ask(session, settings, now=asked_at)
    assert dry_run(session, [for_word("wijkgesprek", sam.id)], now=rows.NOW).differences == ()
