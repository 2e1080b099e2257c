from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.booking.models import MeetingType
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor, new_schedule_version
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("firm")

QUESTION = {"Uw vraag": "Hoe begin ik?\n\nEn met wie?", "Uw naam": "Joke Jansen"}
VISITOR = "joke@gemeente.nl"


def ask(visitor: Visitor, address: str = "/vraag?adviseur=rik", **answers: str) -> Page:
    form = visitor.open(address).form("Verstuur uw vraag")
    return form.fill(QUESTION | {"Uw e-mailadres": VISITOR} | answers).submit()


def test_the_confirmation_says_the_number_who_and_by_when(visitor: Visitor) -> None:
    page = ask(visitor)
    assert page.heading == "Wij hebben uw vraag"
    assert "Uw nummer is C-2026-0001" in page.text
    assert "Rik de Wit antwoordt uiterlijk donderdag 19 november." in page.text
    assert "Hoe begin ik?" in page.text
    assert page.link("Plan een gesprek").startswith("/afspraak/rik?vraag=")


@pytest.mark.parametrize("address", ["/vraag?adviseur=rik", "/embed/polarisatie"])
def test_three_moments_for_a_talk_are_one_press_away(visitor: Visitor, address: str) -> None:
    page = ask(visitor, address)
    first, _second, _third = (a for a in page.tree.all("a") if "slot=" in a.get("href"))
    assert first.text == "woensdag 18 november, 11.15 uur"
    details = visitor.open(first.get("href"))
    assert details.form("Bevestig de afspraak").value("Uw naam") == QUESTION["Uw naam"]
    assert "woensdag 18 november 2026, 11.15 – 11.45 uur" in details.text


