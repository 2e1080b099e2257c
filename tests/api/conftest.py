"""A firm for programs to ask: two advisors, a page, a topic and two kinds of talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.booking.models import Place
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """The clock starts on a Wednesday morning."""
    return make_settings(clock=rows.NOW)


@pytest.fixture
def firm(transaction: Transaction) -> None:
    """Rik and Mirte; only Rik has a page."""
    with transaction() as session:
        topic = rows.create_topic(session)
        rik = rows.create_advisor(session, "Rik de Wit", topics=[topic], role="Adviseur", role_en="Advisor")
        rows.create_advisor(session, "Mirte Smit")
        rows.create_advisor(session, "Weg Geweest", active=False)
        rows.create_page(session, "polarisatie", advisors=[rik], topic=topic, intro="Lees dit.")
        rows.create_meeting_type(session, places=[Place.VIDEO, Place.PHONE, Place.VISIT])
