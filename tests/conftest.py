"""The fixtures of every test; each module of tests/support says what its own are for."""

from __future__ import annotations

import os

from hypothesis import settings

pytest_plugins = [
    "tests.support.machine",
    "tests.support.servers",
    "tests.support.databases",
    "tests.support.mailbox",
    "tests.support.apps",
    "tests.support.browser",
]

# What the developer has set for an own installation is not what is tested.
for _name in [name for name in os.environ if name.startswith("CONSULT_") and name != "CONSULT_TEST_REQUIRE"]:
    del os.environ[_name]

# A law that holds, holds at any speed; and a run today is the run of tomorrow.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")
