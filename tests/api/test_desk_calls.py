"""What colleagues' programs do with questions and talks: the same as at the desk, with the program in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.models import Activity
from consult.contact.models import Enquiry
from tests.api.conftest import bearer, key_with
from tests.booking.acts import instant

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.usefixtures("firm")

QUESTION = {"question": "Hoe begin ik een wijkgesprek?", "name": "Joke Jansen", "email": "joke@gemeente.nl"}
TALK = {
    "meetingType": "sparren",
    "advisor": "rik",
    "start": "2026-11-19T09:00:00Z",
    "name": "Joke Jansen",
    "email": "joke@gemeente.nl",
}
HAND = {"advisor": "mirte", "reason": "Mirte weet dit.", "note": "Joke wil snel beginnen."}
PATH = "/api/v1/enquiries/C-2026-0001"


class Program:
    """A program with a key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        """Call through ``client``."""
        self.client, self.headers = client, bearer(key)

    def get(self, path: str) -> Any:
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> TestResponse:
        answer = self.client.post(path, json=body, headers=self.headers | headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer


@pytest.fixture
def desk(client: FlaskClient, transaction: Transaction) -> Program:
    """Acts in the name of whoever has it."""
    return Program(client, key_with(transaction, "desk"))


def ask(client: FlaskClient, **changed: Any) -> str:
    made = client.post("/api/v1/enquiries", json=QUESTION | {"advisor": "rik"} | changed)
    assert made.status_code == 201
    return str(made.get_json()["reference"])


def trail(transaction: Transaction, what: str) -> tuple[str, dict[str, Any]]:
    with transaction() as session:
        row = session.scalars(
            select(Activity).where(Activity.what == what).order_by(Activity.id.desc())
        ).first()
        assert row is not None
        return row.actor, row.data


@pytest.mark.both_databases
def test_a_question_is_read_answered_noted_handed_over_closed_and_opened_again(
    client: FlaskClient, desk: Program, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    ask(client)
    shown = desk.get(PATH)
    assert (shown["state"], shown["email"], shown["advisor"]["slug"]) == ("open", "joke@gemeente.nl", "rik")
    note = desk.post(f"{PATH}/notes", {"text": "Bel haar morgen."}, 201).get_json()
    assert (note["kind"], note["by"], note["author"]) == ("note", "advisor", "Rik de Wit")
    answer = desk.post(f"{PATH}/answers", {"text": "Begin klein."}, 201).get_json()
    assert (answer["kind"], answer["text"], answer["mailState"]) == ("reply", "Begin klein.", "pending")
    assert desk.post(f"{PATH}/hand-over", HAND).get_json()["advisor"]["slug"] == "mirte"
    for _ in range(2):
        assert desk.post(f"{PATH}/close").get_json()["state"] == "closed"
    assert desk.post(f"{PATH}/reopen", {}).get_json()["state"] == "open"
    kinds = [(each["kind"], each["by"]) for each in desk.get(f"{PATH}/entries")["entries"]]
    assert kinds[0] == ("question", "visitor")
    assert {("event", "program"), ("event", "system"), ("reply", "advisor"), ("note", "advisor")} <= set(
        kinds
    )
    deliver_mail()
    assert any("Begin klein." in each.part("text/plain") for each in mailbox.to("joke@gemeente.nl"))
    actor, data = trail(transaction, "enquiry.closed")
    assert actor.startswith("key:")
    assert data["in_name_of"]


def test_a_list_is_narrowed_searched_and_read_page_by_page(client: FlaskClient, desk: Program) -> None:
    for number in range(5):
        ask(client, email=f"joke{number}@gemeente.nl", urgent=number == 0)
    ask(client, question="Iets over parkeren", advisor="mirte", email="piet@gemeente.nl")
    seen, path = [], "/api/v1/enquiries?limit=2&state=open"
    while path:
        answer = client.get(path, headers=desk.headers)
        body = answer.get_json()
        seen += [each["reference"] for each in body["enquiries"]]
        path = body["links"]["next"]
        assert (f'<{path}>; rel="next"' in answer.headers["Link"]) is (path is not None)
    assert seen == [f"C-2026-000{number}" for number in (6, 5, 4, 3, 2, 1)]
    for query, found in (
        ("advisor=mirte", [6]),
        ("search=parkeren", [6]),
        ("search=niets%20daarvan", []),
        ("urgent=true", [1]),
        ("state=closed", []),
        ("late=true", []),
    ):
        listed = desk.get(f"/api/v1/enquiries?{query}")["enquiries"]
        assert [int(each["reference"][-1]) for each in listed] == found, query


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("limit=0", "/limit"), ("limit=101", "/limit"), ("state=held", "/state"), ("cursor=x", "/cursor")],
)
def test_a_list_that_cannot_be_is_refused(
    client: FlaskClient, desk: Program, query: str, pointer: str
) -> None:
    answer = client.get(f"/api/v1/enquiries?{query}", headers=desk.headers)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == [pointer]