def test_without_talks_nothing_is_offered(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.scalars(select(MeetingType)).one().active = False
    assert "slot=" not in ask(visitor).body


def test_numbers_follow_one_another(visitor: Visitor) -> None:
    assert [re.findall(r"C-\d+-\d+", ask(visitor).text)[0] for _ in range(3)] == [
        "C-2026-0001",
        "C-2026-0002",
        "C-2026-0003",
    ]


def test_the_confirmation_can_be_loaded_again(visitor: Visitor, transaction: Transaction) -> None:
    page = ask(visitor)
    assert visitor.open(page.address).text == page.text
    with transaction() as session:
        assert len(session.scalars(select(Enquiry.id)).all()) == 1


@pytest.mark.parametrize(
    ("told", "after", "urgent", "day"),
    [
        ("on a working morning", timedelta(0), False, "donderdag 19 november"),
        ("in a hurry, on a working morning", timedelta(0), True, "woensdag 18 november"),
        ("on a Friday afternoon", timedelta(days=2, hours=4), False, "maandag 23 november"),
        ("in a hurry, an hour before the weekend", timedelta(days=2, hours=5), True, "maandag 23 november"),
        ("on the day before Christmas", timedelta(days=36), False, "maandag 28 december"),
    ],
)
def test_the_promise_counts_working_days(
    visitor: Visitor,
    told: str,
    after: timedelta,
    urgent: bool,  # noqa: FBT001 (a table's column)
    day: str,
) -> None:
    clock.start_at(rows.NOW + after)
    form = visitor.open("/vraag?adviseur=rik").form("Verstuur uw vraag")
    form.fill(QUESTION | {"Uw e-mailadres": VISITOR})
    if urgent:
        form.choose("Dit heeft haast")
    assert f"uiterlijk {day}." in form.submit().text, told


def test_both_sides_are_told_by_mail_and_the_private_link_works(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    ask(visitor)
    assert deliver_mail() == 2
    mail = mailbox.only(VISITOR)
    assert str(mail.message["Subject"]) == "Wij hebben uw vraag (C-2026-0001)"
    assert str(mail.message["From"]).startswith('"Rik de Wit (Bureau Voorbeeld)" <contact+')
    assert str(mail.message["Auto-Submitted"]) == "auto-generated"
    text = mail.part("text/plain")
    assert "Dag Joke Jansen," in text
    assert "Rik de Wit antwoordt uiterlijk donderdag 19 november." in text
    assert "Hoe begin ik?\n\nEn met wie?" in text.replace("\r\n", "\n")
    (link,) = re.findall(r"http://localhost/v/\S+", text)
    assert link in mail.part("text/html")
    assert visitor.open(link).heading == "Uw vraag C-2026-0001"


def test_the_advisors_mail_tells_nothing_of_the_visitor_or_the_question(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    ask(visitor)
    deliver_mail()
    mail = mailbox.only("rik@bureau.example")
    assert str(mail.message["Subject"]) == "Er is een vraag voor u (C-2026-0001)"
    assert "http://localhost/werkplek/vragen/C-2026-0001" in mail.part("text/plain")
    everything = mail.content + mail.part("text/plain").encode() + mail.part("text/html").encode()
    assert not [word for word in (b"Joke", b"joke@", b"Hoe begin") if word in everything]


def test_who_asks_in_english_is_answered_in_english(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox, transaction: Transaction
) -> None:
    form = visitor.open("/vraag?taal=en").form()
    page = form.fill({"question": "How to begin?", "name": "Jo", "email": VISITOR}).submit()
    assert "taal=en" in page.address
    assert "Thursday 19 November" in page.text
    with transaction() as session:
        assert session.scalars(select(Enquiry.language)).all() == ["en"]
    deliver_mail()
    mail = mailbox.only(VISITOR)
    assert "Thursday 19 November" in mail.part("text/plain")
    assert '<html lang="en"' in mail.part("text/html")
    assert str(mail.message["Subject"]) == "We have your question (C-2026-0001)"
    assert "Wij " not in mail.part("text/plain")
    (link,) = re.findall(r"http://localhost/v/\S+", mail.part("text/plain"))
    visitor.open(link)


def test_without_an_address_only_the_advisor_gets_mail(visitor: Visitor, transaction: Transaction) -> None:
    form = visitor.open("/vraag?adviseur=rik").form("Verstuur uw vraag").choose("Bel mij terug")
    form.fill(QUESTION | {"Uw telefoonnummer": "0612345678"}).submit()
    with transaction() as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["rik@bureau.example"]


def test_an_address_gets_three_confirmations_a_day_and_no_more(
    visitor: Visitor, transaction: Transaction
) -> None:
    for name in ("JOKE@gemeente.nl", VISITOR, VISITOR, VISITOR, "joke@GEMEENTE.nl"):
        assert ask(visitor, **{"Uw e-mailadres": name}).heading == "Wij hebben uw vraag"
    told = select(OutgoingMail.recipient).where(OutgoingMail.event == "enquiry-received")
    with transaction() as session:
        assert len(session.scalars(told).all()) == 3
        assert len(session.scalars(select(Enquiry.id)).all()) == 5
    clock.start_at(rows.NOW + timedelta(hours=24, minutes=1))
    ask(visitor)
    with transaction() as session:
        assert len(session.scalars(told).all()) == 4


def test_the_confirmation_mail_waits_while_the_mail_server_is_away(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 later"
    assert ask(visitor).heading == "Wij hebben uw vraag"
    assert deliver_mail() == 0
    mailbox.empty()
    clock.start_at(rows.NOW + timedelta(minutes=2))
    assert deliver_mail() == 2
    mailbox.only(VISITOR)


def test_nobody_who_is_away_is_promised_to_answer_tomorrow(
    visitor: Visitor, transaction: Transaction
) -> None:
    with transaction() as session:
        advisors = {each.slug: each for each in session.scalars(select(Advisor))}
        rows.create_absence(
            session,
            advisors["rik"],
            rows.NOW - timedelta(days=1),
            rows.NOW + timedelta(days=9),
            stand_in=advisors["mirte"],
        )
        advisors["rik"].schedule_version = new_schedule_version()
    assert "Mirte Smit antwoordt uiterlijk donderdag 19 november." in ask(visitor).text


def test_pages_of_one_question_are_kept_by_nobody(visitor: Visitor, client: FlaskClient) -> None:
    page = ask(visitor)
    for address in (page.address, page.link("Bekijk uw vraag")):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
