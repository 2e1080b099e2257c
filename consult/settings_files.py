"""What settings read from disk: ``consult.toml``, the ``…_FILE`` twins of secrets, and the own signing key."""

from __future__ import annotations

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

PREFIX = "CONSULT_"
SECRETS = (
    "secret_key",
    "secret_key_fallbacks",
    "encryption_keys",
    "database_url",
    "mail_password",
    "inbox_url",
    "demo_password",
    "ratelimit_storage_uri",
    "oidc_client_secret",
)


class SettingsError(Exception):
    """A setting is wrong; the text is one line that names it and says how to mend it."""


def from_toml(path: Path) -> dict[str, Any]:
    """The settings in a TOML file; none when there is no file."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None


def secrets_from_files(given: dict[str, str]) -> dict[str, str]:
    """Replace each ``name_file`` of a secret by ``name`` with what the file holds."""
    values = dict(given)
    for name in SECRETS:
        path = values.pop(f"{name}_file", None)
        if path is None:
            continue
        if name in values:
            raise SettingsError(
                f"{PREFIX}{name.upper()} and {PREFIX}{name.upper()}_FILE are both set: remove one"
            )
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{PREFIX}{name.upper()}_FILE: {path} cannot be read ({error})") from None
    return values


def fresh_token(token: str | None, path: Path | None) -> str | None:
    """The token to sign in with now: that of the file, which another program renews, or the one that was set.

    Raises:
        ValueError: the file cannot be read or is empty.
    """
    if path is None:
        return token
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the token in {path} cannot be read ({type(error).__name__})") from None
    if not found:
        raise ValueError(f"{path} holds no token")
    return found


def own_secret(instance: Path) -> str:
    """The signing key of this machine: made at first use, kept in the instance folder, readable by its owner only."""
    path = instance / "secret-key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
            try:
                # A link fails when another process was first: both then read the same key.
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}): set CONSULT_SECRET_KEY") from None
