"""One advisor with a kind of talk, and a clock that stands on a working morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.rows import NOW

if TYPE_CHECKING:
    from consult.settings import Settings


@pytest.fixture
def settings(make_settings: Any) -> Settings:
    """The clock starts on a working morning; this machine may be read, as an operator can allow."""
    settings: Settings = make_settings(clock=NOW, feed_allow_hosts=("127.0.0.1",))
    return settings
