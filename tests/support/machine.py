"""What this machine has of the programs that tests need besides Python, and what a test does when one is absent.

A test asks by marker (``postgres``, ``redis``, ``browser``) or by fixture; absent means skipped, and one closing
line names it. ``CONSULT_TEST_REQUIRE=browser,postgres,redis`` turns absence into failure.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Need:
    """A program that some tests need: its marker, where it is found, and the Debian package that brings it."""

    marker: str
    title: str
    package: str
    commands: tuple[str, ...]

    def found(self) -> Path | None:
        """The first of the commands that this machine has."""
        return next((path for name in self.commands if (path := find(name))), None)


NEEDS = (
    Need("browser", "Chromium", "chromium", ("chromium", "chromium-browser", "google-chrome")),
    Need("postgres", "PostgreSQL", "postgresql", ("initdb",)),
    Need("dovecot", "Dovecot", "dovecot-imapd", ("dovecot",)),
    Need("redis", "Redis", "redis-server", ("redis-server", "valkey-server")),
    Need("php", "PHP", "php-cli", ("php",)),
)


def find(command: str) -> Path | None:
    """Where a program is; also looks where Debian keeps server programs, newest version first."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    folders = [os.environ.get("PATH", os.defpath), *map(str, versions), "/usr/sbin", "/sbin"]
    place = shutil.which(command, path=os.pathsep.join(folders))
    return Path(place) if place else None


def absent() -> list[Need]:
    """The needs that this machine does not meet."""
    return [need for need in NEEDS if not need.found()]


def required() -> set[str]:
    """The markers that CONSULT_TEST_REQUIRE names."""
    return {name.strip() for name in os.environ.get("CONSULT_TEST_REQUIRE", "").split(",") if name.strip()}


def pytest_configure(config: pytest.Config) -> None:
    """Stop at once when the machine must have what it has not."""
    if unknown := required() - {need.marker for need in NEEDS}:
        raise pytest.UsageError(
            f"CONSULT_TEST_REQUIRE names {', '.join(sorted(unknown))}, which no test needs"
        )
    if lacking := [need for need in absent() if need.marker in required()]:
        packages = " ".join(need.package for need in lacking)
        raise pytest.UsageError(f"CONSULT_TEST_REQUIRE is not met: apt-get install {packages}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here."""
    for need in absent():
        for item in items:
            if item.get_closest_marker(need.marker):
                item.add_marker(pytest.mark.skip(reason=f"{need.title} is not on this machine"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a run names what the machine lacks and how to get it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and not hasattr(config, "workerinput") and (lacking := absent()):
        titles = ", ".join(need.title for need in lacking)
        packages = " ".join(need.package for need in lacking)
        reporter.write_line(
            f"Not tested, as this machine lacks {titles}: apt-get install {packages}", yellow=True
        )
