"""A provider of OpenID Connect on loopback: a real HTTP server with its own keys, honest until a test says otherwise.

``sign_in`` is what its login page would do: it takes the address that a browser was sent to, and gives the one it is
sent back to. ``claims``, ``header`` and ``answers`` change what it says; ``asked`` holds what the token endpoint got.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

from consult import clock

CLIENT, SECRET = "consult", "a secret of the provider / with +signs"


@dataclass
class OidcProvider:
    """Runs from ``with`` to its end, on a free port; signs with ``algorithm``."""

    algorithm: str = "RS256"
    subject: str = "subject-of-anna"
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    whole_token: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[Any] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.rotate()
        self.first = self.keys[0]
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, "")

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realms/firm"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def forget(self) -> None:
        """Be honest again, with the first key, and know nothing of what was asked."""
        self.subject, self.whole_token, self.keys = "subject-of-anna", None, [self.first]
        for held in (self.claims, self.header, self.metadata, self.statuses, self.codes):
            held.clear()
        for told in (self.asked, self.paths):
            told.clear()

    def rotate(self) -> None:
        """Sign with a new key from now on; the earlier ones are told no more."""
        name = secrets.token_hex(4)
        # As Entra does, without the algorithm that goes with it.
        told: Any = {"kid": name, "use": "sig"}
        key: Any = jwk.generate_key("EC", "P-256", told) if self.algorithm == "ES256" else None
        self.keys = [key or jwk.generate_key("RSA", 2048, told)]

    def public(self) -> list[dict[str, Any]]:
        """The keys as everybody may read them."""
        return [dict(key.as_dict(private=False)) for key in self.keys]

    def sign_in(self, address: str) -> str:
        """Somebody signs in here; gives where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/auth?"), address
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["scope"], asked["code_challenge_method"]) == ("openid", "S256")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        told = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def answer(self, request: BaseHTTPRequestHandler, body: str) -> None:
        """Answer one request."""
        path = request.path.removeprefix("/realms/firm")
        self.paths.append(path)
        if path.startswith("/auth?"):
            request.send_response(302)
            request.send_header("Location", self.sign_in(f"{self.issuer}{path}"))
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        told: Any = {"error": "not_found"}
        status = 404
        if path == "/.well-known/openid-configuration":
            status, told = 200, self._discovery()
        elif path == "/keys":
            status, told = 200, {"keys": self.public()}
        elif path == "/token":
            status, told = self._token(body, request.headers.get("Authorization", ""))
        status = self.statuses.get(path, status)
        content = json.dumps(told).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def _token(self, body: str, authorization: str) -> tuple[int, dict[str, Any]]:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append(form)
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        is_ours = secret == [CLIENT, "a%20secret%20of%20the%20provider%20%2F%20with%20%2Bsigns"]
        if asked is None or not is_ours or asked["code_challenge"] != challenge.rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = self.whole_token or self.token(asked["nonce"])
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def token(self, nonce: str) -> str:
        """An ID token with what the test changed in it; a claim of None is left out."""
        now = int(clock.now().timestamp())
        usual = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "nonce": nonce}
        claims = usual | {"iat": now, "exp": now + 300, "auth_time": now} | self.claims
        given = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.keys[0].kid} | self.header
        return jwt.encode(header, given, self.keys[0], algorithms=[header["alg"]])
