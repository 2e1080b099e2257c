"""The rows of CALENDAR 3: what becomes of two mails with a server that misbehaves, and once it is well again.

Each mail is an invite with everything that breaks mail: a subject of 300 characters beyond ASCII, a line of
5,000, a name with quotes, and a calendar part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from sqlalchemy import select

from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.message import Letter, compose
from consult.outbox.models import MailState, OutgoingMail
from consult.scheduling.writer import request
from tests.engines.scheduling.samples import NASTY, meeting
from tests.outbox.hostile_smtp import DRIP, DROP, SILENCE, HostileSmtp
from tests.outbox.test_connection import certified

if TYPE_CHECKING:
    from pathlib import Path

    from consult.outbox.connection import SmtpServer
    from tests.outbox.hostile_smtp import Behaviour
    from tests.support.apps import MakeSettings, Transaction

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SUBJECT = ('Gesprek; "met" é’ 🙂 ' * 20)[:300].strip()
WAITS, SENT, FAILED = MailState.PENDING, MailState.SENT, MailState.FAILED
ONE, TWO = "een@zaanstad.example", "twee@zaanstad.example"


def letters() -> list[OutgoingMail]:
    found = []
    for recipient in (ONE, TWO):
        letter = Letter(
            from_name=NASTY,
            from_address="contact+tok@consult.example",
            to_name=NASTY,
            to_address=recipient,
            subject=SUBJECT,
            text="é" * 5000 + "\n.een punt vooraan",
            html=f"<p>{'x' * 5000}</p>",
            message_id=f"<{recipient}>",
            date=NOW,
            calendar=request(meeting()),
            calendar_method="REQUEST",
        )
        found.append(
            OutgoingMail(
                event="booking-confirmed",
                subject_kind="booking",
                subject_id=1,
                sender="contact+tok@consult.example",
                recipient=recipient,
                message_id=letter.message_id,
                raw=compose(letter),
                created_at=NOW,
                next_attempt_at=NOW,
            )
        )
    return found


def deliver(transaction: Transaction, way: SmtpServer, at: datetime = NOW) -> None:
    Delivery(transaction, lambda: SmtpConnection(way), now=lambda: at, pauses=(0.0,)).run(Event())


def states(transaction: Transaction) -> list[tuple[str, int]]:
    with transaction() as session:
        query = select(OutgoingMail.state, OutgoingMail.attempts).order_by(OutgoingMail.id)
        return [(state, tries) for state, tries in session.execute(query)]


ROWS: list[Any] = [
    pytest.param({"GREETING": SILENCE}, [(WAITS, 0), (WAITS, 0)], id="silent: nobody's fault, all wait"),
    pytest.param({"EHLO": SILENCE}, [(WAITS, 0), (WAITS, 0)], id="silent after the greeting"),
    pytest.param({"GREETING": DRIP}, [(WAITS, 0), (WAITS, 0)], id="slow: a byte now and then"),
    pytest.param({"MESSAGE": DRIP}, [(WAITS, 1), (WAITS, 1)], id="slow after the message"),
    pytest.param({"QUIT": DROP}, [(SENT, 1), (SENT, 1)], id="drops at QUIT: accepted is accepted"),
    pytest.param({"QUIT": SILENCE}, [(SENT, 1), (SENT, 1)], id="silent at QUIT"),
    pytest.param({ONE: "550 gone"}, [(FAILED, 1), (SENT, 1)], id="refuses one receiver: a person sees it"),
    pytest.param({ONE: "450 greylisted"}, [(WAITS, 1), (SENT, 1)], id="one receiver later"),
    pytest.param({"MAIL": "451 later"}, [(WAITS, 1), (WAITS, 1)], id="4xx: tried again"),
    pytest.param({"DATA": "452 full"}, [(WAITS, 1), (WAITS, 1)], id="4xx at DATA"),
    pytest.param({"MESSAGE": "554 spam"}, [(FAILED, 1), (FAILED, 1)], id="5xx: not tried again"),
    pytest.param({"MESSAGE": DROP}, [(WAITS, 1), (WAITS, 1)], id="drops in the middle of DATA"),
    pytest.param({}, [(SENT, 1), (SENT, 1)], id="says 500 to a line over 998: there is none"),
]


@pytest.mark.parametrize(("answers", "after"), ROWS)
def test_a_hostile_server_costs_no_mail_and_doubles_none(
    transaction: Transaction,
    make_settings: MakeSettings,
    answers: dict[str, str | Behaviour],
    after: list[tuple[str, int]],
) -> None:
    with transaction() as session:
        session.add_all(letters())
    with HostileSmtp(answers=dict(answers)) as there:
        way = replace(mail_server(make_settings(mail_server="127.0.0.1", mail_port=there.port)), timeout=0.2)
        deliver(transaction, way)
        assert states(transaction) == after
        there.answers.clear()
        for hours in (1, 2):
            deliver(transaction, way, NOW + timedelta(hours=hours))
        assert [state for state, _ in states(transaction)] == [
            FAILED if state is FAILED else SENT for state, _ in after
        ]
        arrived = [message_from_bytes(raw, policy=policy.default) for raw in there.accepted]
    expected = [each for each, (state, _) in zip((ONE, TWO), after, strict=True) if state is not FAILED]
    assert sorted(str(each["To"].addresses[0].addr_spec) for each in arrived) == expected, "each once"
    for each in arrived:
        assert str(each["Subject"]) == SUBJECT
        assert each["From"].addresses[0].addr_spec == "contact+tok@consult.example"
        (part,) = (part for part in each.walk() if part.get_content_type() == "text/calendar")
        assert part.get_param("method") == "REQUEST"


@pytest.mark.parametrize("told", ["no TLS", "a wrong certificate", "a token that is refused"])
def test_a_server_that_cannot_be_trusted_gets_nothing_and_no_mail_is_given_up(
    transaction: Transaction, make_settings: MakeSettings, tmp_path: Path, told: str
) -> None:
    authority, token = trustme.CA(), tmp_path / "token"
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    token.write_text("verlopen", encoding="utf-8")
    with transaction() as session:
        session.add_all(letters())
    name = "else.example" if told == "a wrong certificate" else "127.0.0.1"
    with HostileSmtp(tls=certified(authority, name)) as there:
        offered = "250-hostile\r\n250-STARTTLS\r\n250 AUTH XOAUTH2"
        there.answers["EHLO"] = "250 hostile" if told == "no TLS" else offered
        there.answers["AUTH"] = "535 expired" if told == "a token that is refused" else "235 welcome"
        settings = make_settings(
            mail_server="127.0.0.1",
            mail_port=there.port,
            mail_security="starttls",
            mail_username="u@m.example",
            mail_token_file=token,
        )
        way = replace(mail_server(settings), ca_file=str(tmp_path / "ca.pem"), timeout=1)
        deliver(transaction, way)
        assert states(transaction) == [(WAITS, 0), (WAITS, 0)]
        assert (there.accepted, "MAIL" in there.verbs()) == ([], False)
        assert ("AUTH" in there.verbs()) == (told == "a token that is refused")
