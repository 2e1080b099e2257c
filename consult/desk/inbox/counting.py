"""How much waits in each view of the inbox, counted once for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from consult import clock
from consult.database import db
from consult.desk.inbox import queries

if TYPE_CHECKING:
    from consult.desk.guard import Colleague
    from consult.desk.inbox.views_of import View


def counts(who: Colleague) -> dict[View, int]:
    """The counters of this person, asked of the database at most once for each page."""
    if "desk_counts" not in g:
        g.desk_counts = queries.counters(db.session, who, now=clock.now())
    found: dict[View, int] = g.desk_counts
    return found
