"""``consult route explain``: an operator asks who would get a question, and reads why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from consult.cli import consult
from consult.contact.models import Enquiry
from consult.contact.rules import versions as rules
from consult.contact.rules.written import RoutingRule
from consult.people.models import Advisor, Organisation
from consult.routing.rules import Conditions
from tests.operations.processes import environment
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")


@pytest.fixture
def explain(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command on this test's own database."""

    def command(*words: str) -> Result:
        for name, value in environment(settings).items():
            if name.startswith("CONSULT_"):
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(consult, ["route", "explain", *words], prog_name="consult")

    return command


def test_the_steps_show_who_was_considered_who_fell_out_and_who_won(
    explain: Callable[..., Result], transaction: Transaction
) -> None:
    with transaction() as session:
        sam = session.scalars(select(Advisor).where(Advisor.slug == "sam")).one()
        sam.capacity = 0
    shown = explain("--page", "inclusie", "--advisor", "sam", "--urgent")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    chosen = next(line for line in lines if line.startswith("choice"))
    assert "Sam Bos: at_capacity (0 of 0)" in chosen
    page = next(line for line in lines if line.startswith("page"))
    assert "Rik de Wit (least_loaded)" in page
    assert "advisor: Rik de Wit" in lines
    assert "reason:  page.least_loaded (rules: version 0)" in lines
    assert any(line.startswith("alert:   Rik de Wit, ") for line in lines)


def test_a_rule_is_named_with_its_version_and_nothing_is_stored(
    explain: Callable[..., Result], transaction: Transaction
) -> None:
    with transaction() as session:
        noor = session.scalars(select(Advisor.id).where(Advisor.slug == "noor")).one()
        rule = RoutingRule(
            name="Alles uit Utrecht",
            conditions=Conditions(provinces=frozenset({"Utrecht"})),
            advisor_ids=(noor,),
        )
        rules.save_rules(session, [rule], based_on=0, by="advisor:1", now=rows.NOW)
    shown = explain("--organisation", "gemeente Amersfoort")
    assert "rules (Alles uit Utrecht)" in shown.stdout
    assert "advisor: Noor Alaoui" in shown.stdout
    assert "rules: version 1" in shown.stdout
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert session.scalar(select(func.count()).select_from(Enquiry)) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--page", "x"), "no page 'x'; there are inclusie, polarisatie"),
        (("--topic", "x"), "no topic 'x'; there are inclusie, polarisatie"),
        (("--advisor", "x"), "no advisor 'x'; there are mirte, noor, rik, sam"),
        (("--organisation", "x"), "no organisation 'x'"),
    ],
    ids=["a page", "a topic", "an advisor", "an organisation"],
)
def test_what_does_not_exist_is_said_in_one_line(
    explain: Callable[..., Result], words: tuple[str, ...], said: str
) -> None:
    shown = explain(*words)
    assert (shown.exit_code, shown.stderr.strip()) == (2, f"consult: {said}")


def test_nobody_at_all_is_an_exit_status_of_one(
    explain: Callable[..., Result], transaction: Transaction
) -> None:
    with transaction() as session:
        for advisor in session.scalars(select(Advisor)):
            advisor.active = False
    shown = explain("--page", "inclusie")
    assert shown.exit_code == 1
    assert "advisor: nobody" in shown.stdout
    assert "alarm:   fallback_unusable" in shown.stdout
