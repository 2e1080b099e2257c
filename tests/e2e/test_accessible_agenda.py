"""axe finds nothing on the desk's pages about time: light, dark, on a phone and with mistakes; each fits its screen."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from consult import clock
from consult.booking.models import MeetingType
from consult.people.accounts import RoleName
from consult.people.models import Advisor
from consult.people.signin import create_account
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import violations
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]


@pytest.fixture
def addresses(live_server: LiveServer) -> list[str]:
    """The pages, with a talk, a group session and an absence; Mirte, who coordinates too, is who looks."""
    noon = datetime.combine((clock.now() + timedelta(days=2)).date(), time(12), ZoneInfo("Europe/Amsterdam"))
    with transaction(live_server) as session:
        settings, now = live_server.app.extensions["consult"], clock.now()
        mirte = session.query(Advisor).filter_by(slug="mirte").one()
        roles = {RoleName.ADVISOR, RoleName.COORDINATOR}
        mirte.account_id = create_account(session, "mirte@bureau.example", PASSWORD, roles, now=now).id
        kind = session.query(MeetingType).first()
        assert kind is not None
        talk = rows.book(session, settings, kind, [mirte], noon, now=now).booking.reference
        group = group_rows.plan(
            session, settings, (mirte,), starts_at=noon + timedelta(days=1), hours=1, now=now
        )
        group_rows.seat(session, settings, group, "Ans", now=now)
        away = noon + timedelta(days=20)
        absence = rows.create_absence(session, mirte, away, away + timedelta(days=2)).id
    return [
        f"/werkplek/agenda?dag={noon:%Y-%m-%d}",
        f"/werkplek/agenda?weergave=dag&dag={noon:%Y-%m-%d}",
        "/werkplek/agenda?weergave=lijst",
        "/werkplek/afspraken/nieuw",
        f"/werkplek/afspraken/{talk}",
        f"/werkplek/afspraken/{talk}/verzetten",
        "/werkplek/moment",
        "/werkplek/werktijden",
        "/werkplek/afwezig",
        f"/werkplek/afwezig/{absence}",
        "/werkplek/profiel",
        "/werkplek/bijeenkomsten",
        "/werkplek/bijeenkomsten/wijkgesprek",
        "/werkplek/bijeenkomsten/wijkgesprek/verzetten",
        "/werkplek/bijeenkomsten/plannen/nieuw",
        "/werkplek/agendas/teams",
        "/werkplek/tegengehouden",
        "/werkplek/post-onbekend",
    ]


def sign_in(page: Page) -> None:
    page.goto("/inloggen?next=/werkplek/")
    page.get_by_label("E-mailadres").fill("mirte@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Vandaag").wait_for()


def unfold(page: Page) -> None:
    """Everything that is folded in counts too."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def test_axe_finds_nothing_on_the_pages_about_time(page: Page, addresses: list[str]) -> None:
    sign_in(page)
    found = []
    for number, address in enumerate(addresses):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.goto(address)
        unfold(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} at {width}"
        found += violations(page)
    # The sheet is another page on a wide screen, by night as by day.
    page.set_viewport_size({"width": 1280, "height": 900})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(addresses[0])
        found += violations(page)
    assert found == []


def test_the_mail_first_and_mistakes_are_as_good(page: Page, addresses: list[str]) -> None:
    sign_in(page)
    talk = next(each for each in addresses if each.startswith("/werkplek/afspraken/A-"))
    page.goto(talk)
    unfold(page)
    page.get_by_role("button", name="Ja, zeg de afspraak af").locator("..").get_by_role(
        "button", name="Bekijk eerst de mail"
    ).click()
    page.get_by_role("heading", name="Deze mail krijgt").wait_for()
    assert violations(page) == []
    for address, button in (
        ("/werkplek/afspraken/nieuw", "Plan het gesprek"),
        ("/werkplek/bijeenkomsten/plannen/nieuw", "Plan de bijeenkomst"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button, exact=True).click()
        page.locator("#fouten").wait_for()
        assert violations(page) == []
