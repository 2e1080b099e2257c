"""A firm with one visitor who left something everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.privacy import scene

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import Transaction


@pytest.fixture
def visitor_was_here(transaction: Transaction, settings: Settings) -> None:
    """Kanarie did everything that leaves a row."""
    with transaction() as session:
        scene.firm(session, settings)
        scene.live(session, settings)
