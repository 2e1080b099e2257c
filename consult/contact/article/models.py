"""What we know of the article that leads to a contact page: whether its link is still there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class ArticleState(StrEnum):
    """Not looked yet; the link is there; the article is there without it; or we cannot read the article."""

    NEW = "new"
    FOUND = "found"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class ArticleWatch(Model):
    """How the link on one page's article stands. ``since`` is when ``state`` became what it is.

    ``reason`` says why an article cannot be read: an ``outgoing_guard.Fault``, or ``status-404`` and the like. At
    ``due_at`` the worker looks again. ``url`` is what was looked at; a row about another address counts for nothing.
    """

    __tablename__ = "article_watch"

    page_id: Mapped[int] = mapped_column(ForeignKey("contact_page.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default=ArticleState.NEW)
    reason: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
