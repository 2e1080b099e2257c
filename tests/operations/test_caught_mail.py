"""The demonstration's mail server and its pages: what is sent is kept, shown safely, and goes nowhere."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

import pytest

from consult.operations.caught_mail import CaughtMails
from consult.operations.demo_views import mail_folder
from consult.operations.mail_catcher import MailCatcher
from consult.operations.web_server import listen
from consult.outbox.message import Letter, compose
from tests.outbox.test_delivery import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import MakeSettings

INVITE = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
HTML = (
    "<!doctype html><html><head><style>p{color:red}</style></head>"
    '<body><p onclick="x()">Dag &amp; welkom</p></body></html>'
)


def raw_mail(subject: str = "Uw vraag: café", *, calendar: bytes | None = None) -> bytes:
    return compose(
        Letter(
            from_name="Bureau Voorbeeld",
            from_address="contact@example.nl",
            to_name="Saïd <b>",
            to_address="said@example.nl",
            subject=subject,
            text="Dag, zie http://localhost/v/abc en <b>dit</b>.",
            html=HTML,
            message_id="<een@example.nl>",
            date=NOW,
            calendar=calendar,
            calendar_method="REQUEST" if calendar else None,
        )
    )


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(demo=True)


@pytest.fixture
def mails(settings: Settings) -> CaughtMails:
    return CaughtMails(mail_folder(settings))


@pytest.fixture
def catcher(mails: CaughtMails) -> Iterator[MailCatcher]:
    with listen("127.0.0.1", 0) as listener:
        catcher = MailCatcher(listener, mails)
        catcher.start()
        yield catcher
        catcher.stop()


def test_mail_sent_to_it_is_kept_byte_for_byte(catcher: MailCatcher, mails: CaughtMails) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as host:
        for subject in ("Een", "Twee"):
            host.sendmail("contact@example.nl", ["said@example.nl"], raw_mail(subject))
    assert [mail.header("Subject") for mail in mails.newest_first()] == ["Twee", "Een"]
    assert mails.newest_first()[0].raw == raw_mail("Twee")


def test_it_ends_while_somebody_is_connected(mails: CaughtMails) -> None:
    with listen("127.0.0.1", 0) as listener:
        catcher = MailCatcher(listener, mails)
        catcher.start()
        host = smtplib.SMTP("127.0.0.1", catcher.port)
        catcher.stop()
        host.close()


def test_only_the_newest_are_kept_and_a_number_is_never_used_twice(tmp_path: Path) -> None:
    kept = CaughtMails(tmp_path / "mail", kept=3)
    numbers = [kept.add(raw_mail(str(number))).number for number in range(5)]
    assert [mail.number for mail in kept.newest_first()] == numbers[:1:-1]
    assert len(set(numbers)) == 5


@pytest.mark.parametrize("number", ["1", "..%2F..%2Fsecret-key", "00000009", "0000000\u0661"])
def test_a_number_that_is_not_there_opens_nothing(
    mails: CaughtMails, client: FlaskClient, number: str
) -> None:
    mails.add(raw_mail())
    assert mails.get(number) is None
    assert client.get(f"/demo/mail/{number}").status_code == 404


def test_a_file_beside_the_folder_is_no_mail(mails: CaughtMails) -> None:
    mails.add(raw_mail())
    (mails.folder.parent / "beside.eml").write_bytes(raw_mail())
    assert mails.get("../beside") is None


def test_the_list_and_the_page_show_what_a_mail_says(mails: CaughtMails, client: FlaskClient) -> None:
    number = mails.add(raw_mail(calendar=INVITE)).number
    assert "Uw vraag: café" in client.get("/demo/mail").text
    page = client.get(f"/demo/mail/{number}")
    assert "Saïd &lt;b&gt;" in page.text
    assert "&lt;b&gt;dit&lt;/b&gt;" in page.text
    assert 'href="http://localhost/v/abc"' in page.text
    assert "BEGIN:VCALENDAR" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_page_part_is_shown_in_a_sandbox_in_which_nothing_runs(
    mails: CaughtMails, client: FlaskClient
) -> None:
    number = mails.add(raw_mail()).number
    answer = client.get(f"/demo/mail/{number}/opmaak")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.text.rstrip() == HTML.replace("<head>", '<head><base target="_blank">')
    assert policy.startswith("sandbox allow-popups ")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


def test_the_invite_and_the_mail_can_be_downloaded_as_they_are(
    mails: CaughtMails, client: FlaskClient
) -> None:
    number = mails.add(raw_mail(calendar=INVITE)).number
    invite = client.get(f"/demo/mail/{number}/uitnodiging.ics")
    assert (invite.data, invite.mimetype) == (INVITE, "text/calendar")
    assert invite.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/demo/mail/{number}/bericht.eml").data == raw_mail(calendar=INVITE)


def test_a_mail_without_an_invite_has_none_to_download(mails: CaughtMails, client: FlaskClient) -> None:
    number = mails.add(b"Subject: kaal\r\n\r\nAlleen tekst.\r\n").number
    assert client.get(f"/demo/mail/{number}").status_code == 200
    assert client.get(f"/demo/mail/{number}/uitnodiging.ics").status_code == 404
    assert client.get(f"/demo/mail/{number}/opmaak").status_code == 404


def test_outside_a_demonstration_there_are_no_such_pages(make_settings: MakeSettings) -> None:
    from tests.support.apps import running

    with running(make_settings()) as app:
        assert _status(app) == 404


def _status(app: Flask) -> int:
    return app.test_client().get("/demo/mail").status_code
