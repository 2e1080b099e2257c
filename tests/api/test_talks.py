"""Talks through the API: guests, moments that are kept, hosts together, and every way in which a talk cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from consult.booking.models import Booking, BusyPeriod, Invitation, MeetingType
from consult.outbox.models import OutgoingMail
from tests.api.test_writing import TALK, post, token
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")

GONE = "Dit moment is niet of niet meer vrij. Kies een ander moment."
AFTERNOON = "2026-11-19T13:00:00Z"
HELD = {"meetingType": "sparren", "advisor": "rik", "start": AFTERNOON}


@pytest.fixture
def pair(firm: None, transaction: Transaction) -> None:
    """A kind of talk that Rik and Mirte hold together; and Sam, who does not."""
    del firm
    with transaction() as session:
        rows.create_advisor(session, "Sam Bos")
        rows.create_meeting_type(session, "samen", name="Samen", host_ids=[1, 2])


def nothing_stands(transaction: Transaction) -> None:
    with transaction() as session:
        for table in (Booking, BusyPeriod, OutgoingMail):
            assert session.scalar(select(func.count()).select_from(table)) == 0


BAD = [
    ("never offered: at night", {"start": "2026-11-19T01:00:00Z"}, 409, GONE),
    ("past", {"start": "2026-11-18T09:00:00Z"}, 409, GONE),
    ("off the step", {"start": "2026-11-19T09:07:00Z"}, 409, GONE),
    ("with seconds", {"start": "2026-11-19T09:00:30Z"}, 409, GONE),
    ("the wall clock of another zone", {"start": "2026-11-19T09:00:00+09:00"}, 409, GONE),
    ("beyond the horizon", {"start": "2027-11-18T09:00:00Z"}, 409, GONE),
    ("without a zone", {"start": "2026-11-19T09:00:00"}, 422, "Zet de tijdzone erbij"),
    ("an hour no day has", {"start": "2026-11-19T25:00:00Z"}, 422, "Schrijf een moment als"),
    ("no moment", {"start": "morgen"}, 422, "Schrijf een moment als"),
    ("twenty-five hours long", {"end": "2026-11-20T10:00:00Z"}, 422, "Deze naam kennen wij niet."),
    ("another advisor's kind", {"meetingType": "samen", "advisor": "sam"}, 422, "houdt dit gesprek niet"),
    ("a place it is not held at", {"place": "office"}, 422, "Dit gesprek kan niet op die plek."),
    ("a place there is not", {"place": "maan"}, 422, "Kies een van deze: 'video', 'phone'"),
    ("six guests", {"guests": [f"p{n}@gemeente.nl" for n in range(6)]}, 422, "Gebruik er ten hoogste 5."),
    ("a guest who is none", {"guests": ["piet"]}, 422, "Vul een e-mailadres in"),
    ("no name", {"name": ""}, 422, "Vul dit in."),
    ("a key that is none", {"hold": "kort"}, 422, "Dit klopt niet."),
]


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(("told", "changed", "status", "why"), BAD, ids=[row[0] for row in BAD])
def test_a_talk_that_cannot_be_is_refused_with_the_reason(
    client: FlaskClient, transaction: Transaction, told: str, changed: dict[str, Any], status: int, why: str
) -> None:
    answer = post(client, "bookings", TALK | changed)
    assert answer.status_code == status, told
    body = answer.get_json()
    reasons = [body["detail"], *(each["detail"] for each in body.get("errors", ()))]
    assert any(why in reason for reason in reasons), (told, reasons)
    assert ("alternatives" in body) == (status == 409)
    nothing_stands(transaction)


def test_the_reason_is_told_in_english_too(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/bookings",
        json=TALK | {"start": "2026-11-19T01:00:00Z"},
        headers={"Accept-Language": "en"},
    )
    assert answer.get_json()["detail"] == "This moment is not, or no longer, free. Choose another moment."


def test_guests_are_invited_once_each_and_the_visitor_not_again(
    client: FlaskClient, transaction: Transaction
) -> None:
    guests = ["piet@gemeente.nl", "PIET@gemeente.nl", TALK["email"]]
    assert post(client, "bookings", TALK | {"guests": guests}).status_code == 201
    with transaction() as session:
        found = select(Invitation.address).where(Invitation.role == "guest")
        assert [each.lower() for each in session.scalars(found)] == ["piet@gemeente.nl"]


def test_nobody_is_mailed_of_more_than_three_new_talks_a_day(client: FlaskClient) -> None:
    for hour in range(3):
        talk = {
            "email": f"n{hour}@gemeente.nl",
            "guests": ["piet@gemeente.nl"],
            "start": f"2026-11-19T{9 + hour:02}:00:00Z",
        }
        answer = post(client, "bookings", TALK | talk)
        assert (answer.status_code, answer.get_json()["notMailed"]) == (201, [])
    fourth = {"email": "n4@gemeente.nl", "start": AFTERNOON, "guests": ["Piet@gemeente.nl"]}
    answer = post(client, "bookings", TALK | fourth)
    assert (answer.status_code, answer.get_json()["notMailed"]) == (201, ["Piet@gemeente.nl"])


def test_a_visitor_with_too_many_talks_is_told_so(client: FlaskClient, transaction: Transaction) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(per_visitor=1))
    assert post(client, "bookings", TALK).status_code == 201
    answer = post(client, "bookings", TALK | {"start": AFTERNOON})
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "U heeft al 1 afspraak staan. Zeg die eerst af, of bel ons."


def test_a_moment_is_kept_for_whoever_has_the_key(client: FlaskClient) -> None:
    kept = post(client, "holds", HELD).get_json()
    assert (kept["start"], kept["until"]) == (AFTERNOON, "2026-11-18T10:10:00Z")
    other = TALK | {"start": AFTERNOON, "email": "anne@gemeente.nl"}
    assert post(client, "bookings", other).status_code == 409
    assert post(client, "holds", HELD).status_code == 409
    assert post(client, "bookings", other | {"hold": kept["hold"]}).status_code == 201


def test_a_key_keeps_one_moment_at_a_time(client: FlaskClient) -> None:
    kept = post(client, "holds", HELD).get_json()["hold"]
    later = post(client, "holds", HELD | {"start": "2026-11-19T14:00:00Z", "hold": kept})
    assert later.get_json()["hold"] == kept
    assert post(client, "holds", HELD).status_code == 201


@pytest.mark.usefixtures("pair")
def test_a_talk_with_two_hosts_is_offered_planned_and_told_with_both(client: FlaskClient) -> None:
    dates = {"from": "2026-11-19", "to": "2026-11-19"}
    asked = client.get("/api/v1/slots", query_string={"meetingType": "samen", **dates})
    slots = asked.get_json()["slots"]
    assert all(slot["advisors"] == ["rik", "mirte"] for slot in slots)
    talk = {each: TALK[each] for each in ("name", "email")}
    planned = post(client, "bookings", talk | {"meetingType": "samen", "start": AFTERNOON})
    assert planned.get_json()["hosts"] == ["Rik de Wit", "Mirte Smit"]
    for advisor in ("rik", "mirte"):
        assert post(client, "bookings", TALK | {"advisor": advisor, "start": AFTERNOON}).status_code == 409
    moved = post(client, f"bookings/{token(planned)}/move", {"start": "2026-11-20T13:00:00Z"})
    assert moved.get_json()["start"] == "2026-11-20T13:00:00Z"
