"""The JSON that a call carries: one object in UTF-8, as strict as RFC 8259 with no name twice. All else is a 400."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext

from consult.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_object(*, may_be_empty: bool = False) -> dict[str, Any]:
    """The object in the body of this request.

    Raises:
        Problem: 415 for another kind of content or a compressed one; 400 for what is no JSON object.
    """
    if request.content_encoding not in {None, "", "identity"}:
        told = gettext("Stuur de gegevens zonder compressie.")
        raise Problem(415, told, headers={"Accept-Encoding": "identity"})
    raw = request.get_data()
    if not raw and may_be_empty:
        return {}
    if not request.is_json:
        told = gettext("Stuur JSON, met Content-Type: application/json.")
        raise Problem(415, told, headers={"Accept-Post": "application/json"})
    given = _parsed(raw)
    if not isinstance(given, dict):
        raise Problem(400, gettext("Stuur een JSON-object."))
    return given


def _parsed(raw: bytes) -> Any:
    """The value; None for what is no JSON, or is deeper or larger than any call of ours."""
    try:
        value = json.loads(raw.decode(), parse_constant=_refuse, object_pairs_hook=_once)
        # A half of a pair of surrogates is no text that could be kept.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
