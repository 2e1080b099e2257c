from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from consult.contact.models import Enquiry, Message
from consult.outbox.models import OutgoingMail
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Form

pytestmark = pytest.mark.usefixtures("firm")

ASK = "Verstuur uw vraag"
STALE = "Dit formulier stond te lang open. Controleer uw antwoorden en verstuur opnieuw."
QUESTION = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke Jansen", "Uw e-mailadres": "joke@gemeente.nl"}


def questions(transaction: Transaction) -> int:
    with transaction() as session:
        return session.scalars(select(func.count()).select_from(Enquiry)).one()


def filled_in(visitor: Visitor) -> Form:
    return visitor.open("/vraag").form(ASK).fill(QUESTION)


def replace_token(form: Form, kind: str) -> None:
    token = form.values["csrf_token"][0]
    if kind == "none":
        del form.values["csrf_token"]
    else:
        other = form.page.visitor.open("/afspraak/rik?slot=2026-11-20T10:00:00Z").form("Bevestig de afspraak")
        of_another_form = other.values["csrf_token"][0]
        form.values["csrf_token"] = [
            {"changed": token[:-2] + "xx", "rubbish": "é\x00", "other": of_another_form}[kind]
        ]


@pytest.mark.parametrize("kind", ["none", "changed", "rubbish", "other"])
def test_a_token_that_is_not_of_this_form_saves_nothing_and_costs_no_text(
    visitor: Visitor, transaction: Transaction, kind: str
) -> None:
    form = filled_in(visitor)
    replace_token(form, kind)
    page = form.submit(status=422)
    assert STALE in page.text
    assert page.body.count("<title>Fout: ") == 1
    assert questions(transaction) == 0
    again = page.form(ASK)
    assert again.value("Uw vraag") == QUESTION["Uw vraag"]
    assert again.submit().heading == "Wij hebben uw vraag"
    assert questions(transaction) == 1


@pytest.mark.parametrize(("open_for", "accepted"), [(23.9, True), (24.1, False)], ids=["a day", "longer"])
def test_a_form_may_stand_open_for_a_day(
    visitor: Visitor,
    transaction: Transaction,
    open_for: float,
    accepted: bool,  # noqa: FBT001 (a table's column)
) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=open_for), tick=True):
        form = filled_in(visitor)
    page = form.submit(status=200 if accepted else 422)
    assert (STALE in page.text) is not accepted
    assert questions(transaction) == int(accepted)


@pytest.mark.both_databases
def test_the_same_form_twice_is_one_question_and_one_mail_each(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    form = filled_in(visitor)
    first, second = form.submit(), form.submit()
    assert first.heading == second.heading == "Wij hebben uw vraag"
    assert questions(transaction) == 1
    deliver_mail()
    mailbox.only("joke@gemeente.nl")
    assert len(mailbox.deliveries) == 2


def test_the_same_question_asked_on_purpose_again_is_another_one(
    visitor: Visitor, transaction: Transaction
) -> None:
    filled_in(visitor).submit()
    filled_in(visitor).submit()
    assert questions(transaction) == 2


def test_the_same_addition_twice_is_one_message_and_one_mail(
    visitor: Visitor, transaction: Transaction
) -> None:
    page = filled_in(visitor).submit().follow("Bekijk uw vraag")
    form = page.form("Verstuur uw bericht").fill({"Uw bericht": "En nog iets."})
    form.submit()
    shown = form.submit()
    assert shown.text.count("En nog iets.") == 1
    with transaction() as session:
        assert session.scalars(select(Message.body)).all() == ["En nog iets."]
        told = select(OutgoingMail.recipient).where(OutgoingMail.event == "enquiry-extended")
        assert len(session.scalars(told).all()) == 1


def test_a_form_key_of_a_question_cannot_be_used_for_somebody_elses(app: Flask, visitor: Visitor) -> None:
    """Two visitors who somehow send one token: the second never reads the first one's question."""
    form = filled_in(visitor)
    form.submit()
    stranger = Visitor(app.test_client())
    other = stranger.open("/vraag").form(ASK).fill(QUESTION | {"Uw vraag": "Iets heel anders."})
    other.values["csrf_token"] = form.values["csrf_token"]
    assert "Hoe begin ik?" in other.submit().text
