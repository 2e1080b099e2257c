"""Our own commands as processes of their own, with the settings of a test in their environment."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import consult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.settings import Settings

ROOT = Path(consult.__file__).parent.parent
COMMAND = (sys.executable, "-m", "consult.cli")


def environment(settings: Settings, **changed: str) -> dict[str, str]:
    """What a process needs to work with the database and mail server of this test."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
    return {
        **clean,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "CONSULT_INSTANCE": str(settings.instance),
        "CONSULT_DATABASE_URL": settings.database,
        "CONSULT_SECRET_KEY": "only for this test run, thirty-two",
        "CONSULT_BASE_URL": settings.base_url,
        "CONSULT_MAIL_PORT": str(settings.mail_port),
        "CONSULT_TESTING": "true",
        **changed,
    }


@contextmanager
def started(*words: str, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command that keeps running; whatever happens, it has ended afterwards."""
    with subprocess.Popen(
        [*COMMAND, *words], env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
