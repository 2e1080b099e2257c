"""Two advisors to talk with, and one kind of talk; who is to be talked to is arranged by each test."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from consult.booking.models import Place
from tests.booking.scene import Scene
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """The clock starts on a Wednesday morning."""
    return make_settings(clock=rows.NOW)


@pytest.fixture
def firm(transaction: Transaction) -> None:
    """Rik works from nine to five, Mirte only in the afternoon; a talk is by video, by telephone or on a visit."""
    with transaction() as session:
        topic = rows.create_topic(session)
        rik = rows.create_advisor(session, "Rik de Wit", topics=[topic])
        rows.create_advisor(session, "Mirte Smit", hours=(time(13), time(17)))
        rows.create_page(session, "polarisatie", advisors=[rik], topic=topic)
        rows.create_meeting_type(session, places=[Place.VIDEO, Place.PHONE, Place.VISIT], per_visitor=None)
        rows.create_meeting_type(
            session, "kort", name="Kort gesprek", minutes=15, position=1, places=[Place.VIDEO]
        )


@pytest.fixture
def scene(session: DbSession, settings: Settings) -> Scene:
    """Rik and one kind of talk, for tests that call services."""
    return Scene(session, settings)