def test_a_program_of_one_advisor_acts_on_what_is_of_that_advisor_only(
    client: FlaskClient, transaction: Transaction
) -> None:
    ask(client)
    of_mirte = Program(client, key_with(transaction, "desk", of="mirte"))
    assert of_mirte.get(PATH)["advisor"]["slug"] == "rik"
    for act, body in (
        ("answers", {"text": "Ja."}),
        ("notes", {"text": "Zie hier."}),
        ("hand-over", HAND),
        ("close", {}),
        ("reopen", {}),
    ):
        refused = of_mirte.post(f"{PATH}/{act}", body, 403).get_json()
        assert refused["detail"] == "Deze vraag is van een andere adviseur."
    of_rik = Program(client, key_with(transaction, "desk", of="rik"))
    of_rik.post(f"{PATH}/hand-over", HAND)
    of_mirte.post(f"{PATH}/answers", {"text": "Ja."}, 201)
    of_rik.post(f"{PATH}/close", {}, 403)


def test_a_question_of_nobody_is_handed_over_first_or_taken_by_a_program_for_its_advisor(
    client: FlaskClient, desk: Program, transaction: Transaction
) -> None:
    ask(client)
    with transaction() as session:
        session.scalars(select(Enquiry)).one().advisor = None
    desk.post(f"{PATH}/answers", {"text": "Ja."}, 409)
    of_rik = Program(client, key_with(transaction, "desk", of="rik"))
    of_rik.post(f"{PATH}/hand-over", HAND, 403)
    assert of_rik.post(f"{PATH}/hand-over", HAND | {"advisor": "rik"}).get_json()["advisor"]["slug"] == "rik"
    desk.post(f"{PATH}/hand-over", HAND | {"advisor": "rik"}, 409)
    desk.post(f"{PATH}/close")
    desk.post(f"{PATH}/hand-over", HAND, 409)


def test_who_left_no_address_is_not_answered_by_mail(client: FlaskClient, desk: Program) -> None:
    ask(client, channel="phone", email=None, phone="0612345678")
    told = desk.post(f"{PATH}/answers", {"text": "Ja."}, 409).get_json()
    assert told["detail"] == "Er is geen mailadres. Bel of app in plaats daarvan."


def test_what_waits_for_a_look_at_spam_is_not_there(
    client: FlaskClient, desk: Program, transaction: Transaction
) -> None:
    ask(client)
    with transaction() as session:
        session.scalars(select(Enquiry)).one().state = "held"
    assert desk.get("/api/v1/enquiries")["enquiries"] == []
    for path in ("", "/entries"):
        assert client.get(PATH + path, headers=desk.headers).status_code == 404


