"""The database itself keeps the trail: nothing changes it but the key that erasing and retention hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from consult.activity.models import Activity
from consult.privacy import trail
from consult.privacy.models import TrailOpening

if TYPE_CHECKING:
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("visitor_was_here"), pytest.mark.both_databases]


def test_nothing_that_happened_is_changed_or_taken_away(transaction: Transaction) -> None:
    tries = [update(Activity).values(why="nothing happened"), delete(Activity), text("DELETE FROM activity")]
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            tries.append(text("TRUNCATE activity"))
        before = session.scalar(select(func.count()).select_from(Activity))
        for statement in tries:
            with pytest.raises(DBAPIError, match="activity_is_only_added_to"), session.begin_nested():
                session.execute(statement)
        assert session.scalar(select(func.count()).select_from(Activity)) == before


def test_with_the_key_only_words_may_go_and_never_who_did_what_when(transaction: Transaction) -> None:
    with transaction() as session:
        for changed in ({"actor": "advisor:9"}, {"what": "enquiry.closed"}, {"subject_id": 4711}):
            with (
                pytest.raises(DBAPIError, match="activity_is_only_added_to"),
                session.begin_nested(),
                trail.opened(session),
            ):
                session.execute(update(Activity).values(changed))
        told = Activity.why.is_not(None)
        assert trail.forget_texts(session, told) > 0
        assert trail.forget_texts(session, told) == 0
        assert session.scalar(select(func.count()).select_from(TrailOpening)) == 0
        with pytest.raises(DBAPIError, match="activity_is_only_added_to"), session.begin_nested():
            session.execute(update(Activity).values(why=None))
