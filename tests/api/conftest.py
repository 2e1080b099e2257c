"""A firm for programs to ask: two advisors, a page, a topic and two kinds of talk."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from consult.activity.services import SYSTEM
from consult.booking.models import Place
from consult.people.keys.services import NewKey, Scope, make_key
from consult.people.services import advisor_by_slug
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

_keys = count()


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


def key_with(transaction: Transaction, *scopes: str, of: str | None = None, **changed: Any) -> str:
    """A key with these scopes, in the name of an advisor or of nobody; gives its text."""
    with transaction() as session:
        advisor = advisor_by_slug(session, of) if of else None
        new = NewKey(
            form_key=f"key-{next(_keys)}",
            name="Website",
            scopes=frozenset(Scope(each) for each in scopes),
            advisor_id=advisor.id if advisor else None,
            **changed,
        )
        return make_key(session, new, actor=SYSTEM, now=rows.NOW)[1]


def bearer(key: str) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {key}"}
