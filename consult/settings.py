"""What an operator can set, as one frozen value that is handed in.

Read from the environment (``CONSULT_…``) over ``instance/consult.toml`` over the defaults. A name that does not
exist is an error that names the nearest one that does. Each secret has a ``…_FILE`` twin that names a file.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from consult.settings_files import PREFIX, SettingsError, from_toml, own_secret, secrets_from_files
from consult.settings_sealing import SealingSettings, split
from consult.settings_signin import SignInSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
DATABASES = frozenset({"sqlite", "postgres", "postgresql", "postgresql+psycopg"})
# Read by the test run and by `make`, not by the product.
FOREIGN = frozenset({"CONSULT_TEST_REQUIRE"})


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is not a time zone name such as Europe/Amsterdam") from error
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]


class Settings(SignInSettings, SealingSettings):
    """Every setting, checked. See CONTRACT in the README's table of settings."""

    model_config = SettingsConfigDict(
        frozen=True, env_prefix=PREFIX, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True
    )

    instance: Path = Field(Path("instance"), description="folder of the local database and configuration")
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the web server listens on")
    threads: int = Field(8, ge=1, le=64, description="threads of the web server")
    database_url: SecretStr | None = Field(None, description="default: SQLite in the instance folder")
    secret_key: SecretStr | None = Field(
        None, description="signs forms and sign-ins; default: made once, kept in instance/"
    )
    secret_key_fallbacks: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(split)] = Field(
        (), description="earlier keys that still verify"
    )
    base_url: str = Field("http://127.0.0.1:8000", description="start of every link in a mail")
    trusted_hosts: Names = Field((), description="host names that are answered; default: that of base_url")
    trusted_proxies: int = Field(0, ge=0, le=5, description="number of proxies in front")
    mail_server: str = Field("127.0.0.1", description="SMTP server")
    mail_port: int = Field(25, ge=1, le=65535, description="port of the SMTP server")
    mail_username: str | None = Field(None, description="account on the SMTP server")
    mail_password: SecretStr | None = Field(None, description="password of that account")
    mail_token: SecretStr | None = Field(
        None, description="access token of that account in place of a password (XOAUTH2)"
    )
    mail_token_file: Path | None = Field(
        None, description="file with that token, read at each sign-in: another program renews it"
    )
    mail_security: Literal["none", "starttls", "tls"] = Field("none", description="none, starttls or tls")
    mail_from: str = Field("contact@consult.example.nl", description="address mail is sent from")
    mail_domain: str | None = Field(
        None, description="domain of Message-IDs and answer addresses; default: that of mail_from"
    )
    inbox_url: SecretStr | None = Field(
        None, description="imaps://user:password@host/folder to read answers from; no password with a token"
    )
    inbox_token: SecretStr | None = Field(None, description="access token for that mailbox (XOAUTH2)")
    inbox_token_file: Path | None = Field(
        None, description="file with that token, read at each sign-in: another program renews it"
    )
    lmtp_host: str = Field("127.0.0.1", description="address to listen on for answers from a mail server")
    lmtp_port: int | None = Field(
        None, ge=1, le=65535, description="port to receive answers on from a mail server"
    )
    ratelimit_storage_uri: SecretStr = Field(SecretStr("memory://"), description="memory:// or redis://…")
    ratelimit_enabled: bool = Field(True, description="limits per address on or off")
    form_seconds: float = Field(
        3, ge=0, le=60, description="a question sent sooner after its form was opened is asked for once more"
    )
    flood_limit: int = Field(
        60, ge=10, description="questions in ten minutes from everybody together; more wait for a look"
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Europe/Amsterdam", description="zone of the firm"
    )
    locale: Literal["nl", "en"] = Field("nl", description="language when a visitor names none")
    firm_name: str = Field(
        "Bureau Voorbeeld", max_length=80, description="name of the firm on pages and in mails"
    )
    firm_phone: str = Field("+31201234567", description="number to call when all else fails")
    firm_accent: str = Field("#0b5c63", pattern=r"^#[0-9a-fA-F]{6}$", description="accent colour, #rrggbb")
    firm_logo: Path | None = Field(
        None, description="picture in place of the name on pages: an svg, png or webp file, 32 pixels high"
    )
    feed_allow_hosts: Names = Field((), description="calendar and webhook hosts that may be private")
    demo_password: SecretStr | None = Field(None, description="one password for the sample accounts")
    clock: AwareDatetime | None = Field(
        None, description="start the clock here; demonstrations and tests only"
    )
    demo: bool = Field(False, description="set by `consult demo`")
    testing: bool = Field(False, description="set by the tests")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in DATABASES:
            raise ValueError("is not an address such as postgresql://user@host/name or sqlite:////path/file")
        return value

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("is not an address such as https://contact.example.nl")
        return value.rstrip("/")

    @field_validator("firm_logo")
    @classmethod
    def _picture(cls, value: Path | None) -> Path | None:
        if value is not None and (value.suffix not in LOGO_TYPES or not value.is_file()):
            raise ValueError(f"is not a file that ends in {', '.join(LOGO_TYPES)}")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        name, at, domain = value.rpartition("@")
        if not (name and at and domain) or any(c.isspace() for c in value):
            raise ValueError("is not a mail address")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.clock is not None and not (self.demo or self.testing):
            raise ValueError("CONSULT_CLOCK is refused outside demo and tests: remove it")
        secrets = [self.mail_password, self.mail_token, self.mail_token_file]
        if sum(secret is not None for secret in secrets) != (self.mail_username is not None):
            raise ValueError(
                "CONSULT_MAIL_USERNAME goes with CONSULT_MAIL_PASSWORD, CONSULT_MAIL_TOKEN or"
                " CONSULT_MAIL_TOKEN_FILE: set the name and one of them, or none"
            )
        if self.inbox_token is not None and self.inbox_token_file is not None:
            raise ValueError("CONSULT_INBOX_TOKEN and CONSULT_INBOX_TOKEN_FILE are both set: remove one")
        if self.mail_username is not None and self.mail_security == "none":
            raise ValueError(
                "CONSULT_MAIL_SECURITY is none, which shows the password: set it to starttls or tls"
            )
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; PostgreSQL always through psycopg."""
        if self.database_url is None:
            return f"sqlite:///{(self.instance / 'consult.sqlite3').resolve()}"
        url = self.database_url.get_secret_value()
        for old in ("postgres://", "postgresql://"):
            url = f"postgresql+psycopg://{url.removeprefix(old)}" if url.startswith(old) else url
        return url

    @property
    def https(self) -> bool:
        """Whether people reach us over TLS, which decides on Secure cookies and HSTS."""
        return self.base_url.startswith("https://")

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The host names this service answers to; the loopback ones always, for health checks."""
        named = self.trusted_hosts or (urlsplit(self.base_url).hostname or "localhost",)
        return tuple(dict.fromkeys((*named, "127.0.0.1", "localhost")))

    @property
    def answer_domain(self) -> str:
        """The domain of answer addresses and Message-IDs."""
        return self.mail_domain or self.mail_from.rpartition("@")[2]

    def signing_keys(self) -> tuple[str, ...]:
        """Oldest first, the current one last, as itsdangerous wants them."""
        if self.secret_key is None:
            return (own_secret(self.instance),)
        return (
            *(key.get_secret_value() for key in self.secret_key_fallbacks),
            self.secret_key.get_secret_value(),
        )


def load(environ: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
    """Read and check all settings.

    Raises:
        SettingsError: one line that names the setting that is wrong, and the mend.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name not in FOREIGN
    }
    folder = Path(overrides.get("instance") or given.get("instance") or "instance")
    values = {**from_toml(folder / "consult.toml"), **secrets_from_files(given), **overrides}
    for name in values:
        if name not in Settings.model_fields:
            raise SettingsError(_unknown(name))
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        text = first["msg"].removeprefix("Value error, ")
        where = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise SettingsError(f"{where}{text}") from None


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.5)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
    return f"{PREFIX}{name.upper()} is not a setting{hint}"
