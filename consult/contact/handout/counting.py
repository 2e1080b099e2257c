"""Counting the hand-out of a contact page per day. Knows no visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from consult.contact.models import HandoutCount

if TYPE_CHECKING:
    from datetime import date

    from consult.database import DbSession


def count_handout(session: DbSession, page_id: int, day: date, *, downloaded: bool) -> None:
    """One more view or download on ``day``; two at once both count."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    views, downloads = (0, 1) if downloaded else (1, 0)
    session.execute(
        insert(HandoutCount)
        .values(page_id=page_id, day=day, views=views, downloads=downloads)
        .on_conflict_do_update(
            index_elements=["page_id", "day"],
            set_={
                "views": HandoutCount.views + views,
                "downloads": HandoutCount.downloads + downloads,
            },
        )
    )


class Opened(NamedTuple):
    """How often a hand-out was shown and saved since ever."""

    views: int
    downloads: int


def opened(session: DbSession, page_id: int) -> Opened:
    """All days together."""
    views, downloads = session.execute(
        select(
            func.coalesce(func.sum(HandoutCount.views), 0), func.coalesce(func.sum(HandoutCount.downloads), 0)
        ).where(HandoutCount.page_id == page_id)
    ).one()
    return Opened(int(views), int(downloads))
