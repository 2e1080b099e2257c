"""Every setting as it works out: its value, with secrets masked, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from consult.settings import Settings
from consult.settings_files import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK = "********"
# Set by commands and tests, never by an operator.
INTERNAL = frozenset({"demo", "testing"})


@dataclass(frozen=True, slots=True)
class Effective:
    """One setting: its name as an operator writes it, what it is, where that came from, what it is for."""

    name: str
    value: str
    origin: str
    description: str


def effective(settings: Settings, environ: Mapping[str, str]) -> list[Effective]:
    """All settings an operator can set, in the order in which they are declared."""
    return [
        Effective(
            f"{PREFIX}{name.upper()}",
            _shown(settings, name),
            _origin(settings, name, environ),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
        if name not in INTERNAL
    ]


def _origin(settings: Settings, name: str, environ: Mapping[str, str]) -> str:
    variable = f"{PREFIX}{name.upper()}"
    if variable in environ:
        return "environment"
    if f"{variable}_FILE" in environ and f"{name}_file" not in Settings.model_fields:
        return f"environment ({variable}_FILE)"
    return "consult.toml" if name in settings.model_fields_set else "default"


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name == "database_url":
        return make_url(settings.database).render_as_string(hide_password=True)
    if name == "secret_key" and value is None:
        return f"{settings.instance}/secret-key"
    if name == "ratelimit_storage_uri" and value.get_secret_value() == "memory://":
        return "memory://"
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, tuple):
        return ", ".join(MASK if isinstance(each, SecretStr) else str(each) for each in value)
    return "" if value is None else str(value)
