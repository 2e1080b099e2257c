"""The product's own source as syntax trees, for the rules of this folder."""

from __future__ import annotations

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands in the tree, its text, its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package or module directly under consult: ``booking``, ``clock``."""
        parts = Path(self.path).with_suffix("").parts
        return parts[1] if len(parts) > 1 else parts[0]

    @property
    def module(self) -> str:
        """The last part of the module's name: ``views``."""
        return Path(self.path).stem

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for people."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@functools.cache
def tracked(*patterns: str) -> tuple[str, ...]:
    """The files of the project that git knows or would add, not those it ignores."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *patterns,
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise RuntimeError(f"the rules about the code need a git checkout: {listed.stderr}")
    return tuple(sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file()))


@functools.cache
def sources(folder: str = "consult") -> tuple[Source, ...]:
    """Every Python file under a folder."""
    return tuple(_read(name) for name in tracked(f"{folder}/*.py"))


def _read(name: str) -> Source:
    text = (ROOT / name).read_text(encoding="utf-8")
    return Source(name, text, ast.parse(text, name))


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Each import below a node, with the full name of what it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Each function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
