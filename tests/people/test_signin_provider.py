from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.operations import check
from consult.people.accounts import Account, RoleName
from consult.people.signin import create_account, links
from consult.people.signin.models import ProviderLink
from consult.people.signin.provider.discovery import Provider
from consult.people.signin.provider.views import EXTENSION
from tests.support.apps import running
from tests.support.oidc_provider import CLIENT, SECRET, OidcProvider
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Page

PASSWORD = "een lange wachtzin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
OWN = "/werkplek/aanmeldingen/"
IN, LINK = "Log in met Keycloak", "Koppel Keycloak"
WRONG = "Het antwoord van Keycloak klopt niet."
STALE = "Deze poging duurde te lang, of is al gebruikt."


@pytest.fixture(scope="module")
def _running() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        yield provider


@pytest.fixture
def provider(_running: OidcProvider) -> OidcProvider:
    """The one provider of this module, honest again."""
    _running.forget()
    return _running


@pytest.fixture
def settings(make_settings: MakeSettings, provider: OidcProvider) -> Settings:
    return make_settings(
        clock=NOW,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Keycloak",
    )


@pytest.fixture(autouse=True)
def people(app: Flask, settings: Settings, transaction: Transaction) -> None:
    # The application stays warm between tests; what it knows of the provider does not.
    app.extensions[EXTENSION] = Provider.of(settings)
    with transaction() as session:
        for name in ("anna", "rik"):
            create_account(session, f"{name}@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


def enter(app: Flask, name: str = "anna") -> Visitor:
    visitor = Visitor(app.test_client())
    form = visitor.open("/inloggen").form("Log in")
    form.fill({"E-mailadres": f"{name}@example.nl", "Wachtwoord": PASSWORD}).submit()
    return visitor


def leave(page: Page, button: str = IN) -> str:
    """Press the button; gives the address at the provider."""
    return page.form(button).submit().link("Ga verder")


def arrive(visitor: Visitor, back: str, *, status: int = 200) -> Page:
    return visitor.open(back).form("Ga verder").submit(status=status)


@pytest.fixture
def linked(app: Flask, provider: OidcProvider) -> Page:
    """Anna linked her account."""
    visitor = enter(app)
    done = arrive(visitor, provider.sign_in(leave(visitor.open(OWN), LINK)))
    assert "Uw account is gekoppeld." in done.text
    return done


def come_in(app: Flask, provider: OidcProvider, *, status: int = 200) -> Page:
    visitor = Visitor(app.test_client())
    address = leave(visitor.open("/inloggen?next=/beheer/regels"))
    return arrive(visitor, provider.sign_in(address), status=status)


@pytest.mark.both_databases
def test_who_linked_the_account_signs_in_with_it_and_is_asked_no_code(
    app: Flask, provider: OidcProvider, linked: Page, transaction: Transaction
) -> None:
    with transaction() as session:
        anna = session.scalars(select(Account).where(Account.email == "anna@example.nl")).one()
        anna.totp_secret, anna.totp_since = "sealed", NOW
    inside = come_in(app, provider)
    assert inside.address == "/beheer/regels"
    own = inside.visitor.open(OWN)
    assert "U heeft ingelogd met het account van de organisatie." in own.text
    assert own.form("Maak los").submit().form(LINK)
    refused = come_in(app, provider, status=422)
    assert "Dit account van Keycloak hoort hier nog bij niemand." in refused.text


def test_an_address_or_role_in_the_token_opens_nothing(app: Flask, provider: OidcProvider) -> None:
    provider.claims |= {"email": "anna@example.nl", "email_verified": True, "roles": ["coordinator"]}
    refused = come_in(app, provider, status=422)
    assert "hoort hier nog bij niemand" in refused.text
    assert refused.visitor.open("/beheer/").heading == "Inloggen"


def unsigned(provider: OidcProvider, algorithm: str = "none") -> str:
    """A token without signature, or signed with the public key as if it were a secret."""
    now = int(clock.now().timestamp())
    claims = {"iss": provider.issuer, "sub": provider.subject, "aud": CLIENT, "exp": now + 300, "iat": now}
    parts = [{"alg": algorithm, "kid": provider.keys[0].kid}, claims]
    body = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    secret = provider.keys[0].as_pem(private=False)
    signature = hmac.digest(secret, body, hashlib.sha256) if algorithm == "HS256" else b""
    return b".".join([body, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


SOON, LONG_AGO = int(NOW.timestamp()) + 3600, int(NOW.timestamp()) - 3600


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iss": "https://evil.example"}, id="another issuer"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"aud": "somebody else"}, id="for another client"),
        pytest.param(
            {"aud": ["somebody else", CLIENT], "azp": "somebody else"}, id="given to another client"
        ),
        pytest.param({"aud": ["somebody else", CLIENT]}, id="for several, and not said to whom given"),
        pytest.param({"aud": "somebody else", "azp": CLIENT}, id="for another client, and given to us"),
        pytest.param({"aud": None}, id="for nobody"),
        pytest.param({"nonce": "of another journey"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"exp": LONG_AGO}, id="expired"),
        pytest.param({"exp": None}, id="without end"),
        pytest.param({"exp": "soon"}, id="an end that is no number"),
        pytest.param({"iat": SOON}, id="made in the future"),
        pytest.param({"nbf": SOON}, id="not valid yet"),
        pytest.param({"sub": None}, id="about nobody"),
        pytest.param({"sub": ""}, id="about an empty name"),
        pytest.param({"sub": 5}, id="about a number"),
        pytest.param({"sub": "x" * 256}, id="about a name that is too long"),
    ],
)
def test_a_token_that_is_wrong_anywhere_lets_nobody_in(
    app: Flask, provider: OidcProvider, linked: Page, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    refused = come_in(app, provider, status=422)
    assert WRONG in refused.text
    assert refused.visitor.open("/beheer/").heading == "Inloggen"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "None", "RS1"])
