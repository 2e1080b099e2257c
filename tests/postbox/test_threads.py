from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.activity.services import of_subject
from consult.booking.models import Booking
from consult.contact.advisor_address import advisor_token, read_advisor_token
from consult.contact.models import Enquiry, Message
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Advisor
from consult.postbox.models import ArrivalState
from consult.postbox.outcome import Judged
from consult.postbox.services import left_for_a_person, seen_by_a_person
from consult.postbox.services import of_subject as mail_of
from tests.postbox.letters import JOKE, address, bounce, calendar, google, letter

if TYPE_CHECKING:
    from consult.postbox.models import IncomingMail
    from tests.postbox.conftest import Firm

both = pytest.mark.both_databases
RIK = "rik@bureau.example"
QUOTED = "Graag dinsdag.\n\nOp wo 18 nov 2026 om 10:00 schreef Rik de Wit <x@y.nl>:\n> Dag Joke\n"


@both
def test_a_visitors_answer_stands_in_the_thread_without_the_quote_and_the_advisor_is_told(firm: Firm) -> None:
    mail = firm.get(letter(QUOTED, to=address(firm.enquiry_token)))
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.VISITOR_TEXT)
    assert _messages(firm) == [("visitor", "Graag dinsdag.")]
    assert firm.told() == [("enquiry-extended", RIK)]


def test_a_colleague_who_answers_the_visitors_copy_is_named(firm: Firm) -> None:
    firm.get(letter("Ik ook.", to=address(firm.enquiry_token), sender="An <an@gemeente.example>"))
    assert _messages(firm) == [("visitor", "an@gemeente.example:\n\nIk ook.")]


@both
def test_the_same_answer_through_both_doors_is_one_message(firm: Firm) -> None:
    raw = letter(QUOTED, to=address(firm.enquiry_token))
    firm.get(raw, address(firm.enquiry_token))
    firm.get(b"Received: from a by b\r\n" + raw)
    assert len(_messages(firm)) == 1


@both
def test_an_advisor_answers_a_notification_and_the_visitor_gets_it(firm: Firm) -> None:
    to = _told_rik(firm)
    mail = firm.get(letter("Dinsdag kan.\n-- \nRik", to=to, sender=f"Rik <{RIK}>"))
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.ADVISOR_TEXT)
    assert _messages(firm) == [("reply", "Dinsdag kan.")]
    assert firm.told() == [("enquiry-answered", JOKE)]


def test_nothing_goes_to_a_visitor_from_another_address_than_the_advisors(firm: Firm) -> None:
    mail = firm.get(letter("Betaal hier", to=_told_rik(firm), sender="Rik <rik@elders.example>"))
    assert mail.state == ArrivalState.UNREADABLE
    assert (_messages(firm), firm.told()) == ([], [])


def test_the_answer_of_an_advisor_who_handed_over_becomes_a_note_and_he_hears_so(firm: Firm) -> None:
    with firm.transaction() as session:
        sam = session.scalars(select(Advisor).where(Advisor.name == "Sam Bos")).one()
        session.get_one(Enquiry, firm.enquiry_id).advisor = sam
    firm.get(letter("Dinsdag kan.", to=_told_rik(firm), sender=f"Rik <{RIK}>"))
    assert _messages(firm) == [("note", "Dinsdag kan.")]
    assert firm.told() == [("answer-not-sent", RIK)]


def test_a_visitor_without_a_mail_address_is_not_mailed(firm: Firm) -> None:
    with firm.transaction() as session:
        session.get_one(Enquiry, firm.enquiry_id).email = None
    firm.get(letter("Dinsdag kan.", to=_told_rik(firm), sender=f"Rik <{RIK}>"))
    assert firm.told() == [("answer-not-sent", RIK)]


@pytest.mark.parametrize("change", ["r2-1-", "r1-2-", "signature"])
def test_an_advisors_address_that_we_did_not_make_opens_nothing(firm: Firm, change: str) -> None:
    token = advisor_token(firm.settings, 1, 1)
    forged = token[:-1] + ("0" if token[-1] != "0" else "1") if change == "signature" else change + token[5:]
    assert read_advisor_token(firm.settings, token) == (1, 1)
    assert read_advisor_token(firm.settings, forged) is None
    assert not firm.postbox.knows(address(forged))


def test_a_text_about_a_talk_is_kept_for_the_advisor_who_is_told(firm: Firm) -> None:
    mail = firm.get(letter("Ik neem een collega mee.", to=address(firm.tokens["visitor"])))
    assert (mail.judged, mail.text) == (Judged.VISITOR_TEXT, "Ik neem een collega mee.")
    assert firm.told() == [("booking-message", RIK)]
    with firm.transaction() as session:
        shown = mail_of(session, ("booking", firm.booking_id))
        assert [each.text for each in shown] == ["Ik neem een collega mee."]


