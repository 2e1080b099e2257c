from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from tests.booking.acts import instant

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")

QUESTION = {"question": "Hoe begin ik?", "name": "Joke Jansen", "email": "joke@gemeente.nl"}
TALK = {
    "meetingType": "sparren",
    "advisor": "rik",
    "start": "2026-11-19T09:00:00Z",
    "name": "Joke Jansen",
    "email": "joke@gemeente.nl",
}


def post(client: FlaskClient, path: str, body: Any, key: str | None = None) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
    assert answer.headers["API-Version"] == "1.0.0"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer


def count(transaction: Transaction, model: type[Enquiry | Booking]) -> int:
    with transaction() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def token(answer: TestResponse) -> str:
    return str(answer.get_json()["manageUrl"]).rpartition("/")[2]


def test_a_question_gets_a_number_an_advisor_a_promise_and_a_page(
    client: FlaskClient, visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    answer = post(client, "enquiries", QUESTION | {"advisor": "rik", "page": "polarisatie"})
    assert answer.status_code == 201
    body = answer.get_json()
    assert body.keys() == {"reference", "assignedTo", "answerBy", "statusUrl"}
    assert (body["reference"], body["assignedTo"]) == ("C-2026-0001", "Rik de Wit")
    assert body["answerBy"] == "2026-11-19T16:00:00Z"
    assert visitor.open(body["statusUrl"]).heading == "Uw vraag C-2026-0001"
    assert deliver_mail() == 2
    mailbox.only("joke@gemeente.nl")


@pytest.mark.both_databases
def test_a_talk_is_planned_moved_and_cancelled(
    client: FlaskClient, visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail
) -> None:
    answer = post(client, "bookings", TALK)
    assert answer.status_code == 201
    body = answer.get_json()
    assert {"reference", "uid", "start", "end", "advisor", "manageUrl"} <= body.keys()
    assert (body["reference"], body["start"], body["end"]) == (
        "A-2026-0001",
        TALK["start"],
        "2026-11-19T09:30:00Z",
    )
    assert body["advisor"]["slug"] == "rik"
    assert visitor.open(body["manageUrl"]).heading == "Uw afspraak"
    moved = post(client, f"bookings/{token(answer)}/move", {"start": "2026-11-19T11:00:00+01:00"})
    assert (moved.status_code, moved.get_json()["start"], moved.get_json()["uid"]) == (
        200,
        "2026-11-19T10:00:00Z",
        body["uid"],
    )
    for _ in range(2):
        cancelled = post(client, f"bookings/{token(answer)}/cancel", {"reason": "Ziek."})
        assert (cancelled.status_code, cancelled.get_json()["state"]) == (200, "cancelled")
    gone = post(client, f"bookings/{token(answer)}/move", {"start": "2026-11-19T13:00:00Z"})
    assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")
    assert deliver_mail() == 6


@pytest.mark.both_databases
def test_a_moment_that_is_gone_comes_with_three_others(client: FlaskClient, transaction: Transaction) -> None:
    post(client, "bookings", TALK)
    answer = post(client, "bookings", TALK | {"email": "ander@gemeente.nl"})
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    others = answer.get_json()["alternatives"]
    assert len(others) == 3
    assert all(other.keys() == {"start", "end", "advisors"} for other in others)
    assert count(transaction, Booking) == 1
    chosen = {"start": others[0]["start"], "advisor": others[0]["advisors"][0]}
    assert post(client, "bookings", TALK | chosen).status_code == 201


@pytest.mark.parametrize("path", ["bookings", "holds"])
def test_in_place_of_a_moment_of_one_advisor_a_colleague_has_it_first(client: FlaskClient, path: str) -> None:
    wanted = TALK | {"email": "ander@gemeente.nl"}
    if path == "holds":
        wanted = {each: wanted[each] for each in ("meetingType", "start", "advisor")}
    post(client, "bookings", TALK)
    answer = post(client, path, wanted)
    assert answer.status_code == 409
    first, *others = answer.get_json()["alternatives"]
    assert (first["start"], first["advisors"]) == (TALK["start"], ["mirte"])
    assert [each["advisors"] for each in others] == [["rik"], ["rik"]], "then the same advisor near it"
    anybody = {name: value for name, value in wanted.items() if name != "advisor"}
    assert post(client, path, anybody).status_code == 201, "who names nobody gets the colleague at once"


def test_moving_to_what_is_gone_is_a_conflict_too(client: FlaskClient) -> None:
    first = post(client, "bookings", TALK)
    post(client, "bookings", TALK | {"start": "2026-11-19T10:00:00Z"})
    answer = post(client, f"bookings/{token(first)}/move", {"start": "2026-11-19T10:00:00Z"})
    assert answer.status_code == 409
    assert len(answer.get_json()["alternatives"]) == 3


def test_an_hour_before_a_talk_can_be_cancelled_and_not_moved(client: FlaskClient) -> None:
    answer = post(client, "bookings", TALK)
    clock.start_at(instant("2026-11-19T08:00:00Z"))
    moved = post(client, f"bookings/{token(answer)}/move", {"start": "2026-11-20T09:00:00Z"})
    assert moved.status_code == 410
    assert post(client, f"bookings/{token(answer)}/cancel", {}).status_code == 200


@pytest.mark.parametrize(
    ("told", "path", "body", "pointers"),
    [
        ("nothing at all", "enquiries", {}, {"/question", "/name"}),
        ("no way to answer", "enquiries", {"question": "?", "name": "J"}, {"/"}),
        ("no number to call", "enquiries", QUESTION | {"channel": "phone"}, {"/"}),
        ("a channel that is none", "enquiries", QUESTION | {"channel": "fax"}, {"/channel"}),
        ("too long", "enquiries", QUESTION | {"question": "a" * 5001}, {"/question"}),
        ("only spaces", "enquiries", QUESTION | {"question": " \u202e\n"}, {"/question"}),
        ("a name of two lines", "enquiries", QUESTION | {"name": "Joke\nBcc: x@y.nl"}, {"/name"}),
        ("no address", "enquiries", QUESTION | {"email": "joke@"}, {"/email"}),
        (
            "a domain longer than a mail can carry",
            "enquiries",
            QUESTION | {"email": f"j@{'a' * 63}.{'b' * 63}.{'c' * 63}.nl"},
            {"/email"},
        ),
        ("two addresses", "enquiries", QUESTION | {"email": "a@b.nl,c@d.nl"}, {"/email"}),
        ("no number that can exist", "enquiries", QUESTION | {"phone": "06 12"}, {"/phone"}),
        ("a name we do not know", "enquiries", QUESTION | {"fax": "1"}, {"/fax"}),
        (
            "other types",
            "enquiries",
            QUESTION | {"question": ["?"], "urgent": "maybe"},
            {"/question", "/urgent"},
        ),
        ("no start", "bookings", {key: value for key, value in TALK.items() if key != "start"}, {"/start"}),
        ("a start without a zone", "bookings", TALK | {"start": "2026-11-19T09:00:00"}, {"/start"}),
        ("a place that is none", "bookings", TALK | {"place": "moon"}, {"/place"}),
        ("a page that is no name", "bookings", TALK | {"page": "../x"}, {"/page"}),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_is_saved(
    client: FlaskClient, transaction: Transaction, told: str, path: str, body: Any, pointers: set[str]
) -> None:
    answer = post(client, path, body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), told
    assert {error["pointer"] for error in answer.get_json()["errors"]} == pointers
    assert all(error["detail"] for error in answer.get_json()["errors"])
    assert (count(transaction, Enquiry), count(transaction, Booking)) == (0, 0)


@pytest.mark.parametrize(
    ("told", "body", "kind"),
    [
        ("no JSON", b"question=?", "application/json"),
        ("no number", b'{"question": NaN}', "application/json"),
        ("a number of ten thousand figures", b'{"question": ' + b"1" * 10_000 + b"}", "application/json"),
        ("half a pair of surrogates", b'{"question": "\\ud800"}', "application/json"),
        ("half a pair in a name", b'{"\\ud800": "?"}', "application/json"),
        ("a name twice", b'{"question": "?", "question": "!"}', "application/json"),
        ("UTF-16", '{"question": "?"}'.encode("utf-16"), "application/json"),
        ("half of it", b'{"question": ', "application/json"),
        ("a list", b"[]", "application/json"),
        ("a number", b"7", "application/json"),
        ("bytes", b"\xff\xfe\x00", "application/json"),
        ("nothing", b"", "application/json"),
        ("very deep", b"[" * 100_000, "application/json"),
    ],
)
def test_a_body_that_is_no_object_is_a_bad_request(
    client: FlaskClient, told: str, body: bytes, kind: str
) -> None:
    answer = client.post("/api/v1/enquiries", data=body, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), told


@pytest.mark.parametrize(
    ("told", "change", "status"),
    [
        ("an unknown advisor", {"advisor": "onzin"}, 404),
        ("an unknown kind of talk", {"meetingType": "onzin"}, 404),
        ("an unknown page", {"advisor": None, "page": "onzin"}, 404),
        ("a place this kind does not have", {"place": "office"}, 422),
        ("by telephone without a number", {"place": "phone"}, 422),
        ("at no place in particular", {"place": "visit"}, 422),
        ("a moment off the steps", {"start": "2026-11-19T09:07:00Z"}, 409),
        ("the end of time", {"start": "9999-12-31T23:59:59Z"}, 422),
        ("the beginning of time", {"start": "0001-01-01T00:00:00Z"}, 422),
    ],
)
def test_a_talk_that_cannot_be_is_refused(
    client: FlaskClient, transaction: Transaction, told: str, change: dict[str, Any], status: int
) -> None:
    answer = post(client, "bookings", TALK | change)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), told
    assert count(transaction, Booking) == 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("path", "body", "model"), [("enquiries", QUESTION, Enquiry), ("bookings", TALK, Booking)]
)
def test_the_same_key_gets_the_same_answer_and_has_one_effect(
    client: FlaskClient,
    transaction: Transaction,
    deliver_mail: DeliverMail,
    path: str,
    body: dict[str, Any],
    model: type[Enquiry | Booking],
) -> None:
    first, second = (post(client, path, body, "key-1") for _ in range(2))
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    assert count(transaction, model) == 1
    assert deliver_mail() == 2


@pytest.mark.both_databases
def test_a_key_belongs_to_one_body(client: FlaskClient, transaction: Transaction) -> None:
    post(client, "enquiries", QUESTION, "key-1")
    other = post(client, "enquiries", QUESTION | {"question": "Iets anders?"}, "key-1")
    assert (other.status_code, other.mimetype) == (422, "application/problem+json")
    assert post(client, "bookings", TALK, "key-1").status_code == 201
    assert (count(transaction, Enquiry), count(transaction, Booking)) == (1, 1)


def test_a_refusal_uses_up_no_key(client: FlaskClient) -> None:
    post(client, "bookings", TALK)
    body = TALK | {"email": "ander@gemeente.nl"}
    assert post(client, "bookings", body, "key-2").status_code == 409
    free = body | {"start": "2026-11-19T13:00:00Z"}
    assert post(client, "bookings", free, "key-2").status_code == 201
