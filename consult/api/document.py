"""The OpenAPI 3.1 document, made from the table of the calls and the models of what goes in and out.

``document()`` is the same for every installation and stands in docs/openapi.json; ``document_for`` adds whose it is.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_camel

from consult.api.document_models import REF, ref, schemas, tidy
from consult.api.operations import OPERATIONS
from consult.api.payloads.base import Problem
from consult.api.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from pydantic import BaseModel

    from consult.api.operations import Operation
    from consult.settings import Settings

VERSION = "1.0.0"
JSON = "application/json"
INTRO = """\
Ask questions, plan talks, and work on both as colleagues do. Instants are RFC 3339 in UTC; dates are those of the
firm. Faults are problem details (RFC 9457), with a sentence in Dutch or English after Accept-Language.
Without a key, calls are limited per address; a key (Authorization: Bearer) has a limit of its own. Its scopes are
`read` (look at questions, talks and the office's lists), `write` (ask and plan), `desk` (look and act as at the desk)
and `admin` (the office's lists with the people in them).
Send an Idempotency-Key with a POST: for a day, the same key with the same body gets the same answer.
Names may be added to answers and calls at any time. Nothing is taken away within a major version; what a next one
takes away is announced here, and with the headers Deprecation and Sunset, half a year before."""
TAGS = {
    "sites": "What a public site shows. No key needed.",
    "visitors": "What a visitor does. No key needed; with one, of scope `write`.",
    "desk": "Questions and talks, as colleagues see them.",
    "office": "What the office keeps.",
}
# Part of an address → its schema and what it is.
PARTS: dict[str, tuple[dict[str, Any], str]] = {
    "slug": ({"type": "string", "pattern": "^[a-z0-9-]{1,64}$"}, "The name in addresses."),
    "reference": (
        {"type": "string", "pattern": "^[A-Z]-[0-9]{4}-[0-9]{4,9}$"},
        "The number, such as C-2026-0412.",
    ),
    "token": (
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
        "The last part of the private link; or, with a key of scope `desk`, the number.",
    ),
    "number": ({"type": "integer", "minimum": 1, "maximum": 2147483647}, "The number."),
}
HEADERS = {
    "API-Version": ("The full version of this API.", "string"),
    "RateLimit-Limit": ("How many calls there may be in the running time.", "integer"),
    "RateLimit-Remaining": ("How many are left.", "integer"),
    "RateLimit-Reset": ("In how many seconds all are there again.", "integer"),
}
# What any call can answer, and what those that send something can.
ANY = (400, 401, 429, 503)
SENDING = (403, 409, 413, 415, 422)


def document() -> dict[str, Any]:
    """The document, without whose it is."""
    paths: dict[str, Any] = {"/openapi.json": {"get": _of_the_document()}}
    for each in OPERATIONS:
        paths.setdefault(_path(each), {})[each.method.lower()] = _operation(each)
    info = {
        "version": VERSION,
        "description": INTRO,
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }
    made: Any = {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": name, "description": told} for name, told in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas(),
            "headers": {
                name: {"description": told, "schema": {"type": kind}}
                for name, (told, kind) in HEADERS.items()
            },
            "responses": {str(status): _problem(status) for status in _statuses()},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A key that a coordinator made."}
            },
        },
    }
    made = tidy(made)
    made["info"]["title"] = "consult"
    return made


def document_for(settings: Settings) -> dict[str, Any]:
    """The document as this installation serves it: its address, and whom to ask."""
    made = document()
    contact = {"name": settings.firm_name, "url": settings.base_url, "email": settings.mail_from}
    made["info"]["contact"] = contact
    made["servers"] = [{"url": f"{settings.base_url}/api/v1"}]
    return made


def _path(operation: Operation) -> str:
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", operation.rule)


def _operation(operation: Operation) -> dict[str, Any]:
    summary, _, more = operation.told.partition(". ")
    told: dict[str, Any] = {
        "operationId": to_camel(operation.name),
        "summary": summary.removesuffix("."),
        "tags": [operation.tag],
        "security": _security(operation),
        "parameters": [*_parts(operation), *_query(operation), *_repeat(operation)],
        "responses": _responses(operation),
    }
    if more:
        told["description"] = more
    if operation.body is not None:
        told["requestBody"] = {
            "required": not operation.body_may_be_empty,
            "content": {JSON: {"schema": ref(operation.body)}},
        }
    return {name: value for name, value in told.items() if value != []}


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """Any of the scopes is enough; an empty requirement means that none is needed."""
    keys: list[dict[str, list[str]]] = [{"key": [scope]} for scope in sorted(operation.of_key)] or [
        {"key": []}
    ]
    return [{}, *keys] if operation.is_public else keys


def _parts(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", _path(operation))
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": PARTS[name][0],
            "description": PARTS[name][1],
        }
        for name in names
    ]


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template=REF)
    wanted = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in wanted, "schema": _without_null(value)}
        for name, value in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter that may be left out: a query knows no null."""
    others = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    kept = {name: value for name, value in schema.items() if name not in {"anyOf", "title"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    return kept | (others[0] if len(others) == 1 else {"anyOf": others} if others else {})


def _repeat(operation: Operation) -> list[dict[str, Any]]:
    if operation.method != "POST":
        return []
    schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    told = "The same key with the same body gets the same answer, for a day."
    return [{"name": "Idempotency-Key", "in": "header", "schema": schema, "description": told}]


def _responses(operation: Operation) -> dict[str, Any]:
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    if "links" in operation.gives.model_fields:
        headers["Link"] = {"description": "This page and the next (RFC 8288).", "schema": {"type": "string"}}
    done = {
        "description": HTTPStatus(operation.status).phrase,
        "headers": headers,
        "content": {JSON: {"schema": ref(operation.gives)}},
    }
    statuses = {*ANY, *operation.problems}
    if operation.method == "POST":
        statuses |= set(SENDING)
    if operation.scopes:
        statuses.add(403)
    if operation.query is not None:
        statuses.add(422)
    faults: dict[str, Any] = {
        str(each): {"$ref": f"#/components/responses/{each}"} for each in sorted(statuses)
    }
    if operation.conflict is not None:
        faults["409"] = _problem(409, operation.conflict)
    return {str(operation.status): done, **faults}


def _problem(status: int, model: type[BaseModel] = Problem) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
        "content": {MEDIA_TYPE: {"schema": ref(model)}},
    }


def _of_the_document() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document",
        "tags": ["sites"],
        "security": [{}],
        "responses": {"200": {"description": "OK", "content": {JSON: {"schema": {"type": "object"}}}}},
    }


def _statuses() -> list[int]:
    named = {status for each in OPERATIONS for status in each.problems}
    return sorted({*ANY, *SENDING, *named})
