"""The models of what goes in and out, as schemas of the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from consult.api.operations import OPERATIONS
from consult.api.payloads.base import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

REF = "#/components/schemas/{model}"


def ref(model: type[BaseModel]) -> dict[str, str]:
    """Where the schema of a model stands."""
    return {"$ref": REF.format(model=model.__name__)}


def schemas() -> dict[str, Any]:
    """The schema of everything that goes in and out, by name; queries are written out where they are asked."""
    wanted: list[tuple[type[BaseModel], Any]] = [(Problem, "serialization")]
    for each in OPERATIONS:
        wanted.append((each.gives, "serialization"))
        wanted += _each((each.body, each.query), "validation") + _each((each.conflict,), "serialization")
    _names, schema = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    queries = {each.query.__name__ for each in OPERATIONS if each.query is not None}
    return {name: each for name, each in sorted(schema["$defs"].items()) if name not in queries}


def _each(models: Iterable[type[BaseModel] | None], mode: str) -> list[tuple[type[BaseModel], Any]]:
    return [(model, mode) for model in models if model is not None]


def tidy(value: Any, name: str = "") -> Any:
    """The same without the titles that only repeat a name, with docstrings as Markdown, and models by plain names."""
    if isinstance(value, list):
        return [tidy(each) for each in value]
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key != "title" or isinstance(each, dict)}
        named = kept.items() if name != "schemas" else ((_plain(key), each) for key, each in kept.items())
        return {key: tidy(each, key) for key, each in named}
    if name == "$ref":
        return _plain(value)
    return " ".join(value.replace("``", "`").split()) if name in {"description", "summary"} else value


def _plain(model: str) -> str:
    """``Advisor`` of ``AdvisorOut``: ours are told apart from the rows, theirs need not be."""
    return model.removesuffix("Out")
