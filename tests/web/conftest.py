"""The clock, for tests that look at every page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import MakeSettings


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """The clock starts on a Wednesday morning."""
    return make_settings(clock=rows.NOW)
