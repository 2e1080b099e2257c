"""What the other tests stand on, tried by itself: servers, mail, the browser."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis

from tests.support.browser import watched_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.support.mailbox import Mailbox


@pytest.mark.postgres
def test_postgresql_refuses_what_overlaps(postgres_socket: str) -> None:
    with psycopg.connect(host=postgres_socket, user="consult", dbname="postgres") as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute(
            "CREATE TEMP TABLE busy (who int, span tstzrange, EXCLUDE USING gist (who WITH =, span WITH &&))"
        )
        connection.execute("INSERT INTO busy VALUES (1, '[2026-11-20 10:00Z, 2026-11-20 11:00Z)')")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute("INSERT INTO busy VALUES (1, '[2026-11-20 10:30Z, 2026-11-20 11:30Z)')")
        connection.rollback()


@pytest.mark.redis
def test_redis_answers_and_starts_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")
        assert client.get("a") == b"b"


def test_the_mailbox_keeps_the_very_bytes_and_can_refuse(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port) as connection:
        connection.sendmail("a@example.nl", ["b@example.nl"], b"Subject: Hallo\r\n\r\nTot straks.\r\n")
        mailbox.answer = "451 later"
        with pytest.raises(smtplib.SMTPDataError):
            connection.sendmail("a@example.nl", ["c@example.nl"], b"Subject: Nee\r\n\r\n")
    assert mailbox.only("b@example.nl").message["Subject"] == "Hallo"
    assert not mailbox.to("c@example.nl")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<img src='http://example.org/x.png'>", "another host"),
        ("<script>throw new Error('stuk')</script>", "stuk"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\"><p style='color:red'>",
            "console",
        ),
    ],
)
def test_the_browser_tells_on_a_bad_page(browser: Browser, markup: str, complaint: str) -> None:
    context = browser.new_context()
    with pytest.raises(AssertionError, match=complaint):
        _show(context, markup)
    context.close()


def _show(context: BrowserContext, markup: str) -> None:
    with watched_page(context) as page:
        page.set_content(markup)
        page.wait_for_load_state("networkidle")
