from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.activity.services import of_subject
from consult.booking.models import Booking, BookingState, Proposal
from consult.outbox.message import StoredMessage
from consult.outbox.models import OutgoingMail
from consult.postbox.models import ArrivalState
from consult.postbox.outcome import Judged
from tests.postbox.conftest import TALK_AT
from tests.postbox.letters import JOKE, SHAPES, address, calendar, exchange, google, letter

if TYPE_CHECKING:
    from tests.postbox.conftest import Firm

both = pytest.mark.both_databases
RIK, BAS = "rik@bureau.example", "bas@gemeente.example"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_answer_of_every_client_is_applied_to_the_invitation_of_its_token(firm: Firm, shape: str) -> None:
    to = address(firm.tokens["visitor"])
    mail = firm.get(SHAPES[shape](calendar(firm.uid, "ACCEPTED"), to), to)
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.ACCEPTED)
    assert (mail.subject_kind, mail.subject_id) == ("booking", firm.booking_id)
    assert firm.invitation().participation == "ACCEPTED"
    assert firm.invitation("advisor").participation == "NEEDS-ACTION"
    assert firm.told() == []


@both
def test_a_no_is_marked_and_the_advisor_hears_of_it_and_the_talk_stands(firm: Firm) -> None:
    firm.get(exchange(calendar(firm.uid, "DECLINED", comment="Raadsvergadering"), _visitor(firm)))
    assert firm.invitation().participation == "DECLINED"
    assert firm.invitation().comment == "Raadsvergadering"
    assert firm.told() == [("invite-declined", RIK)]
    with firm.transaction() as session:
        booking = session.get_one(Booking, firm.booking_id)
        assert (booking.state, booking.starts_at, booking.sequence) == (BookingState.CONFIRMED, TALK_AT, 0)
        assert "booking.answered" in [row.what for row in of_subject(session, ("booking", firm.booking_id))]


@both
def test_without_a_token_the_uid_and_the_sender_name_the_invitation(firm: Firm) -> None:
    firm.get(google(calendar(firm.uid, "TENTATIVE"), "contact@consult.example.nl"))
    assert firm.invitation().participation == "TENTATIVE"


def test_without_a_token_somebody_else_changes_nothing(firm: Firm) -> None:
    raw = letter("x", to="contact@consult.example.nl", sender="Piet <piet@elders.example>")
    other = google(
        calendar(firm.uid, "DECLINED", attendee="piet@elders.example"), "contact@consult.example.nl"
    )
    forged = other.replace(b"From: Joke Jansen <joke@gemeente.example>", b"From: piet@elders.example")
    assert firm.get(forged).state == ArrivalState.UNREADABLE
    assert firm.get(raw).state == ArrivalState.UNREADABLE
    assert firm.invitation().participation == "NEEDS-ACTION"


def test_somebody_who_was_sent_the_invite_by_the_guest_is_a_note_and_never_the_guest(firm: Firm) -> None:
    to = _visitor(firm)
    mail = firm.get(google(calendar(firm.uid, "DECLINED", attendee="an@gemeente.example"), to))
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.UNKNOWN_ATTENDEE)
    assert mail.text == "Joke Jansen <an@gemeente.example>: DECLINED"
    assert firm.invitation().participation == "NEEDS-ACTION"


def test_an_answer_to_the_old_time_is_noted_and_not_applied(firm: Firm) -> None:
    firm.moved()
    mail = firm.get(google(calendar(firm.uid, "ACCEPTED"), _visitor(firm)))
    assert mail.judged == Judged.OLD_ANSWER
    assert firm.invitation().participation == "NEEDS-ACTION"
    with firm.transaction() as session:
        whats = [row.what for row in of_subject(session, ("booking", firm.booking_id))]
    assert "booking.answered_old" in whats


@both
def test_an_answer_to_the_new_time_replaces_a_later_stamp_to_the_old_one(firm: Firm) -> None:
    firm.get(google(calendar(firm.uid, "ACCEPTED", stamp=500), _visitor(firm)))
    firm.moved()
    firm.get(exchange(calendar(firm.uid, "DECLINED", sequence=1, stamp=100), _visitor(firm)))
    assert firm.invitation().participation == "DECLINED"


def test_an_answer_about_another_meeting_is_left_for_a_person(firm: Firm) -> None:
    mail = firm.get(google(calendar("other@elsewhere", "DECLINED"), _visitor(firm)))
    assert (mail.state, mail.subject_id) == (ArrivalState.UNREADABLE, firm.booking_id)
    assert firm.invitation().participation == "NEEDS-ACTION"


def test_who_comes_instead_is_told_to_the_advisor_who_decides(firm: Firm) -> None:
    ics = calendar(firm.uid, "DELEGATED").replace(
        "PARTSTAT=DELEGATED", 'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:an@gemeente.example"'
    )
    mail = firm.get(google(ics, _visitor(firm)))
    assert (mail.judged, mail.text) == (Judged.DELEGATED, "an@gemeente.example")
    assert firm.told() == [("booking-message", RIK)]


@both
def test_a_proposal_is_kept_and_told_and_moves_nothing(firm: Firm) -> None:
    start = TALK_AT + timedelta(days=3)
    ics = calendar(firm.uid, "TENTATIVE", method="COUNTER", start=start, comment="Liever maandag")
    firm.get(exchange(ics, _visitor(firm)))
    firm.get(google(ics, _visitor(firm)))
    with firm.transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        assert (proposal.starts_at, proposal.ends_at) == (start, start + timedelta(minutes=30))
        assert (proposal.by, proposal.state, proposal.comment) == ("calendar", "open", "Liever maandag")
        assert session.get_one(Booking, firm.booking_id).starts_at == TALK_AT
    assert firm.told() == [("booking-proposed", RIK)]


