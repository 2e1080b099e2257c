"""The firm of the desk, with two coordinators in the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.conftest import Office, office, settings

if TYPE_CHECKING:
    from tests.support.pages import Visitor

__all__ = ["Office", "office", "settings"]


@pytest.fixture
def anna(office: Office) -> Visitor:
    """Anna, who coordinates, signed in."""
    return office.enter("anna")
