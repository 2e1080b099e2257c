from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient


pytestmark = pytest.mark.usefixtures("firm")

RIK = {"slug": "rik", "name": "Rik de Wit", "role": "Adviseur"}
SLOTS = "/api/v1/slots?meetingType=sparren&advisor=rik&from=2026-11-19&to=2026-11-19"


def read(client: FlaskClient, path: str, **headers: str) -> Any:
    answer = client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["API-Version"] == "1.0.0"
    assert "Set-Cookie" not in answer.headers
    return answer.get_json()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("advisors", {"advisors": [{"slug": "mirte", "name": "Mirte Smit", "role": "Adviseur"}, RIK]}),
        ("topics", {"topics": [{"slug": "polarisatie", "name": "Polarisatie"}]}),
        (
            "meeting-types",
            {
                "meetingTypes": [
                    {
                        "slug": "sparren",
                        "name": "Sparsessie",
                        "minutes": 30,
                        "places": ["video", "phone", "visit"],
                    }
                ]
            },
        ),
        (
            "pages/polarisatie",
            {
                "slug": "polarisatie",
                "title": "Omgaan met polarisatie",
                "intro": "Lees dit.",
                "invitation": "",
                "topic": "polarisatie",
                "advisors": [RIK],
                "askUrl": "http://localhost/vraag?pagina=polarisatie",
            },
        ),
    ],
)
def test_a_site_reads_what_it_can_show(client: FlaskClient, path: str, expected: Any) -> None:
    assert read(client, path) == expected


def test_a_site_reads_in_its_own_language(client: FlaskClient) -> None:
    assert read(client, "topics?taal=en")["topics"][0]["name"] == "Polarisatie (en)"
    assert read(client, "advisors", **{"Accept-Language": "en"})["advisors"][1]["role"] == "Advisor"


def test_moments_say_when_in_utc_and_with_whom(client: FlaskClient) -> None:
    slots = read(client, SLOTS.removeprefix("/api/v1/"))["slots"]
    assert slots[0] == {"start": "2026-11-19T08:00:00Z", "end": "2026-11-19T08:30:00Z", "advisors": ["rik"]}
    assert len(slots) == 31


def test_moments_of_anybody_name_everybody_who_can(client: FlaskClient) -> None:
    everybody = read(client, "slots?meetingType=sparren&from=2026-11-19&to=2026-11-19")["slots"][0]
    assert sorted(everybody["advisors"]) == ["mirte", "rik"]
    of_page = read(client, "slots?meetingType=sparren&page=polarisatie&from=2026-11-19&to=2026-11-19")[
        "slots"
    ][0]
    assert of_page["advisors"] == ["rik"]


def test_moments_that_did_not_change_are_not_sent_again(client: FlaskClient) -> None:
    first = client.get(SLOTS)
    again = client.get(SLOTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    client.post(
        "/api/v1/bookings",
        json={
            "meetingType": "sparren",
            "advisor": "rik",
            "start": "2026-11-19T09:00:00Z",
            "name": "Joke",
            "email": "joke@gemeente.nl",
        },
    )
    changed = client.get(SLOTS, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert len(changed.get_json()["slots"]) < len(first.get_json()["slots"])


@pytest.mark.parametrize(
    ("told", "query", "status", "pointer"),
    [
        ("no kind of talk", "from=2026-11-19&to=2026-11-20", 422, "/meetingType"),
        ("no dates", "meetingType=sparren", 422, "/from"),
        ("a date that is none", "meetingType=sparren&from=19-11-2026&to=2026-11-20", 422, "/from"),
        ("backwards", "meetingType=sparren&from=2026-11-20&to=2026-11-19", 422, None),
        ("63 days", "meetingType=sparren&from=2026-11-19&to=2027-01-20", 422, None),
        ("the end of time", "meetingType=sparren&from=9999-12-30&to=9999-12-31", 422, None),
        ("the beginning of time", "meetingType=sparren&from=0001-01-01&to=0001-01-02", 422, None),
        ("an unknown kind of talk", "meetingType=onzin&from=2026-11-19&to=2026-11-20", 404, None),
        ("an unknown advisor", "meetingType=sparren&advisor=x&from=2026-11-19&to=2026-11-20", 404, None),
        ("an unknown page", "meetingType=sparren&page=x&from=2026-11-19&to=2026-11-20", 404, None),
    ],
)
def test_a_wrong_question_for_moments_says_what_is_wrong(
    client: FlaskClient, told: str, query: str, status: int, pointer: str | None
) -> None:
    answer = client.get(f"/api/v1/slots?{query}")
    body = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), told
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert {"title", "detail"} <= body.keys()
    if pointer:
        assert pointer in {error["pointer"] for error in body["errors"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/onzin", 404),
        ("GET", "/api/v1/pages/onzin", 404),
        ("GET", "/api/v1/holds", 405),
        ("DELETE", "/api/v1/advisors", 405),
        ("POST", "/api/v1/bookings/AAAA/cancel", 404),
    ],
)
def test_every_fault_is_a_problem(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, json={} if method == "POST" else None)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["status"] == status
    if status == 405:
        assert answer.headers["Allow"]


def test_too_much_is_a_problem_too(client: FlaskClient) -> None:
    answer = client.post("/api/v1/enquiries", data=b"x" * 300_000, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
