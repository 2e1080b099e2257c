"""A worker on a machine whose clock is wrong by so many seconds: ``python -m tests.operations.wrong_clock SECONDS``."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, tzinfo
from typing import Self

from consult import clock
from consult.cli import consult


class _Wrong(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """What this machine takes for the time."""
        return super().now(tz) + timedelta(seconds=int(sys.argv[1]))


if __name__ == "__main__":
    clock.datetime = _Wrong  # type: ignore[attr-defined]  # (the machine's clock, which nobody can set for one process)
    consult(["worker"], prog_name="consult")
