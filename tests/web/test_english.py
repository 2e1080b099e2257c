"""Whoever chose English reads no Dutch of ours, on no public page and in no mail; addresses carry the choice along."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po

from consult.booking.models import Place
from tests.house.source import ROOT
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import DeliverMail, MakeSettings, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

CATALOGUE = ROOT / "consult/translations/en/LC_MESSAGES/messages.po"
JOKE = "joke@gemeente.example"
# A person writes names of days and words such as "in" too: look for what is surely a sentence of ours.
WORDS = 3


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """A Wednesday morning."""
    return make_settings(clock=rows.NOW)


@pytest.fixture
def addresses(transaction: Transaction, settings: Settings) -> list[str]:
    """Every kind of public page; everything was done in English."""
    with transaction() as session:
        topic = rows.create_topic(session)
        rik = rows.create_advisor(
            session, "Rik de Wit", topics=[topic], phone="+31201234501", role_en="Advisor"
        )
        rows.create_page(session, "polarisatie", title="Polarisation", advisors=[rik], topic=topic)
        kind = rows.create_meeting_type(session, places=[Place.VIDEO, Place.PHONE, Place.VISIT])
        asked = rows.ask(session, settings, question="How?", language="en").token
        at = datetime(2026, 11, 26, 9, tzinfo=UTC)
        booked = rows.book(session, settings, kind, [rik], at, language="en").token
        group_rows.plan(session, settings, (rik,), title="Talks", description="")
        return [
            "/",
            "/p/polarisatie",
            "/vraag",
            "/embed/polarisatie",
            f"/v/{asked}",
            f"/v/{asked}/ontvangen",
            f"/v/{asked}/gegevens",
            "/afspraak",
            "/afspraak/rik?slot=2026-11-19T09:00:00Z",
            f"/a/{booked}",
            f"/a/{booked}/verzetten",
            f"/a/{booked}/afzeggen",
            f"/a/{booked}/voorstellen",
            "/bijeenkomst/wijkgesprek",
            "/privacy",
            "/toegankelijkheid",
            "/bestaat-niet",
            "/inloggen",
        ]


@pytest.fixture(scope="module")
def dutch() -> list[str]:
    """The Dutch texts that read differently in English, as they stand between what is filled in."""
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    found = set()
    for message in messages:
        forms = message.id if isinstance(message.id, tuple | list) else (message.id,)
        for text in forms:
            if message.string != text:
                parts = re.split(r"%\(\w+\)[sd]|\n", text)
                found |= {part.strip() for part in parts if len(part.split()) >= WORDS}
    return sorted(found)


def left_dutch(text: str, dutch: list[str]) -> list[str]:
    return [sentence for sentence in dutch if sentence in text]


def in_english(visitor: Visitor, address: str) -> Page:
    sign = "&" if "?" in address else "?"
    return visitor.open(f"{address}{sign}taal=en", status=404 if "niet" in address else 200)


def test_no_public_page_in_english_has_a_dutch_sentence(
    visitor: Visitor, addresses: list[str], dutch: list[str]
) -> None:
    found = {}
    for address in addresses:
        page = in_english(visitor, address)
        if left := left_dutch(page.text, dutch):
            found[address] = left
        # What a page leads to on this site is English too.
        hrefs = [a.get("href") for a in page.tree.all("a") if a.get("href").startswith("/")]
        found |= {
            f"{address} → {href}": ["taal is lost"]
            for href in hrefs
            if "taal=" not in urlsplit(href).query and not href.endswith(".pdf")
        }
    assert found == {}


def test_mistakes_are_told_in_english(visitor: Visitor, addresses: list[str], dutch: list[str]) -> None:
    page = in_english(visitor, "/vraag").form("Send your question").submit(status=422)
    assert page.body.count("<title>Error: ") == 1
    assert left_dutch(page.text, dutch) == []


def test_mails_are_in_the_language_of_the_question(
    addresses: list[str], deliver_mail: DeliverMail, mailbox: Mailbox, dutch: list[str]
) -> None:
    assert addresses
    deliver_mail()
    mails = mailbox.to(JOKE)
    assert len(mails) == 2
    for mail in mails:
        for kind in ("text/plain", "text/html"):
            assert left_dutch(mail.part(kind), dutch) == [], mail.message["Subject"]
        assert left_dutch(str(mail.message["Subject"]), dutch) == []
