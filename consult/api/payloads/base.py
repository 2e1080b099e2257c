"""What all payloads share: camelCase names, instants as RFC 3339 in UTC, links to the next page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel


def utc_text(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Utc = Annotated[
    datetime, PlainSerializer(utc_text), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Outgoing(BaseModel):
    """The base of everything that goes out. A client must bear names that it does not know: some will be added."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    def as_json(self) -> dict[str, Any]:
        """The members as they are sent."""
        return self.model_dump(mode="json", by_alias=True)


class Links(Outgoing):
    """Where this page of a list is and where the next one: addresses relative to the server; null on the last page."""

    self: str
    next: str | None


class FieldFault(Outgoing):
    """One thing that is wrong: a JSON Pointer to its place, and a sentence."""

    pointer: str
    detail: str


class Problem(Outgoing):
    """A fault (RFC 9457). ``detail`` is a sentence in the language of the call."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldFault] | None = None
    error_id: str | None = None
