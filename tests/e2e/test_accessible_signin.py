"""axe finds nothing on the pages of signing in and of the own ways in: by day, by night, on a phone, with mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consult import clock
from consult.database import db
from consult.people.accounts import Account
from consult.people.signin import links
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import looked_at
from tests.e2e.test_accessible_agenda import unfold
from tests.support.oidc_provider import CLIENT, SECRET

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.apps import MakeSettings
    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]
OWN = "/werkplek/aanmeldingen"


@pytest.fixture
def live_host() -> str:
    return "localhost"


@pytest.fixture
def make_settings(make_settings: MakeSettings) -> MakeSettings:
    """With a provider, that nothing is asked of."""
    provider = {"oidc_issuer": "http://127.0.0.1:9/", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return lambda **changed: make_settings(**provider, oidc_name="Microsoft", **changed)


@pytest.fixture
def link(live_server: LiveServer) -> str:
    """Where Rik chooses a password."""
    with transaction(live_server) as session:
        account = session.query(Account).one()
        return f"/inloggen/wachtwoord/{links.issue(account, now=clock.now())}"


def look(page: Page, found: list[str], heading: str) -> None:
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()
    unfold(page)
    found += looked_at(page)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def give_password(page: Page, onward: str = f"{OWN}/") -> None:
    page.goto(f"/inloggen?next={onward}")
    page.get_by_label("E-mailadres").fill("rik@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    press(page, "Log in")


def device(page: Page) -> None:
    """A telephone with passkeys in this browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal"}
    for each in ("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation"):
        options[each] = True
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_axe_finds_nothing_before_somebody_is_in(page: Page, link: str) -> None:
    found: list[str] = []
    for address, heading, button in (
        ("/inloggen", "Inloggen", "Log in"),
        ("/inloggen/wachtwoord-kwijt", "Wachtwoord kwijt", "Mail mij een link"),
        (link, "Kies uw wachtwoord", "Bewaar wachtwoord"),
    ):
        page.goto(address)
        look(page, found, heading)
        press(page, button)
        page.locator("#fouten").wait_for()
        look(page, found, heading)
    page.goto("/inloggen/wachtwoord-kwijt/verstuurd")
    look(page, found, "Kijk in uw mail")
    # Somebody comes back whom this browser never sent: the page between goes on by itself.
    page.goto("/inloggen/organisatie/terug?code=x&state=x")
    look(page, found, "Dat is niet gelukt")
    assert found == []


def test_axe_finds_nothing_at_the_own_ways_in(page: Page, live_server: LiveServer) -> None:
    found: list[str] = []
    device(page)
    give_password(page)
    for address, heading, button in (
        (f"{OWN}/", "Inloggen en veiligheid", ""),
        ("/inloggen/telefoon", "Uw telefoon instellen", "Bewaar"),
        ("/inloggen/passkey/nieuw", "Maak een passkey", "Maak een passkey"),
        ("/inloggen/opnieuw", "Bent u het nog?", "Ga verder"),
        (f"{OWN}/wachtwoord", "Ander wachtwoord", "Bewaar wachtwoord"),
        (f"{OWN}/adres", "Ander e-mailadres", "Mail mij een link"),
    ):
        page.goto(address)
        look(page, found, heading)
        if button:
            press(page, button)
            page.locator("#fouten").wait_for()
            look(page, found, heading)
    page.goto("/inloggen/passkey/nieuw?next=/werkplek/aanmeldingen/")
    page.get_by_label("Naam van deze passkey").fill("telefoon")
    press(page, "Maak een passkey")
    look(page, found, "Uw herstelcodes")
    page.get_by_role("link", name="Ik heb de codes bewaard").click()
    look(page, found, "Inloggen en veiligheid")
    page.get_by_role("link", name="Andere naam").click()
    look(page, found, "Naam van uw passkey")
    page.context.clear_cookies()
    give_password(page)
    look(page, found, "Uw passkey")
    with transaction(live_server):
        account = db.session.query(Account).one()
        account.totp_secret, account.totp_since = "sealed", clock.now()
    page.reload()
    look(page, found, "Uw code")
    press(page, "Ga verder")
    page.locator("#fouten").wait_for()
    look(page, found, "Uw code")
    assert found == []
