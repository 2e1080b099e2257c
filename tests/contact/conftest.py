"""A firm that visitors ask: two pages, one with Rik and one with four advisors, and two topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    """Rik has the page on polarisation; Mirte, Sam, Noor and Rik, in that order, the one on inclusion."""
    with transaction() as session:
        polarisation = rows.create_topic(session, "Polarisatie")
        inclusion = rows.create_topic(session, "Inclusie", position=1)
        rik = rows.create_advisor(
            session, "Rik de Wit", phone="+31201234501", whatsapp="+31612345601", topics=[polarisation]
        )
        mirte = rows.create_advisor(session, "Mirte Smit", phone="+31201234502", topics=[inclusion])
        sam = rows.create_advisor(session, "Sam Bos", topics=[inclusion])
        noor = rows.create_advisor(session, "Noor Alaoui", phone="+31201234504", fallback=True)
        rows.create_advisor(session, "Weg Geweest", active=False, fallback=True)
        rows.create_page(session, "polarisatie", advisors=[rik], topic=polarisation)
        rows.create_page(
            session,
            "inclusie",
            title="Iedereen doet mee",
            advisors=[mirte, sam, noor, rik],
            hidden=[(rik, "by_phone"), (mirte, "by_email")],
            topic=inclusion,
        )
        rows.create_meeting_type(session)
