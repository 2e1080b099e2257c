"""What the provider says of itself: where to send a browser, where to exchange a code, and with which keys it signs.

Asked with the guarded client, within five seconds, and kept for an hour; an unknown key is looked up at once, but not
more than once a minute. The one place where a request waits for somebody else: nobody can be let in without the answer.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from consult.web.outgoing_guard import Refused, target_of
from consult.web.outgoing_http import Outgoing, Rules, send
from consult.web.public_urls import provider_return_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from consult.settings import Settings

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT = timedelta(hours=1)
LOOK_AGAIN = timedelta(minutes=1)
SECONDS = 5.0
MOST_BYTES = 256 * 1024


class ProviderAway(Exception):
    """The provider does not answer, or not in a way that we know; ``args[0]`` is a code for the log."""


class CodeRefused(Exception):
    """The provider knows no such code, or not for us."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What OpenID Connect Discovery tells; ``names_itself``: answers carry ``iss`` (RFC 9207)."""

    authorize: str
    token: str
    keys: str
    basic: bool
    names_itself: bool


class Provider:
    """The provider of the settings, for one process; safe to ask from several threads."""

    def __init__(self, settings: Settings, issuer: str, client_id: str, secret: str) -> None:
        """Speak as ``client_id`` with ``issuer``; asks nothing yet."""
        self.issuer, self.client_id, self._secret = issuer, client_id, secret
        self.name = settings.oidc_name
        self.return_url = provider_return_url(settings)
        own = urlsplit(issuer).hostname or ""
        self._rules = Rules(
            allow_hosts=(own, *settings.feed_allow_hosts), seconds=SECONDS, most_bytes=MOST_BYTES
        )
        self._lock = Lock()
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, list[dict[str, Any]]] | None = None

    @classmethod
    def of(cls, settings: Settings) -> Provider | None:
        """The provider of the settings; None when there is none."""
        if (
            settings.oidc_issuer is None
            or settings.oidc_client_id is None
            or settings.oidc_client_secret is None
        ):
            return None
        secret = settings.oidc_client_secret.get_secret_value()
        return cls(settings, settings.oidc_issuer, settings.oidc_client_id, secret)

    def metadata(self, now: datetime) -> Metadata:
        """Its addresses.

        Raises:
            ProviderAway: it does not tell them, or names another issuer.
        """
        with self._lock:
            if self._metadata is None or now - self._metadata[0] > KEPT:
                told = self._asked(Outgoing(url=self.issuer.rstrip("/") + WELL_KNOWN))
                self._metadata = now, self._read(told)
            return self._metadata[1]

    def key(self, kid: str | None, now: datetime) -> dict[str, Any] | None:
        """The key with this name, as a JSON Web Key; the only one when the token names none; None for an unknown one.

        Raises:
            ProviderAway: it does not tell its keys.
        """
        address = self.metadata(now).keys
        with self._lock:
            found = self._find(kid)
            known_at = self._keys[0] if self._keys else None
            if known_at is None or now - known_at > (KEPT if found else LOOK_AGAIN):
                told = self._asked(Outgoing(url=address)).get("keys")
                if not isinstance(told, list):
                    raise ProviderAway("keys")
                self._keys = now, [each for each in told if isinstance(each, dict) and _signs(each)]
                found = self._find(kid)
            return found

    def exchange(self, code: str, verifier: str, now: datetime) -> str:
        """The ID token for a code.

        Raises:
            ProviderAway: no answer.
            CodeRefused: it gives none for this code.
        """
        metadata = self.metadata(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_url,
            "code_verifier": verifier,
            "client_id": self.client_id,
        }
        secrets = {}
        if metadata.basic:
            pair = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
            secrets["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_secret"] = self._secret
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode(form).encode()
        told = self._asked(
            Outgoing(url=metadata.token, method="POST", headers=headers, secrets=secrets, body=body)
        )
        token = told.get("id_token")
        if not isinstance(token, str):
            raise CodeRefused("no ID token")
        return token

    def _find(self, kid: str | None) -> dict[str, Any] | None:
        keys = self._keys[1] if self._keys else []
        fitting = [each for each in keys if kid is None or each.get("kid") == kid]
        return fitting[0] if len(fitting) == 1 else None

    def _read(self, told: Mapping[str, Any]) -> Metadata:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        authorize, token, keys = (str(told.get(name)) for name in names)
        # OpenID Connect Discovery 4.3: exactly the issuer that was asked.
        if told.get("issuer") != self.issuer:
            raise ProviderAway("another issuer")
        try:
            for address in (authorize, token, keys):
                target_of(address, self._rules.allow_hosts)
        except Refused as refused:
            raise ProviderAway(f"its address: {refused.fault}") from None
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Metadata(
            authorize,
            token,
            keys,
            basic="client_secret_basic" in methods,
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        )

    def _asked(self, outgoing: Outgoing) -> Mapping[str, Any]:
        try:
            answer = send(outgoing, self._rules)
            told = json.loads(answer.body) if answer.status < 500 else None
        except Refused as refused:
            raise ProviderAway(str(refused.fault)) from None
        except (ValueError, RecursionError):
            raise ProviderAway("no JSON") from None
        if not isinstance(told, dict) or (answer.status >= 400 and outgoing.body is None):
            raise ProviderAway(f"status {answer.status}")
        if answer.status >= 400:
            raise CodeRefused(f"status {answer.status}")
        return told


def _signs(key: Mapping[str, Any]) -> bool:
    """Whether this is a public key for signatures; a shared secret among them would be a trap."""
    return key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"
