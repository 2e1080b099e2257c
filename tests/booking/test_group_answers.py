"""What calendars and people answer to the mails of a group session, as the postbox hands it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.activity.services import of_subject
from consult.booking.groups.incoming import HostMail, SeatMail
from consult.booking.groups.models import SeatState
from consult.postbox.outcome import Arrived, Judged
from consult.scheduling.reader import Answer, Method, Respondent
from consult.scheduling.values import Participation
from tests.support import group_rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from consult.booking.groups.models import GroupSession, Seat
    from consult.database import DbSession
    from consult.settings import Settings

ANS = "ans@gemeente.example"


@pytest.fixture
def group(session: DbSession, settings: Settings) -> GroupSession:
    return group_rows.plan(session, settings, capacity=1)


@pytest.fixture
def ans(session: DbSession, settings: Settings, group: GroupSession) -> Seat:
    return group_rows.seat(session, settings, group, "Ans")


def mail(token: str | None, sender: str = ANS) -> Arrived:
    return Arrived(1, "key", token, sender, "Ans", NOW)


def answer(
    uid: str,
    participation: Participation = Participation.DECLINED,
    *,
    sequence: int = 0,
    by: str = ANS,
    method: Method = Method.REPLY,
) -> Answer:
    return Answer(
        method=method,
        uid=uid,
        recurrence_id=None,
        sequence=sequence,
        stamp=NOW,
        respondent=Respondent(name="Ans", address=by, participation=participation),
        comment="",
        start=None,
        end=None,
    )


def test_a_calendar_that_says_no_gives_the_seat_to_the_next(
    session: DbSession, settings: Settings, group: GroupSession, ans: Seat
) -> None:
    bas = group_rows.seat(session, settings, group, "Bas")
    known = {"settings": settings, "now": NOW}
    verdict = SeatMail().take_answer(session, mail(ans.reply_token), answer(group.uid), **known)
    assert verdict is not None
    assert (verdict.judged, verdict.left) == (Judged.DECLINED, None)
    assert (ans.state, bas.state) == (SeatState.CANCELLED, SeatState.OFFERED)
    again = SeatMail().take_answer(session, mail(ans.reply_token), answer(group.uid), **known)
    assert again is not None
    assert again.judged == Judged.OLD_ANSWER


@pytest.mark.parametrize(
    ("changed", "judged"),
    [
        pytest.param({"participation": Participation.ACCEPTED}, Judged.ACCEPTED, id="a yes"),
        pytest.param({"participation": Participation.TENTATIVE}, Judged.TENTATIVE, id="a perhaps"),
        pytest.param({"by": "bas@gemeente.example"}, Judged.UNKNOWN_ATTENDEE, id="a no of somebody else"),
        pytest.param({"uid": "another@example.nl"}, Judged.ANSWER, id="a no to another meeting"),
        pytest.param({"method": Method.COUNTER}, Judged.ANSWER, id="a proposal for another time"),
    ],
)
def test_an_answer_that_is_no_plain_no_leaves_the_seat(
    session: DbSession,
    settings: Settings,
    group: GroupSession,
    ans: Seat,
    changed: dict[str, object],
    judged: Judged,
) -> None:
    arrived = answer(**{"uid": group.uid} | changed)
    verdict = SeatMail().take_answer(session, mail(ans.reply_token), arrived, settings=settings, now=NOW)
    assert verdict is not None
    assert verdict.judged == judged
    assert ans.state == SeatState.CONFIRMED


def test_a_no_to_the_time_before_a_move_leaves_the_seat(
    session: DbSession, settings: Settings, group: GroupSession, ans: Seat
) -> None:
    group.sequence = 1
    verdict = SeatMail().take_answer(
        session, mail(ans.reply_token), answer(group.uid), settings=settings, now=NOW
    )
    assert verdict is not None
    assert verdict.judged == Judged.OLD_ANSWER
    assert ans.state == SeatState.CONFIRMED


def test_an_answer_without_a_token_of_ours_is_about_nothing(
    session: DbSession, settings: Settings, group: GroupSession, ans: Seat
) -> None:
    for token in (None, "f" * 32):
        for each in (SeatMail(), HostMail()):
            said = answer(group.uid)
            assert each.take_answer(session, mail(token), said, settings=settings, now=NOW) is None
            assert each.take_text(session, mail(token), "Hallo", settings=settings, now=NOW) is None
    assert ans.state == SeatState.CONFIRMED


def test_words_and_the_no_of_a_host_are_left_for_a_person(
    session: DbSession, settings: Settings, group: GroupSession, ans: Seat
) -> None:
    known = {"settings": settings, "now": NOW}
    written = SeatMail().take_text(session, mail(ans.reply_token), "Is er koffie?", **known)
    host = mail(group.hosts[0].reply_token, "rik@bureau.example")
    declined = HostMail().take_answer(session, host, answer(group.uid), **known)
    accepted = HostMail().take_answer(session, host, answer(group.uid, Participation.ACCEPTED), **known)
    assert written is not None
    assert declined is not None
    assert accepted is not None
    assert (written.subject, written.text, bool(written.left)) == (("seat", ans.id), "Is er koffie?", True)
    assert (declined.subject, bool(declined.left)) == (("group_session", group.id), True)
    assert accepted.left is None
    assert [row.what for row in of_subject(session, ("seat", ans.id))] == ["seat.confirmed"]