def test_an_answer_that_is_sent_again_is_one_answer(
    client: FlaskClient, desk: Program, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    ask(client)
    keyed = {"Idempotency-Key": "een-keer"}
    first, again = (desk.post(f"{PATH}/answers", {"text": "Ja."}, 201, **keyed) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert [each["kind"] for each in desk.get(f"{PATH}/entries")["entries"]].count("reply") == 1
    deliver_mail()
    assert len(mailbox.to("joke@gemeente.nl")) == 2


@pytest.mark.both_databases
def test_a_talk_is_listed_moved_and_cancelled_by_its_number_and_told_about_afterwards(
    client: FlaskClient, desk: Program, transaction: Transaction
) -> None:
    for start in ("2026-11-19T09:00:00Z", "2026-11-20T09:00:00Z"):
        assert client.post("/api/v1/bookings", json=TALK | {"start": start}).status_code == 201
    listed = desk.get("/api/v1/bookings?from=2026-11-20&to=2026-11-20&advisor=rik")["bookings"]
    assert [each["reference"] for each in listed] == ["A-2026-0002"]
    one = "/api/v1/bookings/A-2026-0001"
    assert desk.get(one)["invitees"][0] == {
        "role": "visitor",
        "name": "Joke Jansen",
        "participation": "NEEDS-ACTION",
    }
    desk.post(f"{one}/outcome", {"outcome": "attended"}, 409)
    moved = desk.post(f"{one}/move", {"start": "2026-11-19T10:00:00Z"}).get_json()
    assert moved["start"] == "2026-11-19T10:00:00Z"
    assert trail(transaction, "booking.moved")[0].startswith("key:")
    assert desk.post("/api/v1/bookings/A-2026-0002/cancel").get_json()["state"] == "cancelled"
    clock.start_at(instant("2026-11-19T11:00:00Z"))
    said = {
        "outcome": "attended",
        "text": "Goed gesprek.",
        "nextStep": "Nabellen",
        "followUpOn": "2026-11-26",
    }
    told = desk.post(f"{one}/outcome", said).get_json()
    assert (told["outcome"], told["outcomeText"], told["nextStep"], told["followUpOn"]) == tuple(
        said.values()
    )
    late = desk.post(f"{one}/outcome", said | {"followUpOn": "2026-11-18"}, 422).get_json()
    assert late["errors"][0]["pointer"] == "/followUpOn"


def test_the_number_of_a_talk_opens_nothing_without_a_key_for_it(
    client: FlaskClient, transaction: Transaction
) -> None:
    client.post("/api/v1/bookings", json=TALK)
    path = "/api/v1/bookings/A-2026-0001/cancel"
    assert client.post(path).status_code == 404
    Program(client, key_with(transaction, "write")).post(path, {}, 403)
    refused = Program(client, key_with(transaction, "desk", of="mirte")).post(path, {}, 403).get_json()
    assert refused["detail"] == "Dit gesprek is van een andere adviseur."


def test_the_office_s_lists_tell_who_works_with_whom(client: FlaskClient, transaction: Transaction) -> None:
    ask(client, organisation="Gemeente Utrecht")
    office = Program(client, key_with(transaction, "admin"))
    assert [each["slug"] for each in office.get("/api/v1/pages")["pages"]] == ["polarisatie"]
    assert office.get("/api/v1/teams") == {"teams": []}
    there = office.get("/api/v1/organisations?search=utrecht")["organisations"][0]
    assert (there["name"], there["kind"]) == ("Utrecht", "municipality")
    assert office.get(f"/api/v1/organisations/{there['id']}") == there
    who = office.get(f"/api/v1/people?organisation={there['id']}")["people"][0]
    assert (who["name"], who["email"], who["organisation"]) == (
        "Joke Jansen",
        "joke@gemeente.nl",
        there["id"],
    )
    assert office.get(f"/api/v1/people/{who['id']}") == who
    for path in ("people/99", "organisations/99", "people/99999999999999999999", "organisations/0"):
        assert client.get(f"/api/v1/{path}", headers=office.headers).status_code == 404
