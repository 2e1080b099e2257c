"""A visitor takes a copy of their own data, or has it erased; who merely typed an address gets nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, MakeSettings, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

JOKE = "joke@gemeente.example"


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """A Wednesday morning."""
    return make_settings(clock=rows.NOW)


@pytest.fixture
def token(transaction: Transaction, settings: Settings) -> str:
    """The link to a question of Joke's."""
    with transaction() as session:
        rows.create_advisor(session, "Rik de Wit")
        return rows.ask(session, settings).token


def way_in(visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox, token: str) -> str:
    page = visitor.open(f"/v/{token}").follow("Uw gegevens bekijken of wissen")
    assert f"Daarom mailen wij een link naar {JOKE}." in page.text
    assert "Kijk in uw mail." in page.form("Mail mij de link").submit().text
    deliver_mail()
    (link,) = set(re.findall(r"http://localhost(/gegevens/\S+)", mailbox.to(JOKE)[-1].part("text/plain")))
    return str(link)


def copy_of(page: Page) -> dict[str, object]:
    form = page.form("Download uw gegevens")
    data = {name: values[0] for name, values in form.values.items()}
    answer = page.visitor.client.post(page.address, data=data)
    assert answer.headers["Content-Disposition"] == "attachment; filename=gegevens.zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        found: dict[str, object] = json.loads(archive.read("gegevens.json"))
        return found


def test_a_copy_holds_what_was_asked_and_opening_the_link_does_nothing(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox, token: str
) -> None:
    page = visitor.open(way_in(visitor, deliver_mail, mailbox, token))
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Hoe begin ik een wijkgesprek?" in json.dumps(copy_of(page), ensure_ascii=False)


def test_all_of_it_is_erased_after_one_more_press(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox, token: str, transaction: Transaction
) -> None:
    link = way_in(visitor, deliver_mail, mailbox, token)
    ask = visitor.open(link).follow("Wis mijn gegevens")
    with transaction() as session:
        assert session.scalars(select(Enquiry.email)).one() == JOKE, "a link erases nothing"
    assert ask.form("Ja, wis mijn gegevens").submit().heading == "Uw gegevens zijn gewist"
    with transaction() as session:
        assert JOKE not in repr(session.execute(select(Enquiry.__table__)).all())
        assert session.scalars(select(OutgoingMail)).all() == []
    for gone in (link, f"{link}/wissen", f"/v/{token}"):
        visitor.open(gone, status=404)


def test_a_talk_that_stands_is_cancelled_first(
    visitor: Visitor,
    deliver_mail: DeliverMail,
    mailbox: Mailbox,
    token: str,
    transaction: Transaction,
    settings: Settings,
) -> None:
    with transaction() as session:
        rik = rows.create_advisor(session, "Sam Bos")
        rows.book(session, settings, rows.create_meeting_type(session), [rik], rows.NOW + timedelta(days=2))
    link = way_in(visitor, deliver_mail, mailbox, token)
    page = visitor.open(f"{link}/wissen").form("Ja, wis mijn gegevens").submit(status=409)
    assert "U heeft nog een afspraak staan. Zeg die eerst af." in page.text
    assert "A-2026-0001, vrijdag 20 november" in page.text


def test_the_link_to_a_question_alone_tells_nothing_and_mails_three_times_a_day(
    client: FlaskClient, visitor: Visitor, token: str, transaction: Transaction
) -> None:
    """Anybody can type somebody's address in the form and then holds a link to that question."""
    assert client.get(f"/gegevens/{token}").status_code == 404
    for _ in range(5):
        visitor.open(f"/v/{token}/gegevens").form("Mail mij de link").submit()
    with transaction() as session:
        sent = session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.event == "own-data-link"))
        assert list(sent) == [JOKE] * 3


def test_the_way_in_ends_after_a_day(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox, token: str
) -> None:
    link = way_in(visitor, deliver_mail, mailbox, token)
    visitor.open(link)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=True):
        visitor.open(link, status=404)


def test_who_left_only_a_number_is_asked_to_call(
    visitor: Visitor, transaction: Transaction, settings: Settings, token: str
) -> None:
    with transaction() as session:
        other = rows.ask(session, settings, email=None, phone="+31612345678", channel="phone").token
    page = visitor.open(f"/v/{other}/gegevens")
    assert "Wij hebben geen e-mailadres van u." in page.text
