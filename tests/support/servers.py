"""Real PostgreSQL and Redis servers on this machine, in a temporary folder, ended when the tests end.

Each worker of pytest-xdist has its own (both start within a second), so nothing is shared and nothing is locked.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis

from tests.support.machine import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Nothing here has to survive a power cut.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
READY = "Ready to accept connections"


def free_port() -> int:
    """A port on loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def own_folder(prefix: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A short-named folder and how to run a program that owns it; PostgreSQL refuses to run as root."""
    # A socket's path may have 107 bytes, which pytest's own folders can pass.
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    run_as: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "capture_output": True}
    try:
        if os.geteuid() == 0:
            user = _ordinary_user()
            os.chown(folder, user.pw_uid, user.pw_gid)
            run_as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        yield folder, run_as
    finally:
        shutil.rmtree(folder)


def _ordinary_user() -> pwd.struct_passwd:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server on a Unix socket; gives the folder of that socket. Its superuser is ``consult``."""
    initdb = find("initdb")
    assert initdb, "tests with PostgreSQL carry the marker postgres"
    pg_ctl = initdb.resolve().with_name("pg_ctl")
    with own_folder("consult-pg-") as (folder, run_as):
        data = str(folder / "data")
        command = f"{initdb} -D {data} -U consult -A trust -E UTF8 --no-locale --no-sync".split()
        subprocess.run(command, check=True, **run_as)
        options = f"-c listen_addresses= -k {folder} {CARELESS}"
        # The server keeps its standard streams: a pipe would never see an end.
        quiet = run_as | {"capture_output": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            [pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], check=True, **quiet
        )
        try:
            yield str(folder)
        finally:
            subprocess.run([pg_ctl, "-D", data, "-w", "-m", "immediate", "stop"], check=True, **quiet)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis (or Valkey) server on loopback that keeps nothing; gives its ``redis://`` address."""
    program = find("redis-server") or find("valkey-server")
    assert program, "tests with Redis carry the marker redis"
    with own_folder("consult-redis-") as (folder, run_as):
        port = free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1"]
        options += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        started = {name: value for name, value in run_as.items() if name != "capture_output"}
        with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True, **started) as server:
            assert server.stdout
            # The server says when it listens; reading its lines waits for that and no longer.
            said = list(_until(server.stdout, READY))
            if not said or READY not in said[-1]:
                raise RuntimeError("redis-server ended at once: " + "".join(said))
            try:
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                server.terminate()
                server.communicate(timeout=20)


def _until(lines: Iterable[str], words: str) -> Iterator[str]:
    for line in lines:
        yield line
        if words in line:
            return


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The socket folder of this worker's PostgreSQL server."""
    with postgres_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def _redis_address() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def redis_url(_redis_address: str) -> str:
    """The address of this worker's Redis server, emptied before the test."""
    with redis.Redis.from_url(_redis_address) as client:
        client.flushall()
    return _redis_address