@pytest.mark.parametrize("sequence_behind", [0, 1], ids=["in the past", "for the old time"])
def test_a_proposal_that_comes_too_late_is_only_noted(firm: Firm, sequence_behind: int) -> None:
    start = TALK_AT - timedelta(days=30) if not sequence_behind else TALK_AT + timedelta(days=1)
    firm.moved(times=sequence_behind)
    mail = firm.get(exchange(calendar(firm.uid, method="COUNTER", start=start), _visitor(firm)))
    assert mail.judged == Judged.OLD_ANSWER
    assert firm.told() == []


@both
def test_a_calendar_that_asks_again_gets_the_invite_again_and_not_without_end(firm: Firm) -> None:
    for number in range(5):
        raw = exchange(calendar(firm.uid, method="REFRESH"), _visitor(firm))
        firm.get(raw.replace(b"<one@", b"<%d@" % number))
    assert firm.told() == [("booking-resent", JOKE)] * 3


@pytest.mark.parametrize(("role", "who"), [("guest", BAS), ("advisor", RIK)])
def test_who_else_asks_again_gets_an_own_invite_and_nobody_hears_of_it(
    firm: Firm, role: str, who: str
) -> None:
    firm.guests("an@gemeente.example", BAS)
    to = address(firm.tokens[role])
    for number in range(5):
        raw = exchange(calendar(firm.uid, method="REFRESH", attendee=who), to)
        mail = firm.get(raw.replace(b"<one@", b"<%d@" % number))
        assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.REFRESH)
    assert firm.told() == [("booking-resent", who)] * 3
    with firm.transaction() as session:
        sent = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        assert sent
        text = StoredMessage(sent.raw, sender=sent.sender, recipient=who).parsed()
    part = next(each for each in text.walk() if each.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert f"mailto:{who}" in part.get_content().replace("\r\n ", "")


@both
def test_another_moment_from_a_guest_is_told_to_the_advisor_and_turned_down_politely(firm: Firm) -> None:
    firm.guests(BAS)
    to = address(firm.tokens["guest"])
    start = TALK_AT + timedelta(days=3)
    ics = calendar(
        firm.uid, "TENTATIVE", method="COUNTER", start=start, attendee=BAS, comment="Liever maandag"
    )
    mail = firm.get(exchange(ics, to))
    again = firm.get(google(ics, to).replace(b"<one@", b"<two@"))
    assert again.judged == Judged.KNOWN_ANSWER
    assert (mail.state, mail.judged) == (ArrivalState.HANDLED, Judged.PROPOSAL)
    assert mail.text == "Voorstel: maandag 23 november 2026, 10.00 – 10.30 uur\nLiever maandag"
    assert firm.told() == [("booking-guest-proposed", BAS), ("booking-message", RIK)]
    with firm.transaction() as session:
        assert session.scalars(select(Proposal)).all() == []
        booking = session.get_one(Booking, firm.booking_id)
        assert (booking.starts_at, booking.sequence) == (TALK_AT, 0)
        sent = session.scalars(select(OutgoingMail.raw).where(OutgoingMail.event == "booking-guest-proposed"))
        message = StoredMessage(next(iter(sent)), sender="a@b.nl", recipient=BAS).parsed()
    (part,) = (each for each in message.walk() if each.get_content_type() == "text/calendar")
    assert part.get_param("method") == "DECLINECOUNTER"
    text = message.get_body(("plain",)).get_content()
    assert "Joke Jansen plande dit gesprek en kan het verzetten. Rik de Wit leest uw voorstel." in text


def test_another_moment_from_a_guest_for_the_old_time_is_only_noted(firm: Firm) -> None:
    firm.guests(BAS)
    firm.moved()
    start = TALK_AT + timedelta(days=3)
    ics = calendar(firm.uid, method="COUNTER", start=start, attendee=BAS)
    assert firm.get(exchange(ics, address(firm.tokens["guest"]))).judged == Judged.OLD_ANSWER
    assert firm.told() == []


def test_another_moment_from_the_advisors_calendar_is_left_for_a_person(firm: Firm) -> None:
    ics = calendar(firm.uid, method="COUNTER", start=TALK_AT + timedelta(days=3), attendee=RIK)
    mail = firm.get(exchange(ics, address(firm.tokens["advisor"])))
    assert (mail.state, firm.told()) == (ArrivalState.UNREADABLE, [])


@both
def test_the_same_mail_twice_changes_and_tells_nothing_more(firm: Firm) -> None:
    raw = exchange(calendar(firm.uid, "DECLINED"), _visitor(firm))
    for header in (b"Received: from a by b\r\n", b"Received: from c by d\r\nDelivered-To: x@y.nl\r\n"):
        firm.get(header + raw, _visitor(firm))
    assert len(firm.stored()) == 1
    assert firm.told() == [("invite-declined", RIK)]


def test_the_advisors_own_answer_is_kept_and_told_to_nobody(firm: Firm) -> None:
    firm.get(google(calendar(firm.uid, "DECLINED", attendee=RIK), address(firm.tokens["advisor"])))
    assert firm.invitation("advisor").participation == "DECLINED"
    assert firm.invitation().participation == "NEEDS-ACTION"
    assert firm.told() == []


def _visitor(firm: Firm) -> str:
    return address(firm.tokens["visitor"])
