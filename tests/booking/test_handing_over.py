"""Another advisor, or another place, for a talk that is planned: what changes in whose calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select

from consult.activity.services import of_subject
from consult.booking import services
from consult.booking.handing_over import NotFree, SameAdvisor, change_place, hand_over
from consult.booking.models import BookingState, BusyPeriod, InviteeRole, Place
from consult.booking.placing import NotOffered
from consult.people.calendars import BusyCalendar, ForeignBusy
from tests.booking.scene import HOUR, JOKE, RIK, TEN, Scene, calendars, words
from tests.support import rows

if TYPE_CHECKING:
    from email.message import EmailMessage

    from consult.booking.models import Booking
    from consult.people.models import Advisor

SAM, PIET = "sam@bureau.example", "piet@gemeente.example"
pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Entry:
    """What a mail says to a calendar."""

    method: str
    uid: str
    sequence: int
    organizer: str
    attendee: str


def entry(message: EmailMessage) -> Entry:
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    (event,) = IcsCalendarStream.calendar_from_ics(text.decode()).events
    assert event.organizer
    return Entry(
        str(part.get_param("method")),
        event.uid,
        event.sequence or 0,
        str(event.organizer.uri),
        str(event.attendees[0].uri),
    )


@pytest.fixture
def sam(scene: Scene) -> Advisor:
    """A colleague who works the same hours."""
    return rows.create_advisor(scene.session, "Sam Bos")


@pytest.fixture
def talk(scene: Scene) -> Booking:
    """A talk with Rik and a guest."""
    return scene.book(guests=(PIET,))


@pytest.fixture
def before(scene: Scene, talk: Booking) -> dict[str, Entry]:
    """What the calendars heard when it was planned; five minutes have passed since."""
    assert talk.sequence == 0
    scene.now += timedelta(minutes=5)
    return {who: entry(mail) for who, mail in scene.news()["booking-confirmed"].items()}


def pass_on(scene: Scene, talk: Booking, to: Advisor, **changed: Any) -> None:
    hand_over(scene.session, talk, to, by=scene.rik, why="Ik ben ziek.", **scene.when, **changed)


def test_the_visitor_keeps_the_entry_and_the_advisors_change_places(
    scene: Scene, talk: Booking, sam: Advisor, before: dict[str, Entry]
) -> None:
    pass_on(scene, talk, sam)
    news = scene.news()
    told = {who: entry(mail) for who, mail in news["booking-handed-over"].items()}
    assert set(told) == {JOKE, PIET, SAM}
    for who in (JOKE, PIET):
        assert told[who].organizer == before[who].organizer
        assert told[who] == Entry("REQUEST", talk.uid, 1, before[who].organizer, f"mailto:{who}")
    assert (told[SAM].method, told[SAM].uid, told[SAM].sequence) == ("REQUEST", talk.uid, 1)
    assert told[SAM].organizer not in {each.organizer for each in before.values()}
    (taken,) = news["booking-passed-on"].values()
    assert entry(taken) == Entry("CANCEL", talk.uid, 1, before[RIK].organizer, f"mailto:{RIK}")
    assert "met een andere adviseur: Sam Bos" in words(news["booking-handed-over"][JOKE])
    assert "Ik ben ziek" not in words(news["booking-handed-over"][JOKE])
    assert "Ik ben ziek" in words(news["booking-handed-over"][SAM])


def test_the_time_of_the_other_is_taken_and_that_of_the_first_is_free(
    scene: Scene, talk: Booking, sam: Advisor
) -> None:
    pass_on(scene, talk, sam)
    assert scene.session.scalars(select(BusyPeriod.advisor_id)).all() == [sam.id]
    assert talk.advisor_id == sam.id
    assert scene.book(TEN).advisor_id == scene.rik.id
    what = [
        (row.what, row.actor, row.why, row.data) for row in of_subject(scene.session, ("booking", talk.id))
    ]
    assert what[-1] == (
        "booking.handed_over",
        scene.actor,
        "Ik ben ziek.",
        {"advisor": sam.id, "before": scene.rik.id},
    )


def test_an_answer_of_the_first_advisor_is_not_that_of_the_other(
    scene: Scene, talk: Booking, sam: Advisor
) -> None:
    own = next(each for each in talk.invitations if each.role == InviteeRole.ADVISOR)
    own.participation, own.comment, token = "ACCEPTED", "Prima", own.reply_token
    pass_on(scene, talk, sam)
    assert (own.participation, own.comment, own.address) == ("NEEDS-ACTION", None, SAM)
    assert own.reply_token != token


def busy_with_a_talk(scene: Scene, sam: Advisor) -> None:
    scene.book(TEN + timedelta(minutes=15), advisor_ids=(sam.id,), email=PIET)


def busy_elsewhere(scene: Scene, sam: Advisor) -> None:
    calendar = BusyCalendar(
        advisor_id=sam.id,
        kind="ics",
        host="x",
        sealed="x",
        created_at=scene.now,
        next_fetch_at=scene.now,
        last_ok_at=scene.now,
    )
    scene.session.add(calendar)
    scene.session.flush()
    minute = int(TEN.timestamp() // 60)
    scene.session.add(
        ForeignBusy(
            advisor_id=sam.id, calendar_id=calendar.id, start_minute=minute + 20, end_minute=minute + 50
        )
    )
    scene.session.flush()


def away(scene: Scene, sam: Advisor) -> None:
    rows.create_absence(scene.session, sam, TEN - HOUR, TEN + HOUR)


def left(scene: Scene, sam: Advisor) -> None:
    del scene
    sam.active = False


@pytest.mark.parametrize(
    ("hinder", "at_all"),
    [(busy_with_a_talk, False), (busy_elsewhere, True), (away, True), (left, False)],
)
def test_a_colleague_who_is_not_free_does_not_get_it(
    scene: Scene,
    talk: Booking,
    sam: Advisor,
    hinder: Any,
    at_all: bool,  # noqa: FBT001 (a table's column: whether it goes when they agreed on it in person)
) -> None:
    hinder(scene, sam)
    scene.news()
    with pytest.raises(NotFree):
        pass_on(scene, talk, sam)
    assert (talk.advisor_id, talk.sequence) == (scene.rik.id, 0)
    assert scene.news() == {}
    if at_all:
        pass_on(scene, talk, sam, freely=True)
        assert talk.advisor_id == sam.id
    else:
        with pytest.raises(NotFree):
            pass_on(scene, talk, sam, freely=True)
        assert (talk.advisor_id, talk.sequence) == (scene.rik.id, 0)


def test_what_is_over_cancelled_or_yours_already_is_not_handed_over(
    scene: Scene, talk: Booking, sam: Advisor
) -> None:
    with pytest.raises(SameAdvisor):
        pass_on(scene, talk, scene.rik)
    scene.now = talk.starts_at
    with pytest.raises(services.TooLate):
        pass_on(scene, talk, sam)
    scene.now = rows.NOW
    services.cancel(scene.session, talk, reason=None, actor=scene.actor, **scene.when)
    with pytest.raises(services.Cancelled):
        pass_on(scene, talk, sam)


def test_a_talk_that_waits_for_approval_goes_without_a_word_to_calendars_and_guests(
    scene: Scene, sam: Advisor
) -> None:
    scene.kind.approval = True
    booking = scene.book(guests=(PIET,))
    scene.news()
    pass_on(scene, booking, sam)
    assert booking.state == BookingState.PENDING
    news = scene.news()
    assert set(news) == {"booking-handed-over"}
    assert set(news["booking-handed-over"]) == {JOKE, SAM}
    assert not [found for mail in news["booking-handed-over"].values() for found in calendars(mail)]


def test_another_place_is_told_to_every_calendar(
    scene: Scene, talk: Booking, before: dict[str, Entry]
) -> None:
    scene.kind.places = [Place.VIDEO, Place.OFFICE]
    for _twice in range(2):
        change_place(scene.session, talk, Place.OFFICE, "Stationsplein 1", actor=scene.actor, **scene.when)
    told = scene.news()["booking-place-changed"]
    assert {who: (entry(mail).method, entry(mail).sequence) for who, mail in told.items()} == dict.fromkeys(
        (JOKE, RIK, PIET), ("REQUEST", 1)
    )
    assert {who: entry(mail).organizer for who, mail in told.items()} == {
        who: each.organizer for who, each in before.items()
    }
    assert "Stationsplein 1" in words(told[JOKE])


def test_a_place_that_cannot_be_is_refused(scene: Scene, talk: Booking) -> None:
    scene.kind.places = [Place.VIDEO, Place.PHONE]
    for place in (Place.OFFICE, Place.PHONE):
        with pytest.raises(NotOffered):
            change_place(scene.session, talk, place, None, actor=scene.actor, **scene.when)
    scene.now = talk.starts_at
    with pytest.raises(services.TooLate):
        change_place(scene.session, talk, Place.VIDEO, "elders", actor=scene.actor, **scene.when)
