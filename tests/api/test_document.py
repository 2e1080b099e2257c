"""The document of the API: equal to the code, and after the Dutch API Design Rules, each rule by its name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from consult.api.document import VERSION, document
from tests.api.conftest import bearer, key_with
from tests.house.source import ROOT
from tests.web.access import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.apps import Transaction

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")


@pytest.fixture
def served(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told: dict[str, Any] = answer.get_json()
    return told


def operations(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_that_is_kept_is_the_one_that_the_code_makes(app: Flask) -> None:
    kept = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(document())), "type: consult openapi > docs/openapi.json"


def test_every_route_of_the_api_is_in_the_document_and_no_other(app: Flask, served: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:[^>]+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(served)} == routes


def test_what_a_call_asks_of_a_key_is_what_the_table_of_doors_says(served: dict[str, Any]) -> None:
    wanted = {"looks": ["desk", "read"], "acts": ["desk"], "keeps": ["admin", "read"], "people": ["admin"]}
    names = {name.removeprefix("api: "): doors for name, doors in CLASSES.items() if name.startswith("api: ")}
    asked = {
        f"api.{_snake(operation['operationId'])}": sorted(each["key"][0] for each in operation["security"])
        for _path, _method, operation in operations(served)
        if {} not in operation["security"]
    }
    assert asked == {door: wanted[name] for name, doors in names.items() for door in doors}


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name)


def test_every_reference_in_the_document_leads_somewhere(served: dict[str, Any]) -> None:
    text = json.dumps(served)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        place: Any = served
        for part in reference.split("/"):
            assert part in place, reference
            place = place[part]


def test_core_doc_openapi(served: dict[str, Any]) -> None:
    assert served["openapi"].startswith("3.1.")
    assert all(operation["summary"] and operation["responses"] for *_, operation in operations(served))


def test_core_doc_openapi_contact(served: dict[str, Any]) -> None:
    contact = served["info"]["contact"]
    assert contact.keys() == {"name", "url", "email"}
    assert all(contact.values())


def test_core_publish_openapi(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Origin": "https://elders.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.head("/api/v1/openapi.json").status_code == 200


def test_core_http_methods(served: dict[str, Any]) -> None:
    assert {method for _, method, _ in operations(served)} <= METHODS


def test_core_no_trailing_slash(served: dict[str, Any], client: FlaskClient) -> None:
    assert not [path for path in served["paths"] if path.endswith("/")]
    assert client.get("/api/v1/advisors/").status_code == 404


def test_core_path_segments_kebab_case(served: dict[str, Any]) -> None:
    parts = {part for path in served["paths"] for part in path.strip("/").split("/")}
    assert not [
        part for part in parts if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}|openapi\.json", part)
    ]


def test_core_query_keys_camel_case(served: dict[str, Any]) -> None:
    named = {
        each["name"]
        for _, _, operation in operations(served)
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    }
    assert named
    assert not [name for name in named if not CAMEL.fullmatch(name)]


def test_core_field_names_camel_case(served: dict[str, Any]) -> None:
    named = {name for each in served["components"]["schemas"].values() for name in each.get("properties", ())}
    assert not [name for name in named if not CAMEL.fullmatch(name)]


def test_core_naming_collections(served: dict[str, Any]) -> None:
    """A resource with members is named in the plural."""
    holders = {path.split("/{")[0].rpartition("/")[2] for path in served["paths"] if "/{" in path}
    assert holders == {"bookings", "enquiries", "organisations", "pages", "people"}


def test_core_semver(served: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", served["info"]["version"])


def test_core_uri_version(served: dict[str, Any]) -> None:
    assert [each["url"] for each in served["servers"]] == ["http://localhost/api/v1"]
    assert not [path for path in served["paths"] if re.search(r"/v\d", path)]
    assert served["info"]["version"].startswith("1.")


@pytest.mark.parametrize("path", ["/advisors", "/onzin", "/enquiries", "/slots", "/openapi.json"])
def test_core_version_header(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/v1{path}").headers["API-Version"] == VERSION


@pytest.mark.parametrize("path", ["/advisors", "/onzin", "/enquiries"])
def test_core_transport_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(f"/api/v1{path}").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] in {"no-store", "no-cache"}
    assert headers["Content-Type"] in {"application/json", "application/problem+json"}


def test_core_http_safety(app: Flask, client: FlaskClient) -> None:
    """What may be done is told: HEAD with GET, OPTIONS everywhere, and Allow with a 405."""
    allowed: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            allowed.setdefault(path, set()).update(rule.methods or ())
    for path, methods in allowed.items():
        for method in ("DELETE", "PUT", "PATCH", "GET", "POST"):
            if method not in methods:
                answer = client.open(path, method=method)
                assert (answer.status_code, answer.mimetype) == (405, "application/problem+json"), path
                assert set(answer.headers["Allow"].split(", ")) == methods, path
        assert set(client.options(path).headers["Allow"].split(", ")) == methods


@pytest.mark.usefixtures("firm")
def test_core_stateless(client: FlaskClient, transaction: Transaction) -> None:
    answer = client.get("/api/v1/enquiries", headers=bearer(key_with(transaction, "read")))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_core_error_handling_problem_details(served: dict[str, Any]) -> None:
    for _, _, operation in operations(served):
        for status, response in operation["responses"].items():
            if status >= "400":
                told = served["components"]["responses"][status] if "$ref" in response else response
                assert set(told["content"]) == {"application/problem+json"}


def test_core_deprecation_schedule(served: dict[str, Any]) -> None:
    """Nothing is deprecated; what will be, says until when."""
    assert not [
        operation["operationId"] for *_, operation in operations(served) if operation.get("deprecated")
    ]
    assert "Deprecation and Sunset" in served["info"]["description"]
