"""The command ``route explain``: who would get a question now, and everything that was considered on the way."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from consult import clock
from consult.cli import loading
from consult.cli.failures import WrongUse
from consult.contact.models import Channel
from consult.contact.rules.versions import current_version, rules_of
from consult.contact.rules.what_if import Supposed, Unknown, suppose
from consult.database import looking_only
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.routing.decision import Decision, Exclusion, Standing, Step

    Names = Mapping[int, str]


@click.group()
def route() -> None:
    """Look into routing."""


@route.command()
@click.option("--page", metavar="SLUG", help="the contact page the question comes from")
@click.option("--topic", metavar="SLUG", help="the topic the visitor chose")
@click.option("--organisation", metavar="NAME", help="who asks: a name, or the domain of its mail")
@click.option("--advisor", metavar="SLUG", help="the advisor the visitor asked for")
@click.option("--email", metavar="ADDRESS", help="the address of who asks")
@click.option("--channel", type=click.Choice([each.value for each in Channel]), help="how to answer")
@click.option("--question", "text", default="", metavar="TEXT", help="the words of the question")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--urgent", is_flag=True, help="it cannot wait: shows who would be told at once")
def explain(channel: str | None, **asked: str | bool | None) -> None:
    """Show who would get this question now, step by step. Stores nothing; exit status 1 when nobody would."""
    supposed = Supposed(channel=Channel(channel) if channel else None, **asked)  # type: ignore[arg-type]  # (click's options)
    app = loading.app_at_head()
    with looking_only(), loading.transaction(app) as session:
        try:
            decision = suppose(session, supposed, now=clock.now())
        except Unknown as error:
            there_are = f"; there are {', '.join(error.known)}" if error.known else ""
            raise WrongUse(f"{error}{there_are}") from None
        names = {number: name for number, name in session.execute(select(Advisor.id, Advisor.name))}  # noqa: C416 (a row is no pair to mypy)
        rules = {each.id: each.name for each in rules_of(current_version(session)) if each.id is not None}
    _show(decision, names, rules)
    sys.exit(0 if decision.advisor_id is not None else 1)


def _show(decision: Decision, names: Names, rules: Names) -> None:
    table = Table("step", "candidates", "fell out", "outcome", box=None, pad_edge=False)
    for step in decision.steps:
        table.add_row(
            f"{step.name} {_named(step.rule_id, rules, 'rule')}".strip(),
            ", ".join(_person(each, names) for each in step.candidates) or "–",
            "\n".join(_exclusion(each, names) for each in step.exclusions) or "–",
            _outcome(step, names),
        )
    # In a pipe or a file there is no edge to fold at.
    console = Console(
        width=None if sys.stdout.isatty() else 300, highlight=False, markup=False, soft_wrap=False
    )
    console.print(table)
    console.print()
    winner = _person(decision.advisor_id, names) if decision.advisor_id is not None else "nobody"
    console.print(f"advisor: {winner}")
    console.print(f"reason:  {decision.reason} (rules: version {decision.rule_version})")
    if decision.alarm is not None:
        console.print(f"alarm:   {decision.alarm}")
    if decision.alert:
        console.print(f"alert:   {', '.join(_person(each, names) for each in decision.alert)}")


def _outcome(step: Step, names: Names) -> str:
    if step.winner is None:
        return "–"
    told = f"{_person(step.winner, names)} ({step.selection})"
    if step.stand_in_for is not None:
        told += f" for {_person(step.stand_in_for, names)}"
    waived = [f"overlooked: {_exclusion(each, names)}" for each in step.waived]
    return "\n".join([told, *waived, *(_standing(each, names) for each in step.standings)])


def _standing(standing: Standing, names: Names) -> str:
    share = f"{standing.assigned_count} of {standing.fair_share / 1000:.1f}"
    return f"{_person(standing.advisor_id, names)}: {share}, weight {standing.weight}"


def _exclusion(exclusion: Exclusion, names: Names) -> str:
    told = f"{_person(exclusion.advisor_id, names)}: {exclusion.reason}"
    if exclusion.until is not None:
        told += f" until {exclusion.until:%Y-%m-%d %H:%M} UTC"
    if exclusion.capacity is not None:
        told += f" ({exclusion.open_count} of {exclusion.capacity})"
    if exclusion.stand_in_for is not None:
        told += f", stand-in for {_person(exclusion.stand_in_for, names)}"
    return told


def _person(advisor_id: int, names: Names) -> str:
    return names.get(advisor_id, f"advisor {advisor_id}")


def _named(number: int | None, names: Names, kind: str) -> str:
    return "" if number is None else f"({names.get(number, f'{kind} {number}')})"
