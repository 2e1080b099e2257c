from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import Enquiry, EnquiryState
from tests.support import rows
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Form, Page

pytestmark = pytest.mark.usefixtures("firm")

TYPED = "Hoe begin ik?\n\nEn <b>met wie</b> & wanneer?"
QUESTION = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke", "Uw e-mailadres": "joke@gemeente.nl"}


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """Limits per address are on here."""
    return make_settings(clock=rows.NOW, ratelimit_enabled=True)


@pytest.fixture(autouse=True)
def _fresh_counts(app: Flask) -> None:
    """Limits in memory outlive an app."""
    from consult.extensions import limiter

    limiter.reset()


def ready(visitor: Visitor) -> Form:
    return visitor.open("/vraag").form("Verstuur uw vraag").fill(QUESTION)


def too_many(page: Page) -> None:
    assert page.heading == "Even wachten"
    assert "U heeft vandaag al vaak een bericht verstuurd. Bel ons." in page.text
    assert page.link("020 123 4567") == "tel:+31201234567"


def test_the_sixth_question_within_an_hour_waits(visitor: Visitor, transaction: Transaction) -> None:
    for _ in range(5):
        assert ready(visitor).submit().heading == "Wij hebben uw vraag"
    page = ready(visitor).fill({"Uw vraag": TYPED}).submit(status=429)
    too_many(page)
    again = page.form("Probeer opnieuw")
    assert again.value("Uw tekst") == TYPED
    assert {name for name in again.values if name != "csrf_token"} >= {"name", "email", "channel"}
    assert again.submit(status=429).form("Probeer opnieuw").value("Uw tekst") == TYPED
    assert 0 < int(page.response.headers["Retry-After"]) <= 3601  # (the limiter rounds up to a whole second)
    assert "minuten opnieuw proberen" in page.text or "minuut opnieuw proberen" in page.text
    with transaction() as session:
        assert len(session.scalars(select(Enquiry.id)).all()) == 5


def test_a_mistake_costs_nothing(visitor: Visitor) -> None:
    for _ in range(7):
        ready(visitor).fill({"Uw naam": ""}).submit(status=422)
    assert ready(visitor).submit().heading == "Wij hebben uw vraag"


def test_reading_pages_is_not_limited(visitor: Visitor) -> None:
    for _ in range(25):
        visitor.open("/vraag")


def test_somebody_elsewhere_is_not_held_up(app: Flask, visitor: Visitor) -> None:
    for _ in range(5):
        ready(visitor).submit()
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert ready(visitor).submit().heading == "Wij hebben uw vraag"


def test_five_colleagues_of_one_town_hall_get_through_within_ten_minutes(
    app: Flask, transaction: Transaction
) -> None:
    for name in ("Ans", "Bas", "Cor", "Dirk", "Els"):
        colleague = Visitor(app.test_client())
        page = ready(colleague).fill({"Uw naam": name, "Uw e-mailadres": f"{name}@gemeente.nl"}).submit()
        assert page.heading == "Wij hebben uw vraag"
    with transaction() as session:
        assert set(session.scalars(select(Enquiry.state))) == {EnquiryState.OPEN}, "and none of them is held"


@pytest.mark.parametrize(
    ("told", "first", "second", "status"),
    [
        ("the same network of one household", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429),
        ("the neighbours", "2001:db8:1:2::1", "2001:db8:1:3::1", 200),
        ("an IPv4 address written as IPv6", "192.0.2.7", "::ffff:192.0.2.7", 429),
    ],
)
def test_one_network_counts_as_one(visitor: Visitor, told: str, first: str, second: str, status: int) -> None:
    visitor.client.environ_base["REMOTE_ADDR"] = first
    for _ in range(5):
        ready(visitor).submit()
    visitor.client.environ_base["REMOTE_ADDR"] = second
    page = ready(visitor).submit(status=status)
    assert (page.heading == "Even wachten") is (status == 429), told


def test_the_form_in_a_frame_counts_along(visitor: Visitor) -> None:
    for status in (200, 200, 429):
        ready(visitor).submit()
        framed = visitor.open("/embed/polarisatie").form("Verstuur uw vraag")
        framed.fill(QUESTION).submit(status=status)


def test_to_be_asked_back_costs_nothing(visitor: Visitor) -> None:
    for _ in range(7):
        page = ready(visitor).fill({"Uw vraag": "Het gaat om 111222333."}).submit()
        assert "Wilt u dit weglaten?" in page.text
    assert ready(visitor).submit().heading == "Wij hebben uw vraag"


def test_the_same_form_again_does_not_count_against_anybody(
    visitor: Visitor, transaction: Transaction
) -> None:
    form = ready(visitor)
    form.submit()
    visitor.open("/")
    with transaction() as session:
        assert len(session.scalars(select(Enquiry.id)).all()) == 1


def test_the_api_and_the_page_each_say_it_in_their_own_way(visitor: Visitor) -> None:
    body = {"question": "Hoe?", "name": "Joke", "email": "joke@gemeente.nl"}
    answers = [visitor.client.post("/api/v1/enquiries", json=body) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].get_json()["status"] == 429
