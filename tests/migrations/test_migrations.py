"""The migrations, on both databases: they end where the models are, go back, and come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from consult.database import Base, db, has_model

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.apps import Transaction

pytestmark = pytest.mark.both_databases


def test_the_migrations_end_where_the_models_are(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": has_model}
        )
        differences = compare_metadata(context, Base.metadata)
    assert not differences, "run `consult db migrate` and read what it writes"


def test_every_migration_goes_back_and_comes_again(app: Flask) -> None:
    with app.app_context():
        before = _tables()
        flask_migrate.downgrade(revision="base")
        assert _tables() <= {"alembic_version"}
        flask_migrate.upgrade()
        assert _tables() == before


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_test_never_sees_what_another_has_written(transaction: Transaction, attempt: int) -> None:
    from consult import clock
    from consult.outbox.models import Heartbeat
    from consult.outbox.services import beat

    with transaction() as session:
        assert session.query(Heartbeat).count() == 0
        beat(session, f"attempt {attempt}", now=clock.now())
