"""The worker's look at articles: each is fetched once, outside any transaction, and its verdict stored."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

from consult.contact.article.models import ArticleState
from consult.contact.article.reading import as_text, leads_to
from consult.contact.article.watching import Verdict, follow_all, store, take_due
from consult.web.outgoing_guard import Refused
from consult.web.outgoing_http import Outgoing, Rules, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from threading import Event

    from consult.contact.article.watching import Due
    from consult.outbox.delivery import Begin
    from consult.settings import Settings

log = structlog.get_logger("consult.articles")

ROUND_SECONDS = 60.0
PAGE = "text/html, application/xhtml+xml"
OK = 200


def look(begin: Begin, settings: Settings, *, now: Callable[[], datetime], stop: Event) -> int:
    """Look at what is due, one after the other, for a minute at most; gives how many were looked at."""
    until, done = time.monotonic() + ROUND_SECONDS, 0
    rules = Rules(allow_hosts=settings.feed_allow_hosts)
    with begin() as session:
        follow_all(session, now=now())
    while time.monotonic() < until and not stop.is_set():
        with begin() as session:
            due = take_due(session, settings, now=now())
        if due is None:
            break
        verdict = verdict_of(due, rules)
        if verdict.state != ArticleState.FOUND:
            log.info("article without our link", page=due.page_id, state=verdict.state, reason=verdict.reason)
        with begin() as session:
            store(session, due, verdict, now=now())
        done += 1
    return done


def verdict_of(due: Due, rules: Rules) -> Verdict:
    """Read the article within these rules, and judge it."""
    try:
        answer = send(Outgoing(url=due.url, headers={"Accept": PAGE}), rules)
    except Refused as refused:
        return Verdict(ArticleState.UNREADABLE, refused.fault.value)
    if answer.status != OK:
        return Verdict(ArticleState.UNREADABLE, f"status-{answer.status}")
    is_there = leads_to(as_text(answer.body, answer.headers), due.url, due.sought)
    return Verdict(ArticleState.FOUND if is_there else ArticleState.MISSING)