def test_files_are_named_and_not_taken_over(firm: Firm) -> None:
    file = "Content-Type: application/pdf; name=plan.pdf\n\nPDF"
    body = f"--x\nContent-Type: text/plain\n\nZie bijlage\n--x\n{file}\n--x--"
    firm.get(letter(body, to=address(firm.enquiry_token), Content_Type="multipart/mixed; boundary=x"))
    assert _messages(firm) == [("visitor", "Zie bijlage\n\n[plan.pdf]")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
        {"List-Id": "<lijst.example.nl>"},
        {"Return-Path": "<>"},
        {"Message-ID": "<0123456789abcdef0123456789abcdef@consult.example.nl>"},
        {"From": "contact+abc@consult.example.nl"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_what_a_machine_wrote_is_kept_and_answered_by_nobody(firm: Firm, headers: dict[str, str]) -> None:
    given = {name.replace("-", "_"): value for name, value in headers.items()}
    sender = given.pop("From", f"Joke <{JOKE}>")
    mail = firm.get(letter("Ik ben er niet", to=address(firm.enquiry_token), sender=sender, **given))
    assert mail.state == ArrivalState.IGNORED
    assert (_messages(firm), firm.told()) == ([], [])


@both
def test_an_unknown_token_is_kept_and_shown_until_a_person_has_seen_it(firm: Firm) -> None:
    firm.get(letter("Hallo?", to=address("deadbeef")))
    with firm.transaction() as session:
        (left,) = left_for_a_person(session)
        assert (left.text, left.error, left.sender) == ("Hallo?", "unknown address", JOKE)
        seen_by_a_person(left, now=firm.now)
    with firm.transaction() as session:
        assert left_for_a_person(session) == []


@both
def test_a_bounce_marks_mail_question_and_person_and_tells_the_advisor_once(firm: Firm) -> None:
    lost_id, message_id = _sent(firm, "enquiry-received", JOKE)
    for number in range(2):
        raw = bounce(message_id, to=address(firm.enquiry_token))
        mail = firm.get(raw.replace(b"<bounce@", b"<bounce%d@" % number), address(firm.enquiry_token))
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.BOUNCE)
    assert firm.told() == [("mail-bounced", RIK)]
    with firm.transaction() as session:
        lost = session.get_one(OutgoingMail, lost_id)
        assert lost.state == MailState.FAILED
        assert lost.last_error == "5.1.1 smtp; 550 5.1.1 no such user here"
        enquiry = session.get_one(Enquiry, firm.enquiry_id)
        for subject in (("enquiry", enquiry.id), ("contact", enquiry.contact_id)):
            whats = [row.what for row in of_subject(session, subject)]
            assert whats.count(f"{subject[0]}.bounced") == 1


def test_the_invite_inside_a_bounce_is_no_answer(firm: Firm) -> None:
    _, message_id = _sent(firm, "booking-confirmed", JOKE)
    ics = calendar(firm.uid, "DECLINED")
    firm.get(bounce(message_id, to=address(firm.tokens["visitor"]), invite=ics))
    assert firm.invitation().participation == "NEEDS-ACTION"
    assert firm.told() == [("mail-bounced", RIK)]
    with firm.transaction() as session:
        whats = [row.what for row in of_subject(session, ("booking", firm.booking_id))]
        assert "booking.bounced" in whats


def test_a_bounce_without_our_message_id_is_found_by_address_and_receiver(firm: Firm) -> None:
    mail = firm.get(bounce("<unknown@x>", to=address(firm.enquiry_token)), address(firm.enquiry_token))
    assert (mail.judged, mail.subject_id) == (Judged.BOUNCE, firm.enquiry_id)


def test_a_bounce_of_the_advisors_own_address_mails_nobody(firm: Firm) -> None:
    _, message_id = _sent(firm, "enquiry-assigned", RIK)
    firm.get(bounce(message_id, to=address(firm.enquiry_token), recipient=RIK))
    assert firm.told() == []


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_mail_that_is_only_late_or_arrived_is_not_a_bounce(firm: Firm, action: str) -> None:
    _, message_id = _sent(firm, "enquiry-received", JOKE)
    mail = firm.get(bounce(message_id, to=address(firm.enquiry_token), action=action))
    assert (mail.state, mail.judged) == (ArrivalState.IGNORED, Judged.AUTOMATIC)
    assert firm.told() == []


@both
def test_a_mail_that_nobody_can_open_is_set_aside_and_the_next_one_is_opened(firm: Firm) -> None:
    with firm.transaction() as session:
        # A talk whose zone no calendar knows: the invite cannot be made again, whatever is tried.
        session.get_one(Booking, firm.booking_id).advisor.timezone = "Mars/Olympus"
    poison = google(calendar(firm.uid, method="REFRESH"), address(firm.tokens["visitor"]))
    firm.postbox.take_in(poison)
    firm.postbox.take_in(letter("Dag", to=address(firm.enquiry_token)))
    for _ in range(5):
        firm.postbox.open_waiting(Event())
    first, second = firm.stored()
    assert (first.state, first.error, first.attempts) == (ArrivalState.UNREADABLE, "ValueError", 5)
    assert second.state == ArrivalState.HANDLED
    assert _raw(firm, first) == poison


def _messages(firm: Firm) -> list[tuple[str, str]]:
    with firm.transaction() as session:
        query = select(Message.kind, Message.body).where(Message.enquiry_id == firm.enquiry_id)
        return [(kind, body) for kind, body in session.execute(query.order_by(Message.id))]


def _told_rik(firm: Firm) -> str:
    """The address in the mail that told Rik of his question."""
    with firm.transaction() as session:
        query = select(OutgoingMail.sender).where(
            OutgoingMail.event == "enquiry-assigned", OutgoingMail.recipient == RIK
        )
        return session.scalars(query).one()


def _sent(firm: Firm, event: str, recipient: str) -> tuple[int, str]:
    with firm.transaction() as session:
        query = select(OutgoingMail).where(OutgoingMail.event == event, OutgoingMail.recipient == recipient)
        mail = session.scalars(query).one()
        mail.state = MailState.SENT
        return mail.id, mail.message_id


def _raw(firm: Firm, mail: IncomingMail) -> bytes:
    with firm.transaction() as session:
        return session.get_one(type(mail), mail.id).raw
