"""Signing in by a real browser: passkeys in Chromium's virtual authenticator, and the way to a provider and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consult import clock
from consult.database import db
from consult.people.accounts import RoleName
from consult.people.signin import create_account
from tests.support.oidc_provider import CLIENT, SECRET, OidcProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

    from tests.support.apps import MakeSettings
    from tests.support.browser import LiveServer

pytestmark = pytest.mark.browser
PASSWORD = "een lange wachtzin"


@pytest.fixture
def live_host() -> str:
    return "localhost"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with OidcProvider(algorithm="ES256") as provider:
        yield provider


@pytest.fixture
def make_settings(make_settings: MakeSettings, provider: OidcProvider) -> MakeSettings:
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return lambda **changed: make_settings(**known, oidc_name="Keycloak", **changed)


@pytest.fixture(autouse=True)
def anna(live_server: LiveServer) -> None:
    with live_server.app.app_context():
        create_account(db.session, "anna@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=clock.now())
        db.session.commit()


class Device:
    """A telephone in the browser, that keeps passkeys and knows its owner by the finger."""

    def __init__(self, page: Page) -> None:
        self.tools: CDPSession = page.context.new_cdp_session(page)
        self.tools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        knows = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        added = self.tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | knows})
        self.id = added["authenticatorId"]

    def set(self, act: str, **given: Any) -> Any:
        return self.tools.send(f"WebAuthn.{act}", {"authenticatorId": self.id, **given})


def give_password(page: Page) -> None:
    page.goto("/inloggen?next=/werkplek/aanmeldingen/")
    page.get_by_label("E-mailadres").fill("anna@example.nl")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def at(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()


def test_a_passkey_is_made_used_to_sign_in_and_as_second_step(page: Page) -> None:
    device = Device(page)
    give_password(page)
    page.get_by_role("link", name="Maak een passkey").click()
    at(page, "Maak een passkey")
    page.get_by_role("button", name="Maak een passkey").click()
    page.get_by_text("Geef de passkey een naam.").first.wait_for()
    page.get_by_label("Naam van deze passkey").fill("telefoon")
    page.get_by_role("button", name="Maak een passkey").click()
    at(page, "Uw herstelcodes")
    (kept,) = device.set("getCredentials")["credentials"]
    assert kept["isResidentCredential"]
    page.get_by_role("link", name="Ik heb de codes bewaard").click()
    page.get_by_text("Nog niet gebruikt.").wait_for()
    # A second one on the same device is refused by the device itself.
    page.get_by_role("link", name="Maak een passkey").click()
    page.get_by_label("Naam van deze passkey").fill("nog een")
    page.get_by_role("button", name="Maak een passkey").click()
    page.get_by_text("Hebt u op dit apparaat al een passkey?").wait_for()
    page.goto("/werkplek/aanmeldingen/")
    page.get_by_role("button", name="Uitloggen").click()
    at(page, "Inloggen")
    page.goto("/inloggen?next=/werkplek/aanmeldingen/")
    page.get_by_role("button", name="Log in met een passkey").click()
    page.get_by_text("U heeft ingelogd met een passkey.").wait_for()
    page.get_by_role("button", name="Uitloggen").click()
    give_password(page)
    at(page, "Uw passkey")
    page.get_by_role("button", name="Gebruik uw passkey").click()
    page.get_by_text("met een wachtwoord en een passkey").wait_for()


def test_a_finger_that_is_not_known_lets_nobody_in_and_the_other_ways_stay(page: Page) -> None:
    device = Device(page)
    give_password(page)
    page.get_by_role("link", name="Maak een passkey").click()
    page.get_by_label("Naam van deze passkey").fill("telefoon")
    page.get_by_role("button", name="Maak een passkey").click()
    at(page, "Uw herstelcodes")
    page.context.clear_cookies()
    device.set("setUserVerified", isUserVerified=False)
    page.goto("/inloggen")
    page.get_by_role("button", name="Log in met een passkey").click()
    page.get_by_text("Het lukte niet. Probeer het nog een keer, of kies een andere manier.").wait_for()
    device.set("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="Log in met een passkey").click()
    page.get_by_role("button", name="Uitloggen").wait_for()


def test_without_scripts_no_button_for_a_passkey_is_shown(page: Page, live_server: LiveServer) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=live_server.url, locale="nl-NL", java_script_enabled=False)
    plain = context.new_page()
    plain.set_default_timeout(10_000)
    give_password(plain)
    plain.get_by_role("link", name="Maak een passkey").click()
    assert plain.get_by_text("Uw browser kent geen passkeys").is_visible()
    assert not plain.get_by_role("button", name="Maak een passkey").is_visible()
    plain.goto("/werkplek/aanmeldingen/")
    plain.get_by_role("button", name="Uitloggen").click()
    at(plain, "Inloggen")
    assert not plain.get_by_role("button", name="Log in met een passkey").is_visible()
    context.close()


def test_the_way_to_the_provider_and_back_goes_by_itself(page: Page) -> None:
    give_password(page)
    page.get_by_role("button", name="Koppel Keycloak").click()
    page.get_by_text("Uw account is gekoppeld.").wait_for()
    page.get_by_role("button", name="Uitloggen").click()
    at(page, "Inloggen")
    page.goto("/inloggen?next=/werkplek/aanmeldingen/")
    page.get_by_role("button", name="Log in met Keycloak").click()
    page.get_by_text("U heeft ingelogd met het account van de organisatie.").wait_for()
