"""What an operator can set about encryption at rest: the keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from consult.sealing.keys import Keyring, keyring


def split(value: object) -> object:
    """Lists are written with commas in the environment."""
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


class SealingSettings(BaseSettings):
    """The part of the settings that is about encryption at rest."""

    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(split)] = Field(
        (), description="seal what people write in the database: the first one writes, all read; default: off"
    )

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        keyring([each.get_secret_value() for each in value])
        return value

    def keyring(self) -> Keyring:
        """The keys, ready for use."""
        return keyring([each.get_secret_value() for each in self.encryption_keys])
