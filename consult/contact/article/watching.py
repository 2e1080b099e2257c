"""Which article belongs to which contact page, when to look at it, and what was found. Speaks to nobody itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import func, select

from consult.contact.article.models import ArticleState, ArticleWatch
from consult.contact.article.reading import Sought
from consult.contact.models import ContactPage, FormerSlug

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

EVERY = timedelta(days=7)
# A site that is down for an hour should not stand in a list for a week.
AFTER_TROUBLE = timedelta(days=1)
# As long as nobody else takes the same article while one worker reads it.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose turn it is, and what to look for in it."""

    page_id: int
    url: str
    sought: Sought


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; ``reason`` only of an article that cannot be read."""

    state: ArticleState
    reason: str | None = None


def follow(session: DbSession, page: ContactPage, *, now: datetime) -> None:
    """Look at the article that the page names from now on; at once when it is another one. No article, no watch."""
    watch = session.get(ArticleWatch, page.id)
    if page.article_url is None:
        if watch is not None:
            session.delete(watch)
    elif watch is None:
        session.add(ArticleWatch(page_id=page.id, url=page.article_url, since=now, due_at=now))
    elif watch.url != page.article_url:
        watch.url, watch.state, watch.reason = page.article_url, ArticleState.NEW, None
        watch.since = watch.due_at = now
        watch.looked_at = None
    session.flush()


def look_soon(session: DbSession, page: ContactPage, *, now: datetime) -> None:
    """Let the worker look in its next round."""
    follow(session, page, now=now)
    watch = session.get(ArticleWatch, page.id)
    if watch is not None:
        watch.due_at = now
    session.flush()


def count_lost(session: DbSession) -> int:
    """How many pages that can be seen have an article without their link, or one that cannot be read."""
    query = (
        select(func.count())
        .select_from(ArticleWatch)
        .join(ContactPage, ContactPage.id == ArticleWatch.page_id)
        .where(
            ContactPage.active,
            ContactPage.article_url == ArticleWatch.url,
            ArticleWatch.state.in_((ArticleState.MISSING, ArticleState.UNREADABLE)),
        )
    )
    return session.scalar(query) or 0


def watches(session: DbSession) -> Mapping[int, ArticleWatch]:
    """What is known of every page's article, by page."""
    return {watch.page_id: watch for watch in session.scalars(select(ArticleWatch))}


def follow_all(session: DbSession, *, now: datetime) -> None:
    """Look at every article that nobody follows yet, such as those of pages from before there was a watch."""
    unseen = (
        select(ContactPage)
        .outerjoin(ArticleWatch, ArticleWatch.page_id == ContactPage.id)
        .where(ContactPage.article_url.is_not(None), ArticleWatch.page_id.is_(None))
    )
    for page in session.scalars(unseen):
        follow(session, page, now=now)


def take_due(session: DbSession, settings: Settings, *, now: datetime) -> Due | None:
    """The article that waits longest, of a page that is shown, with its next turn put off; None when none is due."""
    watch = session.scalars(
        select(ArticleWatch)
        .join(ContactPage, ContactPage.id == ArticleWatch.page_id)
        .where(ArticleWatch.due_at <= now, ContactPage.active)
        .order_by(ArticleWatch.due_at, ArticleWatch.page_id)
        .limit(1)
        .with_for_update(of=ArticleWatch, skip_locked=True)
    ).first()
    if watch is None:
        return None
    watch.due_at = now + LEASE
    session.flush()
    page_id = watch.page_id
    names = select(FormerSlug.slug).where(FormerSlug.page_id == page_id)
    own = select(ContactPage.slug).where(ContactPage.id == page_id)
    slugs = frozenset(session.scalars(own.union(names)))
    hosts = frozenset(filter(None, (urlsplit(settings.base_url).hostname, *settings.own_hosts)))
    return Due(page_id, watch.url, Sought(slugs, hosts))


def store(session: DbSession, due: Due, verdict: Verdict, *, now: datetime) -> None:
    """Keep what was found, unless the page names another article by now."""
    watch = session.get(ArticleWatch, due.page_id, with_for_update=True)
    if watch is None or watch.url != due.url:
        return
    if watch.state != verdict.state:
        watch.state, watch.since = verdict.state, now
    watch.reason, watch.looked_at = verdict.reason, now
    watch.due_at = now + (AFTER_TROUBLE if verdict.state == ArticleState.UNREADABLE else EVERY)
    session.flush()
