"""axe finds nothing in the office: light on a phone, dark on a desk; one browser for every kind of page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult import clock
from consult.contact.rules.versions import save_rules
from consult.contact.rules.written import RoutingRule
from consult.people.accounts import RoleName
from consult.people.models import Advisor, Team
from consult.people.signin import create_account
from consult.routing.rules import Conditions
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import PHONE, looked_at, violations
from tests.support import rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]
PAGES = (
    "",
    "paginas",
    "paginas/1",
    "regels",
    "regels/1",
    "regels/versies",
    "regels/proef",
    "simulator?tekst=ruzie&haast=y",
    "teksten",
    "teksten/enquiry-received.visitor/nl",
    "teksten/page-question-intro/nl/voorbeeld",
    "gesprekken",
    "gesprekken/1",
    "themas",
    "themas/1",
    "adviseurs",
    "adviseurs/1",
    "teams",
    "organisaties",
    "organisaties/1",
    "organisaties/inlezen",
    "als-iemand-weg-is",
    "als-iemand-weg-is?wie=1",
    "weg/thema/1",
    "gebruikers",
    "gebruikers/1",
    "gebruikers/nieuw",
    "logboek",
    "logboek?over=C-2026-9999",
    "privacy",
    "privacy/persoon",
)


@pytest.fixture
def coordinator(page: Page, live_server: LiveServer) -> Page:
    """Anna, signed in, in a firm with some of everything."""
    with transaction(live_server) as session:
        now = clock.now()
        create_account(session, "anna@bureau.example", PASSWORD, {RoleName.COORDINATOR}, now=now)
        rik = session.query(Advisor).filter_by(slug="rik").one()
        session.add(Team(slug="wijken", name="Wijken", members=[rik]))
        rows.create_organisation(session, owner_id=rik.id)
        rows.ask(session, live_server.app.extensions["consult"], now=now)
        rule = RoutingRule(
            name="Ruzie", conditions=Conditions(words=frozenset({"ruzie"})), advisor_ids=(rik.id,)
        )
        always = RoutingRule(name="Altijd", advisor_ids=(rik.id,))
        save_rules(session, [always, rule], based_on=0, by="account:1", now=now)
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill("anna@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def test_axe_finds_nothing_in_the_office(coordinator: Page) -> None:
    found = []
    coordinator.set_viewport_size(PHONE)
    for address in PAGES:
        answer = coordinator.goto(f"/beheer/{address}")
        assert answer is not None
        assert answer.ok, address
        found += looked_at(coordinator)
    assert found == []


def test_axe_finds_nothing_where_a_person_is_looked_up(coordinator: Page) -> None:
    coordinator.set_viewport_size(PHONE)
    coordinator.goto("/beheer/privacy/persoon")
    coordinator.get_by_label("E-mailadres of telefoonnummer").fill("joke@gemeente.example")
    coordinator.get_by_role("button", name="Zoek", exact=True).click()
    coordinator.get_by_role("button", name="Wis voorgoed").click()
    coordinator.locator("#fouten").wait_for()
    assert looked_at(coordinator) == []


def test_a_rule_with_mistakes_is_told_where_it_can_be_mended(coordinator: Page) -> None:
    coordinator.goto("/beheer/regels/nieuw")
    coordinator.get_by_role("button", name="Zet in de lijst").click()
    coordinator.locator("#fouten").wait_for()
    assert violations(coordinator) == []
