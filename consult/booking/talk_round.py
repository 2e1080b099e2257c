"""What the worker does for talks: reminders, letting go of what nobody approved, and the end of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking.approving import release_overdue
from consult.booking.reminders import remind
from consult.booking.series.notices import tell_of_ends

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], settings: Settings, *, now: datetime
) -> None:
    """Do what is due, in transactions of its own of at most fifty talks each. ``begin`` commits at the end of one."""
    for act in (release_overdue, remind, tell_of_ends):
        done = 1
        while done:
            with begin() as session:
                done = act(session, settings=settings, now=now)
