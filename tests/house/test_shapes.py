"""Sizes, names and excuses (DESIGN 4 and 6). An exception stands in a table with its reason, or not at all."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import ROOT, functions, sources, tracked

# A file or function over its budget is a sign to look. Looked at and kept, with the reason:
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

FORBIDDEN_CLASSES = frozenset({"Session", "Request", "Event", "Calendar"})
FORBIDDEN_MODULES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"})
FORBIDDEN_PREFIXES = ("handle_", "process_")
EXCUSE = re.compile(
    r"#\s*noqa(?::\s*(?P<rules>[A-Z]+\d+(?:,\s*[A-Z]+\d+)*))?(?P<why>.*)"
    r"|#\s*type:\s*ignore(?:\[(?P<codes>[a-z, -]+)\])?(?P<reason>.*)"
)


@pytest.mark.parametrize(("folder", "budget"), [("consult", 250), ("tests", 400), ("bench", 250)])
def test_a_file_keeps_its_budget(folder: str, budget: int) -> None:
    long = {
        source.path: source.text.count("\n")
        for source in sources(folder)
        if "/migrations/versions/" not in source.path
    }
    found = {path: lines for path, lines in long.items() if lines > budget and path not in LONG_FILES}
    assert not found, f"over {budget} lines: which room is missing? {found}"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code from the first statement after the docstring to the last."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def test_a_function_keeps_its_budget() -> None:
    found = {
        f"{source.path}::{function.name}": _length(function)
        for folder in ("consult", "tests")
        for source in sources(folder)
        if "/migrations/versions/" not in source.path
        for function in functions(source.tree)
        if _length(function) > 40
    }
    found = {name: lines for name, lines in found.items() if name not in LONG_FUNCTIONS}
    assert not found, f"over 40 lines: which thing in it has no name yet? {found}"


def test_an_exception_that_is_no_longer_needed_leaves_its_table() -> None:
    sizes = {source.path: source.text.count("\n") for source in sources()}
    lengths = {f"{s.path}::{f.name}": _length(f) for s in sources() for f in functions(s.tree)}
    spare = [path for path in LONG_FILES if sizes.get(path, 0) <= 250]
    spare += [name for name in LONG_FUNCTIONS if lengths.get(name, 0) <= 40]
    assert not spare


def test_no_name_says_nothing_or_means_something_else() -> None:
    found = [s.path for s in sources() if s.module in FORBIDDEN_MODULES or s.package in FORBIDDEN_MODULES]
    for source in sources():
        # Methods are left out: their names may be a library's (wtforms' process_formdata).
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and node.name in FORBIDDEN_CLASSES:
                found.append(f"{source.at(node)} class {node.name}")
            if isinstance(node, ast.FunctionDef) and node.name.startswith(FORBIDDEN_PREFIXES):
                found.append(f"{source.at(node)} {node.name}")
    assert not found, f"DESIGN 6 gives the words: {found}"


def test_every_module_opens_with_what_it_is_for() -> None:
    found = [s.path for s in sources() if s.text.strip() and not ast.get_docstring(s.tree)]
    assert not found, f"no docstring: {[p for p in found if '/versions/' not in p]}"


def test_an_excuse_to_a_checker_names_the_rule_and_the_reason() -> None:
    found = [
        f"{source.path}:{number} {line.strip()}"
        for folder in ("consult", "tests", "bench")
        for source in sources(folder)
        if source.path != "tests/house/test_shapes.py"
        for number, line in enumerate(source.text.splitlines(), 1)
        for excuse in EXCUSE.finditer(line)
        if not _is_explained(excuse)
    ]
    assert not found, f"write it as `# noqa: CODE (reason)` or `# type: ignore[code]  # (reason)`: {found}"


def _is_explained(excuse: re.Match[str]) -> bool:
    words = re.findall(r"\w+", excuse["why"] or excuse["reason"] or "")
    return bool(excuse["rules"] or excuse["codes"]) and bool(words)


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("x = 1  # noqa: E501", False),
        ("x = 1  # noqa", False),
        ("x = 1  # noqa: E501 (an address cannot be broken)", True),
        ("x = 1  # type: ignore[misc]", False),
        ("x = 1  # type: ignore[misc]  # the library's own type is wrong", True),
    ],
)
def test_the_rule_about_excuses_tells_them_apart(line: str, explained: bool) -> None:  # noqa: FBT001 (a table's column)
    excuse = EXCUSE.search(line)
    assert excuse
    assert _is_explained(excuse) is explained


def test_nothing_of_our_own_is_mocked_and_nobody_sleeps() -> None:
    words = ("mock" + ".patch", "Magic" + "Mock", 'setattr("' + "consult", "time." + "sleep(")
    found = [f"{source.path}: {word}" for source in sources("tests") for word in words if word in source.text]
    assert not found, f"use the real thing of tests/support, and wait for what you expect: {found}"


def test_the_tree_names_no_machine_and_no_registry() -> None:
    words = (
        "/" + "work/",
        "/ro" + "ot/",
        "pypi" + ".org",
        "files." + "pythonhosted",
        "--index" + "-url",
        "/op" + "t/",
    )
    binary = (".png", ".jpg", ".woff2", ".mo", ".ico", ".pdf")
    found = [
        f"{path}: {word}"
        for path in tracked()
        if not path.endswith(binary) and not path.startswith("deploy/")
        for word in words
        if word in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert not found, f"take it out: {found}"
