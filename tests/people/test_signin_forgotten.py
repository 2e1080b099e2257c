from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import delete, func, select

from consult import clock
from consult.activity.models import Activity
from consult.outbox.models import OutgoingMail
from consult.people.accounts import Account, RoleName
from consult.people.signin import create_account
from consult.people.signin.models import SignIn, Ticket
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, MakeSettings, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page

PASSWORD, ANOTHER = "een lange wachtzin", "nog een lange wachtzin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
OWN = "/werkplek/aanmeldingen/"
LOST = "/inloggen/wachtwoord-kwijt"


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(clock=NOW)


@pytest.fixture(autouse=True)
def people(transaction: Transaction) -> None:
    with transaction() as session:
        for name in ("anna", "rik"):
            create_account(session, f"{name}@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


def ask(visitor: Visitor, email: str, *, status: int = 200) -> Page:
    form = visitor.open("/inloggen").follow("Wachtwoord kwijt?").form("Mail mij een link")
    return form.fill({"E-mailadres": email}).submit(status=status)


def enter(app: Flask, password: str = PASSWORD, email: str = "anna@example.nl", *, status: int = 200) -> Page:
    form = Visitor(app.test_client()).open("/inloggen").form("Log in")
    return form.fill({"E-mailadres": email, "Wachtwoord": password}).submit(status=status)


def link_in(mailbox: Mailbox, deliver: DeliverMail, address: str = "anna@example.nl") -> str:
    deliver()
    text = mailbox.to(address)[-1].message.get_body(("plain",)).get_content()
    return re.search(r"http://localhost(\S+)", text)[1]


@pytest.mark.both_databases
def test_a_link_by_mail_gives_another_password_once_and_ends_what_was_signed_in(
    app: Flask, visitor: Visitor, mailbox: Mailbox, deliver_mail: DeliverMail, transaction: Transaction
) -> None:
    before = enter(app)
    assert ask(visitor, " ANNA@example.nl ").heading == "Kijk in uw mail"
    link = link_in(mailbox, deliver_mail)
    with transaction() as session:
        assert link.rpartition("/")[2] not in str([vars(row) for row in session.scalars(select(Ticket))])
    page = visitor.open(link)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    weak = page.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": "wachtwoord123"}).submit(status=422)
    done = weak.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": ANOTHER}).submit()
    assert "Uw wachtwoord is bewaard. Log er nu mee in." in done.text
    deliver_mail()
    told = mailbox.to("anna@example.nl")[-1].message.get_body(("plain",)).get_content()
    assert "U hebt een ander wachtwoord." in told
    assert before.visitor.open("/beheer/").heading == "Inloggen"
    visitor.open(link, status=404)
    enter(app, status=422)
    assert enter(app, ANOTHER).visitor.open("/beheer/").heading != "Inloggen"
    with transaction() as session:
        acts = session.scalars(select(Activity.what).order_by(Activity.id)).all()
    assert acts == [
        "account.signed_in",
        "account.password_asked",
        "account.password_changed",
        "account.signed_in",
    ]


def test_the_link_ends_after_half_an_hour_or_another_password(
    app: Flask, visitor: Visitor, mailbox: Mailbox, deliver_mail: DeliverMail
) -> None:
    ask(visitor, "anna@example.nl")
    late = link_in(mailbox, deliver_mail)
    clock.start_at(clock.now() + timedelta(minutes=30))
    visitor.open(late, status=404)
    ask(visitor, "anna@example.nl")
    link = link_in(mailbox, deliver_mail)
    page = enter(app).visitor.open(OWN).follow("Kies een ander wachtwoord")
    page.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": ANOTHER}).submit()
    visitor.open(link, status=404)


@pytest.mark.parametrize("email", ["nobody@example.nl", "rik@example.nl"], ids=["unknown", "disabled"])
def test_who_has_no_account_gets_the_same_answer_and_no_mail(
    visitor: Visitor,
    mailbox: Mailbox,
    deliver_mail: DeliverMail,
    transaction: Transaction,
    email: str,
) -> None:
    with transaction() as session:
        session.scalars(select(Account).where(Account.email == "rik@example.nl")).one().active = False
    known, other = ask(visitor, "anna@example.nl"), ask(visitor, email)
    assert known.body == other.body
    assert sorted(known.response.headers.keys()) == sorted(other.response.headers.keys())
    assert deliver_mail() == 1
    assert mailbox.to(email) == []
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1
        assert session.scalars(select(Activity.subject_id)).all() == [1]


def test_the_mail_is_not_a_way_to_bother_somebody(visitor: Visitor, deliver_mail: DeliverMail) -> None:
    for _ in range(5):
        assert ask(visitor, "anna@example.nl").heading == "Kijk in uw mail"
    assert deliver_mail() == 3


@pytest.mark.parametrize("typed", ["", "anna", "anna@", "a@b\nBcc: c@d.nl"])
def test_what_is_no_address_is_refused_in_words(visitor: Visitor, typed: str) -> None:
    assert "email" in ask(visitor, typed, status=422).errors


def test_the_second_step_is_still_asked(
    app: Flask, visitor: Visitor, mailbox: Mailbox, deliver_mail: DeliverMail
) -> None:
    page = enter(app).visitor.open(OWN).follow("Stel uw telefoon in")
    key = next(page.tree.all("code")).text.replace(" ", "")
    page.form("Bewaar").fill({"Code van 6 cijfers": pyotp.TOTP(key).at(clock.now())}).submit()
    ask(visitor, "anna@example.nl")
    page = visitor.open(link_in(mailbox, deliver_mail))
    page.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": ANOTHER}).submit()
    page = enter(app, ANOTHER)
    assert page.heading == "Uw code"
    assert page.visitor.open("/beheer/").heading == "Uw code"


def test_too_many_requests_from_one_place_have_to_wait(make_settings: MakeSettings) -> None:
    with running(make_settings(ratelimit_enabled=True, clock=NOW)) as app:
        for _ in range(10):
            ask(Visitor(app.test_client()), "nobody@example.nl")
        ask(Visitor(app.test_client()), "nobody@example.nl", status=429)


def test_asking_takes_as_long_for_an_unknown_address(app: Flask, transaction: Transaction) -> None:
    """Of the processor: what others do on this machine does not count."""
    form = Visitor(app.test_client()).open(LOST).form("Mail mij een link")
    taken: dict[str, list[float]] = {name: [] for name in ("anna", "nobody")}
    for _ in range(9):
        for name, seconds in taken.items():
            with transaction() as session:
                # Otherwise Anna gets no fourth mail, which is another way through.
                session.execute(delete(Ticket))
            began = process_time()
            form.fill({"E-mailadres": f"{name}@example.nl"}).submit()
            seconds.append(process_time() - began)
    known, unknown = (median(taken[name]) for name in ("anna", "nobody"))
    assert abs(known - unknown) < max(0.3 * known, 0.003), taken


@pytest.mark.both_databases
def test_another_address_is_proved_by_its_mail_before_it_counts(
    app: Flask, mailbox: Mailbox, deliver_mail: DeliverMail, transaction: Transaction
) -> None:
    here = enter(app).visitor
    form = here.open(OWN).follow("Ander e-mailadres").form("Mail mij een link")
    assert "gestuurd" in form.fill({"Nieuw e-mailadres": "Anna@nieuw.example"}).submit().text
    enter(app, email="anna@nieuw.example", status=422)
    link = link_in(mailbox, deliver_mail, "anna@nieuw.example")
    page = Visitor(app.test_client()).open(link)
    assert "anna@nieuw.example" in page.text
    page.form("Ja, dit is mijn adres").submit()
    assert "U logt in met anna@nieuw.example." in here.open(OWN).text
    enter(app, email="anna@nieuw.example")
    enter(app, status=422)
    deliver_mail()
    told = mailbox.to("anna@example.nl")[-1].message
    assert "een ander e-mailadres" in told.get_body(("plain",)).get_content()
    here.open(link, status=404)


def test_an_address_of_a_colleague_is_never_taken_and_nobody_is_told(
    app: Flask, deliver_mail: DeliverMail
) -> None:
    here = enter(app).visitor
    form = here.open(OWN).follow("Ander e-mailadres").form("Mail mij een link")
    assert "gestuurd" in form.fill({"Nieuw e-mailadres": "rik@example.nl"}).submit().text
    assert deliver_mail() == 0


def test_the_trail_tells_who_did_what_and_nothing_that_was_typed(
    app: Flask, transaction: Transaction
) -> None:
    here = enter(app).visitor
    enter(app)
    here.open(OWN).form("Log overal uit, behalve hier").submit()
    own = here.open(OWN)
    assert [line.text.partition(": ")[2] for line in own.tree.all("li") if line.first("time")][:3] == [
        "U heeft ergens anders uitgelogd.",
        "U heeft ingelogd met een wachtwoord.",
        "U heeft ingelogd met een wachtwoord.",
    ]
    own.form("Uitloggen").submit()
    with transaction() as session:
        rows = session.scalars(select(Activity).order_by(Activity.id)).all()
        assert rows[-1].what == "account.signed_out"
        assert {row.actor for row in rows} == {"account:1"}
        assert {str(row.data) for row in rows} <= {"{}", "{'how': 'password'}"}
        assert all(row.ended_at for row in session.scalars(select(SignIn)))
