"""A migrated database of its own for each test, copied from one that is migrated once per worker.

Its address is the same for every test of a worker, so that their application can be the same too (see ``apps``).

SQLite is the default. A test (or a module, by ``pytestmark``) that is marked ``both_databases`` runs on SQLite and on
PostgreSQL; so does one that names ``database_url`` among its arguments. With ``--servers`` every test runs as on many
machines: on PostgreSQL, with the limits in Redis; a test about SQLite itself carries ``sqlite`` and is left out.

The application is imported where a fixture first needs it: the tests of engines run without it, and sooner.
"""

from __future__ import annotations

import inspect
import itertools
import shutil
import sqlite3
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVERS = "--servers"
# What holds on SQLite is proved on PostgreSQL too, by `make proofs`; `make servers` runs everything there.
BOTH = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.proof])]
_numbers = itertools.count()
_NOW = "consult_now"
# Every table of a database with its columns, and the migration it is at.
_SHAPE = """
    SELECT table_name, string_agg(column_name || ' ' || data_type, ',' ORDER BY column_name)
    FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name
    UNION ALL SELECT 'alembic_version', version_num FROM alembic_version ORDER BY 1, 2
"""


def _without_waiting_for_the_disk(connection: object, _record: object) -> None:
    """Nothing here has to survive a power cut (a process that is killed loses nothing by this)."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One more way to run everything."""
    parser.addoption(
        SERVERS,
        action="store_true",
        help="every test on PostgreSQL with the limits in Redis, as on many machines",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on both databases what asks for it."""
    asks = "database_url" in inspect.signature(metafunc.function).parameters
    if asks or metafunc.definition.get_closest_marker("both_databases"):
        kinds = ["postgres"] if metafunc.config.getoption(SERVERS) else BOTH
        metafunc.parametrize("database_url", kinds, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite itself where everything runs on PostgreSQL."""
    if config.getoption(SERVERS):
        about_sqlite = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about_sqlite)
        items[:] = [item for item in items if item not in set(about_sqlite)]


def migrate(url: str, instance: Path) -> None:
    """Bring the database at ``url`` to the newest migration and let go of it."""
    import flask_migrate

    from consult.app import create_app
    from consult.database import db
    from consult.settings import load

    app = create_app(load({}, instance=instance, database_url=url, secret_key="migrate", testing=True))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that nobody has open."""
    folder = tmp_path_factory.mktemp("template")
    path: Path = folder / "consult.sqlite3"
    migrate(f"sqlite:///{path}", folder)
    # From here on, after what the application itself sets at every connection.
    event.listen(Engine, "connect", _without_waiting_for_the_disk)
    return path


def postgres_url(socket_folder: str, name: str) -> str:
    """The address of one database on this worker's server."""
    return f"postgresql://consult@/{name}?host={socket_folder}"


@pytest.fixture(scope="session")
def postgres_template(postgres_socket: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database that nobody is connected to."""
    with _administration(postgres_socket) as connection:
        connection.execute("CREATE DATABASE consult_template")
    migrate(postgres_url(postgres_socket, "consult_template"), tmp_path_factory.mktemp("postgres"))
    return "consult_template"


@contextmanager
def _administration(socket_folder: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        host=socket_folder, user="consult", dbname="postgres", autocommit=True
    ) as connection:
        yield connection


@contextmanager
def postgres_copy(socket_folder: str, template: str) -> Iterator[str]:
    """A fresh copy of ``template``; gives its address, and drops it after."""
    name = f"consult_{next(_numbers)}"
    _copy(socket_folder, template, name)
    yield postgres_url(socket_folder, name)
    with _administration(socket_folder) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _copy(socket_folder: str, template: str, name: str) -> None:
    with _administration(socket_folder) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())


def _emptied(socket_folder: str, template: str) -> bool:
    """Empty the database of the test before, which is far sooner done than to copy; False where that cannot be.

    It cannot be done where there is none, where somebody holds on to it, and where its tables are other ones now.
    """
    try:
        shape = _shape(socket_folder, template)
        with _connected(socket_folder, _NOW) as used:
            if tuple(used.execute(_SHAPE)) != shape:
                return False
            # As a replica does: neither the keys nor the trail that is only added to stand in the way.
            used.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
            tables = [sql.Identifier(str(table)) for table, _ in shape if table != "alembic_version"]
            used.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in tables))
            used.execute("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
    except psycopg.OperationalError:
        return False
    return True


@cache
def _shape(socket_folder: str, template: str) -> tuple[tuple[object, ...], ...]:
    with _connected(socket_folder, template) as fresh:
        return tuple(fresh.execute(_SHAPE))


def _connected(socket_folder: str, name: str) -> psycopg.Connection:
    return psycopg.connect(host=socket_folder, user="consult", dbname=name)


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house") / "now"


@pytest.fixture
def instance(_house: Path) -> Iterator[Path]:
    """An empty instance folder, at the same place for every test of this worker; gone afterwards."""
    _house.mkdir()
    yield _house
    # Renamed first: what a test left running keeps its own files and never sees those of the next.
    gone = _house.with_name(f"then-{next(_numbers)}")
    _house.rename(gone)
    shutil.rmtree(gone)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, instance: Path) -> Iterator[str]:
    """The address of this test's own database, at the newest migration and empty."""
    usual = "postgres" if request.config.getoption(SERVERS) else "sqlite"
    if getattr(request, "param", usual) == "sqlite":
        path = instance / "consult.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    socket_folder = request.getfixturevalue("postgres_socket")
    template = request.getfixturevalue("postgres_template")
    if not _emptied(socket_folder, template):
        _copy(socket_folder, template, _NOW)
    yield postgres_url(socket_folder, _NOW)
