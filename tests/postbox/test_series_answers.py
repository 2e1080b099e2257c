from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.models import InviteeRole
from consult.booking.series.models import TalkSeries
from consult.outbox.message import StoredMessage
from consult.outbox.models import OutgoingMail
from consult.postbox.outcome import Judged
from tests.postbox.letters import JOKE, address, calendar, google
from tests.support import series_rows

if TYPE_CHECKING:
    from tests.postbox.conftest import Firm


@pytest.fixture
def series(firm: Firm) -> str:
    """A series of Joke's, whose first talk's address gets every answer; gives that address."""
    with firm.transaction() as session:
        talk = series_rows.first_talk(session, firm.settings)
        series_rows.plan(session, firm.settings, talk)
    with firm.transaction() as session:
        (found,) = session.query(TalkSeries)
        firm.uid = found.uid
        visitor = next(each for each in found.lead.invitations if each.role == InviteeRole.VISITOR)
        return address(visitor.reply_token)


def _said(firm: Firm) -> list[str]:
    """What the visitor answered, talk by talk."""
    with firm.transaction() as session:
        (found,) = session.query(TalkSeries)
        return [
            each.participation
            for talk in found.talks
            for each in talk.invitations
            if each.role == InviteeRole.VISITOR
        ]


def _sequence(firm: Firm) -> int:
    with firm.transaction() as session:
        (found,) = session.query(TalkSeries)
        return found.sequence


def test_an_answer_to_a_series_counts_for_every_talk_and_is_told_once(firm: Firm, series: str) -> None:
    before = len(firm.told())
    firm.get(google(calendar(firm.uid, "DECLINED", sequence=_sequence(firm)), series))
    assert set(_said(firm)) == {"DECLINED"}
    assert len(_said(firm)) > 1
    assert [event for event, _ in firm.told()[before:]] == ["invite-declined"]


def test_an_answer_to_one_talk_of_a_series_counts_for_that_talk(firm: Firm, series: str) -> None:
    with firm.transaction() as session:
        (found,) = session.query(TalkSeries)
        second = found.talks[1].original_start
        sequence = found.sequence + found.talks[1].sequence
    ics = calendar(firm.uid, "DECLINED", sequence=sequence)
    ics = ics.replace("SEQUENCE:", f"RECURRENCE-ID:{second:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:")
    firm.get(google(ics, series))
    assert _said(firm)[:3] == ["NEEDS-ACTION", "DECLINED", "NEEDS-ACTION"]


def test_an_answer_from_before_the_series_changed_counts_for_nothing(firm: Firm, series: str) -> None:
    with firm.transaction() as session:
        (found,) = session.query(TalkSeries)
        found.sequence += 1
    firm.get(google(calendar(firm.uid, "ACCEPTED", sequence=_sequence(firm) - 1), series))
    assert set(_said(firm)) == {"NEEDS-ACTION"}


def test_a_calendar_that_asks_for_a_series_gets_the_whole_of_it(firm: Firm, series: str) -> None:
    before = len(firm.told())
    ics = calendar(firm.uid, method="REFRESH")
    for number in range(5):
        mail = firm.get(google(ics, series).replace(b"<one@", b"<%d@" % number))
        assert mail.judged == Judged.REFRESH
    assert firm.told()[before:] == [("series-resent", JOKE)] * 3
    with firm.transaction() as session:
        raw = session.scalars(
            select(OutgoingMail.raw).where(OutgoingMail.event == "series-resent").limit(1)
        ).one()
    message = StoredMessage(raw, sender="a@b.nl", recipient=JOKE).parsed()
    (part,) = (each for each in message.walk() if each.get_content_type() == "text/calendar")
    assert "RRULE:" in part.get_content()