def test_a_token_is_signed_with_the_providers_key_or_is_none(
    app: Flask, provider: OidcProvider, linked: Page, algorithm: str
) -> None:
    provider.whole_token = unsigned(provider, algorithm)
    assert WRONG in come_in(app, provider, status=422).text


def test_a_token_signed_with_a_strangers_key_of_the_same_name_is_refused(
    app: Flask, provider: OidcProvider, linked: Page
) -> None:
    known = provider.keys[0]
    come_in(app, provider)
    provider.rotate()
    provider.header |= {"kid": known.kid}
    assert WRONG in come_in(app, provider, status=422).text


@pytest.mark.parametrize("token", ["", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9.e30.", "x" * 17_000])
def test_what_is_no_token_is_refused(app: Flask, provider: OidcProvider, linked: Page, token: str) -> None:
    provider.whole_token = token or "."
    assert WRONG in come_in(app, provider, status=422).text


def test_a_new_key_of_the_provider_is_learned_but_not_asked_for_without_end(
    app: Flask, provider: OidcProvider, linked: Page
) -> None:
    come_in(app, provider)
    provider.rotate()
    clock.start_at(clock.now() + timedelta(minutes=2))
    assert come_in(app, provider).address == "/beheer/regels"
    looked = provider.paths.count("/keys")
    provider.header |= {"kid": "made up"}
    for _ in range(3):
        come_in(app, provider, status=422)
    assert provider.paths.count("/keys") - looked <= 1


def test_a_provider_with_elliptic_keys_is_as_good(make_settings: MakeSettings, settings: Settings) -> None:
    with OidcProvider(algorithm="ES256") as provider:
        changed = make_settings(
            clock=NOW,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_name="Keycloak",
        )
        with running(changed) as app:
            visitor = enter(app)
            assert "gekoppeld" in arrive(visitor, provider.sign_in(leave(visitor.open(OWN), LINK))).text


def test_an_answer_counts_once_and_for_the_browser_that_left(
    app: Flask, provider: OidcProvider, linked: Page
) -> None:
    visitor = Visitor(app.test_client())
    back = provider.sign_in(leave(visitor.open("/inloggen")))
    # Somebody else is made to follow the address (login CSRF): with no journey, and with one of their own.
    victim = Visitor(app.test_client())
    assert STALE in arrive(victim, back, status=422).text
    leave(victim.open("/inloggen"))
    assert STALE in arrive(victim, back, status=422).text
    assert provider.asked[1:] == [], "no code is tried for a state that is not this browser's"
    page = visitor.open(back)
    assert page.form("Ga verder").submit().address == "/werkplek/"
    # The same code and state again, in the same browser.
    assert STALE in arrive(visitor, back, status=422).text


def test_an_answer_waits_ten_minutes(app: Flask, provider: OidcProvider, linked: Page) -> None:
    visitor = Visitor(app.test_client())
    back = provider.sign_in(leave(visitor.open("/inloggen")))
    clock.start_at(clock.now() + timedelta(minutes=10))
    assert STALE in arrive(visitor, back, status=422).text


def test_an_answer_of_another_provider_or_with_another_code_is_refused(
    app: Flask, provider: OidcProvider, linked: Page
) -> None:
    for changed in (("iss=", "iss=https://evil.example"), ("iss=", "was="), ("code=", "code=x")):
        visitor = Visitor(app.test_client())
        back = provider.sign_in(leave(visitor.open("/inloggen")))
        assert WRONG in arrive(visitor, back.replace(*changed), status=422).text
    visitor = Visitor(app.test_client())
    state = leave(visitor.open("/inloggen")).partition("state=")[2].partition("&")[0]
    back = f"/inloggen/organisatie/terug?error=access_denied&state={state}"
    assert "U hebt het inloggen bij Keycloak afgebroken." in arrive(visitor, back, status=422).text


@pytest.mark.parametrize(
    ("statuses", "metadata"),
    [
        pytest.param({"/.well-known/openid-configuration": 503}, {}, id="it is down"),
        pytest.param({}, {"issuer": "https://evil.example"}, id="it says to be another"),
        pytest.param(
            {}, {"token_endpoint": "http://10.0.0.1/token"}, id="its addresses are inside the house"
        ),
        pytest.param({}, {"jwks_uri": None}, id="it has no keys"),
    ],
)
def test_a_provider_that_is_away_is_told_in_plain_words(
    app: Flask, provider: OidcProvider, statuses: dict[str, int], metadata: dict[str, Any]
) -> None:
    provider.statuses |= statuses
    provider.metadata |= metadata
    visitor = Visitor(app.test_client())
    told = visitor.open("/inloggen").form(IN).submit(status=503)
    assert "Wij krijgen nu geen antwoord van Keycloak." in told.text
    assert enter(app).open(OWN).heading == "Inloggen en veiligheid"


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_a_provider_that_goes_away_on_the_way_is_told_too(
    app: Flask, provider: OidcProvider, linked: Page, path: str
) -> None:
    clock.start_at(clock.now() + timedelta(hours=2))
    provider.statuses |= {path: 502}
    assert "Wij krijgen nu geen antwoord" in come_in(app, provider, status=503).text


def test_an_invitation_links_the_account_once(
    app: Flask, provider: OidcProvider, transaction: Transaction
) -> None:
    with transaction() as session:
        mirte = create_account(session, "mirte@example.nl", None, {RoleName.COORDINATOR}, now=NOW)
        token = links.issue(mirte, now=NOW)
    visitor = Visitor(app.test_client())
    page = visitor.open(f"/inloggen/wachtwoord/{token}")
    inside = arrive(visitor, provider.sign_in(leave(page, "Ga verder met Keycloak")))
    assert inside.visitor.open("/beheer/").heading != "Inloggen"
    visitor.open(f"/inloggen/wachtwoord/{token}", status=404)
    assert come_in(app, provider).address == "/beheer/regels"
    own = inside.visitor.open(OWN)
    assert "U hebt hier geen wachtwoord." in own.text


def test_somebody_at_the_provider_is_one_account(app: Flask, provider: OidcProvider, linked: Page) -> None:
    rik = enter(app, "rik")
    refused = arrive(rik, provider.sign_in(leave(rik.open(OWN), LINK)), status=422)
    assert "Een van beide accounts is al aan een ander gekoppeld." in refused.text
    # Nor does Anna become a second person there.
    provider.subject = "somebody else"
    token = linked.form("Uitloggen").values["csrf_token"][0]
    page = linked.visitor.send("post", "/inloggen/organisatie/heen/link", [("csrf_token", token)], 200)
    refused = arrive(linked.visitor, provider.sign_in(page.link("Ga verder")), status=422)
    assert "al aan een ander gekoppeld" in refused.text


def test_a_link_is_made_only_shortly_after_a_proof(app: Flask, provider: OidcProvider) -> None:
    visitor = enter(app)
    form = visitor.open(OWN).form(LINK)
    clock.start_at(clock.now() + timedelta(minutes=16))
    assert form.submit().heading == "Bent u het nog?"
    assert provider.paths == []


def test_who_signed_in_elsewhere_proves_itself_there(
    app: Flask, provider: OidcProvider, linked: Page
) -> None:
    inside = come_in(app, provider)
    clock.start_at(clock.now() + timedelta(minutes=16))
    for auth_time, status in ((NOW.timestamp(), 422), (None, 422), (clock.now().timestamp(), 200)):
        page = inside.visitor.open("/werkplek/aanmeldingen/wachtwoord")
        assert page.heading == "Bent u het nog?"
        address = leave(page, "Ga verder met Keycloak")
        assert "prompt=login" in address
        provider.claims |= {"auth_time": int(auth_time) if auth_time else None}
        done = arrive(inside.visitor, provider.sign_in(address), status=status)
    assert done.heading == "Ander wachtwoord"
    # Somebody else there proves nothing of Anna.
    clock.start_at(clock.now() + timedelta(minutes=16))
    provider.subject = "somebody else"
    address = leave(inside.visitor.open("/werkplek/aanmeldingen/wachtwoord"), "Ga verder met Keycloak")
    assert arrive(inside.visitor, provider.sign_in(address), status=422).heading == "Dat is niet gelukt"


def test_a_disabled_account_is_nobodys(
    app: Flask, provider: OidcProvider, linked: Page, transaction: Transaction
) -> None:
    with transaction() as session:
        session.scalars(select(Account).where(Account.email == "anna@example.nl")).one().active = False
        assert session.scalars(select(ProviderLink)).one().subject == provider.subject
    assert "hoort hier nog bij niemand" in come_in(app, provider, status=422).text


def test_the_operator_is_told_whether_the_provider_answers(
    app: Flask, provider: OidcProvider, settings: Settings
) -> None:
    def found() -> list[bool]:
        with app.app_context():
            return [each.ok for each in check.find(settings, now=NOW) if each.name == "provider"]

    assert found() == [True]
    provider.metadata |= {"issuer": "https://evil.example"}
    assert found() == [False]
