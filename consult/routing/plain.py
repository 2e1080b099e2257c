"""Reading plain values (as they come back from JSON) with a clear refusal where they are not what was stored.

Knows dictionaries, whole numbers, texts and instants; refuses to know what they mean.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    Member = TypeVar("Member", bound=StrEnum)


class Unreadable(ValueError):
    """What was stored is not a decision this version can read; the message names the field."""


def drop_empty(data: dict[str, object]) -> dict[str, object]:
    """The same fields without those that say nothing (None, empty list): absence reads back as the same."""
    return {key: value for key, value in data.items() if value is not None and value != []}


def moment_text(instant: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC; None stays None."""
    return None if instant is None else instant.astimezone(UTC).isoformat()


def optional_whole(data: Mapping[str, object], key: str) -> int | None:
    """The whole number under ``key``, None where it is absent."""
    value = data.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Unreadable(f"{key} is not a whole number")


def whole(data: Mapping[str, object], key: str) -> int:
    """The whole number under ``key``."""
    value = optional_whole(data, key)
    if value is None:
        raise Unreadable(f"{key} is missing")
    return value


def wholes(data: Mapping[str, object], key: str) -> tuple[int, ...]:
    """The list of whole numbers under ``key``, empty where it is absent."""
    return tuple(whole({key: each}, key) for each in _list(data, key))


def optional_text(data: Mapping[str, object], key: str) -> str | None:
    """The text under ``key``, None where it is absent."""
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise Unreadable(f"{key} is not a text")


def text(data: Mapping[str, object], key: str) -> str:
    """The text under ``key``."""
    value = optional_text(data, key)
    if value is None:
        raise Unreadable(f"{key} is missing")
    return value


def member(codes: type[Member], data: Mapping[str, object], key: str) -> Member:
    """The code of that enumeration under ``key``."""
    written = text(data, key)
    try:
        return codes(written)
    except ValueError as error:
        raise Unreadable(f"{key} is not a known code") from error


def optional_moment(data: Mapping[str, object], key: str) -> datetime | None:
    """The aware instant under ``key``, None where it is absent."""
    written = optional_text(data, key)
    if written is None:
        return None
    try:
        instant = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable(f"{key} is not an instant") from error
    if instant.tzinfo is None:
        raise Unreadable(f"{key} has no time zone")
    return instant


def moment(data: Mapping[str, object], key: str) -> datetime:
    """The aware instant under ``key``."""
    instant = optional_moment(data, key)
    if instant is None:
        raise Unreadable(f"{key} is missing")
    return instant


def rows(data: Mapping[str, object], key: str) -> tuple[dict[str, object], ...]:
    """The list of dictionaries under ``key``, empty where it is absent."""
    found = []
    for each in _list(data, key):
        if not isinstance(each, dict):
            raise Unreadable(f"{key} holds something else than fields")
        found.append(each)
    return tuple(found)


def _list(data: Mapping[str, object], key: str) -> list[object]:
    value = data.get(key, [])
    if isinstance(value, list):
        return value
    raise Unreadable(f"{key} is not a list")
