from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.booking.answers import take_answer
from consult.booking.models import Booking, Invitation, InviteeRole
from consult.postbox.outcome import Arrived
from consult.scheduling.reader import read
from tests.postbox.letters import JOKE, SENT, calendar
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings as OurSettings

ANSWERS = st.lists(
    st.builds(
        dict,
        partstat=st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]),
        sequence=st.integers(0, 3),
        stamp=st.integers(0, 3),
        comment=st.sampled_from(["", "Ja", "Nee"]),
        attendee=st.sampled_from([JOKE, JOKE.upper(), "an@gemeente.example"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS, data=st.data())
def test_any_order_and_any_repetition_of_answers_ends_in_the_same_state(
    session: DbSession, settings: OurSettings, answers: list[dict[str, object]], data: st.DataObject
) -> None:
    invitation = _invited(session, settings)
    again = data.draw(st.lists(st.sampled_from(answers), max_size=4))
    shuffled = data.draw(st.permutations(answers + again))
    assert _after(session, settings, invitation, answers) == _after(session, settings, invitation, shuffled)


def _invited(session: DbSession, settings: OurSettings) -> Invitation:
    """A talk that was moved twice."""
    invitation = session.scalars(select(Invitation).where(Invitation.role == InviteeRole.VISITOR)).first()
    if invitation is None:
        kind, rik = rows.create_meeting_type(session), rows.create_advisor(session)
        booking = rows.book(session, settings, kind, [rik], rows.NOW.replace(day=20)).booking
        booking.sequence = 2
        invitation = booking.invitations[0]
        session.flush()
    return invitation


def _after(
    session: DbSession, settings: OurSettings, invitation: Invitation, answers: list[dict[str, object]]
) -> tuple[object, ...]:
    """What stands with the invitation after these answers, and that the talk is where it was."""
    booking = session.get_one(Booking, invitation.booking_id)
    before = (booking.starts_at, booking.state, booking.sequence)
    outer = session.begin_nested()
    for number, told in enumerate(answers):
        (answer,) = read(calendar(booking.uid, **told).encode())
        mail = Arrived(number, f"key-{number}", invitation.reply_token, JOKE, "", SENT)
        assert take_answer(session, mail, answer, settings=settings, now=rows.NOW) is not None
        session.flush()
    found = (
        invitation.participation,
        invitation.comment,
        invitation.answered_stamp,
        invitation.answered_sequence,
    )
    assert (booking.starts_at, booking.state, booking.sequence) == before
    outer.rollback()
    return found
