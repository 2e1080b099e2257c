"""What calendars hold after every message about a series, read by parsers that did not write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select

from consult import clock
from consult.activity.services import VISITOR
from consult.booking import services
from consult.booking.handing_over import hand_over
from consult.booking.series import services as series_services
from consult.people.models import Advisor
from consult.scheduling.recurrence import Frequency
from tests.support import rows
from tests.support.series_rows import AMSTERDAM, HeldCalendar, first_talk, local, plan, weekly

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.booking.models import Booking
    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Delivery, Mailbox

pytestmark = pytest.mark.usefixtures("firm")
JOKE, RIK, GUEST = "joke@gemeente.example", "rik@bureau.example", "bas@gemeente.example"
MOVED = local(2026, 12, 9, 14)


@pytest.fixture
def arrived(
    session: DbSession, deliver_mail: DeliverMail, mailbox: Mailbox
) -> Callable[[str], list[Delivery]]:
    """Everything that one address was sent so far."""

    def read(address: str) -> list[Delivery]:
        session.commit()
        deliver_mail()
        return mailbox.to(address)

    return read


@pytest.fixture
def series(session: DbSession, settings: Settings) -> TalkSeries:
    """Six Tuesdays at ten, of which 22 December is the fifth; a guest comes too."""
    return plan(session, settings, first_talk(session, settings, guests=(GUEST,))).series


def held(mails: list[Delivery]) -> HeldCalendar:
    calendar = HeldCalendar()
    for mail in mails:
        if "text/calendar" in [part.get_content_type() for part in mail.message.walk()]:
            calendar.receive(mail.part("text/calendar"))
    return calendar


def standing(series: TalkSeries) -> list[datetime]:
    return sorted(talk.starts_at.astimezone(AMSTERDAM) for talk in series.talks if talk.state == "confirmed")


def move(session: DbSession, settings: Settings, talk: Booking, to: datetime = MOVED) -> None:
    services.move(session, talk, to.astimezone(UTC), actor=VISITOR, settings=settings, now=rows.NOW)


def cancel(session: DbSession, settings: Settings, talk: Booking) -> None:
    services.cancel(session, talk, reason=None, actor=VISITOR, settings=settings, now=rows.NOW)


@pytest.mark.parametrize("who", [JOKE, RIK, GUEST])
def test_one_message_holds_the_whole_series(
    series: TalkSeries, arrived: Callable[[str], list[Delivery]], who: str
) -> None:
    mails = arrived(who)
    assert len(mails) == 2
    assert held(mails).starts() == standing(series) == weekly(local(2026, 11, 24), 6)
    assert held(mails[:1]).starts() == [local(2026, 11, 24)]


def test_every_message_names_its_receiver_only_and_comes_from_the_one_organizer(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    move(session, settings, series.talks[2])
    cancel(session, settings, series.talks[3])
    senders = set()
    for mail in arrived(JOKE):
        text = mail.part("text/calendar").replace("\r\n ", "")
        attendees = [line for line in text.splitlines() if line.startswith("ATTENDEE")]
        assert len(attendees) == 1
        assert attendees[0].endswith(f"mailto:{JOKE}")
        organizer = next(line for line in text.splitlines() if line.startswith("ORGANIZER"))
        sender = parseaddr(str(mail.message["From"]))[1]
        assert organizer.endswith(f"mailto:{sender}")
        senders.add(sender)
    assert len(senders) == 1


def test_skipped_days_are_in_no_calendar_and_in_the_mail_with_the_reason(
    session: DbSession, settings: Settings, arrived: Callable[[str], list[Delivery]]
) -> None:
    talk = first_talk(session, settings, local(2026, 12, 11).astimezone(UTC))
    series = plan(session, settings, talk, count=6).series
    mail = arrived(JOKE)[-1]
    assert held([mail]).starts() == standing(series)
    assert len(standing(series)) == 4
    assert "- vrijdag 25 december 2026: dat is een feestdag" in mail.part("text/plain")


def test_the_clock_stays_over_both_changes_in_every_calendar(
    session: DbSession, settings: Settings, arrived: Callable[[str], list[Delivery]]
) -> None:
    series = plan(session, settings, first_talk(session, settings), Frequency.MONTHLY, 12).series
    text = arrived(JOKE)[-1].part("text/calendar")
    assert held(arrived(JOKE)).starts() == standing(series)
    other_reader = IcsCalendarStream.calendar_from_ics(text)
    found = [event.dtstart for event in other_reader.timeline_tz(AMSTERDAM)]
    assert [start.astimezone(AMSTERDAM) for start in found] == standing(series)
    assert {start.astimezone(AMSTERDAM).hour for start in found} == {10}


@pytest.mark.parametrize("who", [JOKE, RIK, GUEST])
def test_moving_one_talk_moves_that_one_in_every_calendar(
    session: DbSession,
    settings: Settings,
    series: TalkSeries,
    arrived: Callable[[str], list[Delivery]],
    who: str,
) -> None:
    move(session, settings, series.talks[2])
    mails = arrived(who)
    assert len(mails) == 3
    assert held(mails).starts() == standing(series)
    assert MOVED in standing(series)
    assert "RRULE" not in mails[-1].part("text/calendar").partition("BEGIN:VEVENT")[2]


def test_a_talk_that_moved_twice_and_then_is_cancelled_leaves_the_others(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    move(session, settings, series.talks[2])
    move(session, settings, series.talks[2], local(2026, 12, 10, 15))
    cancel(session, settings, series.talks[2])
    assert held(arrived(JOKE)).starts() == standing(series)
    assert len(standing(series)) == 5


def test_the_first_talk_can_be_cancelled_like_any_other(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    cancel(session, settings, series.talks[0])
    move(session, settings, series.talks[2])
    series_services.end_after(
        session, series, series.talks[3], actor=VISITOR, settings=settings, now=rows.NOW
    )
    assert held(arrived(JOKE)).starts() == standing(series)
    assert len(standing(series)) == 3


def test_ending_early_keeps_what_was_moved_and_cancelled_before(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    cancel(session, settings, series.talks[1])
    move(session, settings, series.talks[2])
    series_services.end_after(
        session, series, series.talks[3], actor=VISITOR, settings=settings, now=rows.NOW
    )
    mail = arrived(JOKE)[-1]
    assert held(arrived(JOKE)).starts() == standing(series)
    assert standing(series) == [local(2026, 11, 24), MOVED, local(2026, 12, 15)]
    assert mail.message["Subject"] == "Uw reeks gesprekken stopt na dinsdag 15 december"
    # A calendar that lost everything before this message is complete as well.
    assert held([mail]).starts() == standing(series)


def test_a_talk_that_is_moved_after_the_series_changed_is_heard(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    series_services.extend(
        session, series, 3, form_key="more", actor=VISITOR, settings=settings, now=rows.NOW
    )
    move(session, settings, series.talks[2])
    assert held(arrived(JOKE)).starts() == standing(series)
    assert len(standing(series)) == 9


def test_cancelling_all_takes_the_series_out_of_every_calendar(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    move(session, settings, series.talks[2])
    series_services.cancel_all(
        session, series, reason="Het hoeft niet meer", actor=VISITOR, settings=settings, now=rows.NOW
    )
    for who in (JOKE, RIK, GUEST):
        mails = arrived(who)
        assert held(mails).starts() == []
        assert "METHOD:CANCEL" in mails[-1].part("text/calendar")
        assert "Reden: Het hoeft niet meer" in mails[-1].part("text/plain")
    assert standing(series) == []


def test_cancelling_the_rest_keeps_the_talks_that_were_held(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    later = rows.NOW + timedelta(weeks=2)
    clock.start_at(later)
    series_services.cancel_all(session, series, reason=None, actor=VISITOR, settings=settings, now=later)
    assert held(arrived(JOKE)).starts() == standing(series) == weekly(local(2026, 11, 24), 2)


def test_the_same_act_twice_is_told_once(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    for _ in range(2):
        series_services.extend(
            session, series, 2, form_key="more", actor=VISITOR, settings=settings, now=rows.NOW
        )
    assert len(arrived(JOKE)) == 3
    for _ in range(2):
        series_services.cancel_all(
            session, series, reason=None, actor=VISITOR, settings=settings, now=rows.NOW
        )
    assert len(arrived(JOKE)) == 4


def test_a_talk_that_a_colleague_took_over_stays_out_of_the_first_advisors_calendar(
    session: DbSession, settings: Settings, series: TalkSeries, arrived: Callable[[str], list[Delivery]]
) -> None:
    mirte = session.scalars(select(Advisor).where(Advisor.slug == "mirte")).one()
    hand_over(
        session,
        series.talks[2],
        mirte,
        by=series.advisor,
        why="Rik is op reis",
        settings=settings,
        now=rows.NOW,
        freely=True,
    )
    series_services.end_after(
        session, series, series.talks[3], actor=VISITOR, settings=settings, now=rows.NOW
    )
    of_rik = [talk.starts_at for talk in series.talks[:4] if talk.advisor_id == series.advisor_id]
    assert held(arrived(RIK)).starts() == of_rik
    assert held(arrived(JOKE)).starts() == standing(series)
    series_services.cancel_all(session, series, reason=None, actor=VISITOR, settings=settings, now=rows.NOW)
    assert "METHOD:CANCEL" in arrived(mirte.email)[-1].part("text/calendar")
    assert held(arrived(JOKE)).starts() == []
