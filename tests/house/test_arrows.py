"""What may be called and imported where (DESIGN 3). The arrows between packages are import-linter's: ``make lint``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.source import functions, imports, sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.house.source import Source

# Slow to import, so imported where they are used (STYLE, traps); and what only an extra brings.
SLOW_LIBRARIES = frozenset(
    {
        "aiosmtpd",
        "alembic",
        "authlib",
        "caldav",
        "flask_migrate",
        "holidays",
        "ics",
        "joserfc",
        "phonenumbers",
        "psycopg",
        "qrcode",
        "recurring_ical_events",
        "redis",
        "rich",
        "segno",
        "waitress",
        "webauthn",
        "x_wr_timezone",
    }
)
# Whose work includes starting the rest, so that `consult --help` answers in under 0.4 s.
STARTERS = frozenset({"__init__", "cli", "worker", "wsgi"})
CLOCKS = frozenset({"now", "utcnow", "today", "fromtimestamp"})
# Bodies of commands that stand outside cli, with the reason.
MORE_BOUNDARY = {
    "consult/operations/demonstration.py": "prepares the demonstration in one transaction before it starts"
}
PAGE_MODULES = frozenset({"views", "cli", "worker"})


def _is_boundary(source: Source) -> bool:
    return (
        source.path in MORE_BOUNDARY
        or source.package in {"cli", "worker"}
        or source.module in PAGE_MODULES
        or source.module.endswith("_views")
    )


def _calls(tree: ast.AST, *names: str) -> Iterable[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def test_only_the_boundary_commits() -> None:
    found = [
        source.at(call)
        for source in sources()
        if not _is_boundary(source)
        for call in _calls(source.tree, "commit")
        if not call.args
    ]
    assert not found, f"commit() belongs in views, cli and worker; a service flushes: {found}"


def test_only_the_clock_reads_the_time() -> None:
    found = [
        source.at(call)
        for source in sources()
        if source.package != "clock"
        for call in _calls(source.tree, *CLOCKS)
        if isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value).split(".")[-1] in {"datetime", "date"}
        if not (call.func.attr == "fromtimestamp" and call.args)
    ]
    assert not found, f"take now from consult.clock, or as an argument: {found}"


@pytest.mark.parametrize(
    ("library", "home", "why"),
    [
        ("icalendar", "scheduling", "one writer and one reader of calendar bytes"),
        ("ics", "scheduling", "one writer and one reader of calendar bytes"),
        ("recurring_ical_events", "scheduling", "one writer and one reader of calendar bytes"),
        ("flask_mail.Message", "outbox", "everything that leaves the house goes through the outbox"),
        (
            "smtplib",
            "outbox mail_probe",
            "everything that leaves the house goes through the outbox; the probe sends no mail",
        ),
    ],
)
def test_a_library_with_one_home_is_imported_nowhere_else(library: str, home: str, why: str) -> None:
    found = [
        source.at(node)
        for source in sources()
        if not {source.package, source.module} & set(home.split())
        for node, name in imports(source.tree)
        if name == library or name.startswith(f"{library}.")
    ]
    assert not found, f"{library} only in {home}: {why}; found at {found}"


def test_an_import_inside_a_function_is_for_a_slow_library_only() -> None:
    found = [
        f"{source.at(node)} {name}"
        for source in sources()
        if source.package not in STARTERS
        for function in functions(source.tree)
        for node, name in imports(function)
        if name.split(".")[0] not in SLOW_LIBRARIES
    ]
    assert not found, (
        f"an import inside a function hides an arrow; move it up or ask which way the arrow goes: {found}"
    )


def test_services_take_now_instead_of_asking_the_clock() -> None:
    found = [
        source.at(node)
        for source in sources()
        if source.module in {"services", "emails", "models"}
        for node, name in imports(source.tree)
        if name in {"consult.clock", "consult.clock.now"}
    ]
    assert not found, f"a service takes now as an argument, so that a test can say what time it is: {found}"
