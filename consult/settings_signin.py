"""What an operator can set about signing in: the second step, and the provider of OpenID Connect."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings


class SignInSettings(BaseSettings):
    """The part of the settings that is about colleagues who sign in."""

    second_factor: bool = Field(
        True, description="everybody at the desk signs in with a code or a passkey too"
    )
    oidc_issuer: str | None = Field(
        None, description="issuer of OpenID Connect: colleagues sign in with their own organisation's account"
    )
    oidc_client_id: str | None = Field(None, description="what that provider knows us as")
    oidc_client_secret: SecretStr | None = Field(None, description="the secret that goes with it")
    oidc_name: str = Field(
        "het account van uw organisatie",
        min_length=1,
        max_length=60,
        description="how its button calls it: Microsoft, say",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _provider(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://none.example")
        encrypted = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname))
        if not encrypted or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("is not an address such as https://login.example.nl/realms/firm")
        return value

    @model_validator(mode="after")
    def _whole_provider(self) -> SignInSettings:
        given = [self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret]
        if any(given) and not all(given):
            raise ValueError(
                "CONSULT_OIDC_ISSUER goes with CONSULT_OIDC_CLIENT_ID and CONSULT_OIDC_CLIENT_SECRET:"
                " set all three, or none"
            )
        return self


def _is_this_machine(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
