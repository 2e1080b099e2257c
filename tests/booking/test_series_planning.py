from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.booking.models import Booking, BookingState, BusyPeriod
from consult.booking.series.dates import Reason, left_out
from consult.booking.series.planning import DatesChanged, HasSeries, NotPossible, TooFewFree
from consult.booking.series.rhythm import first_start
from consult.scheduling.recurrence import Frequency
from tests.support import rows
from tests.support.series_rows import AMSTERDAM, FIRST, block, first_talk, local, plan, rik, sparren, weekly

if TYPE_CHECKING:
    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Mailbox

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]
JOKE = "joke@gemeente.example"


def starts(series: TalkSeries) -> list[datetime]:
    return [talk.starts_at.astimezone(AMSTERDAM) for talk in series.talks]


def test_a_talk_grows_into_a_series_of_ordinary_talks(session: DbSession, settings: Settings) -> None:
    talk = first_talk(session, settings)
    series = plan(session, settings, talk, count=4).series
    assert series.talks[0] is talk
    assert starts(series) == weekly(local(2026, 11, 24), 4)
    assert {(each.name, each.email, each.place, each.state) for each in series.talks} == {
        ("Joke Jansen", JOKE, "video", BookingState.CONFIRMED)
    }
    assert len({each.reference for each in series.talks}) == 4
    assert session.scalar(select(func.count(BusyPeriod.id))) == 4


@pytest.mark.parametrize(
    ("frequency", "first", "expected"),
    [
        pytest.param(
            Frequency.WEEKLY,
            local(2026, 11, 24),
            ["2026-11-24", "2026-12-01", "2026-12-08"],
            id="every week",
        ),
        pytest.param(
            Frequency.FORTNIGHTLY,
            local(2026, 11, 24),
            ["2026-11-24", "2026-12-08", "2026-12-22"],
            id="every other week",
        ),
        pytest.param(
            Frequency.MONTHLY,
            local(2026, 12, 1),
            ["2026-12-01", "2027-01-05", "2027-02-02"],
            id="every first Tuesday",
        ),
        pytest.param(
            Frequency.MONTHLY,
            local(2026, 11, 30),
            ["2026-11-30", "2026-12-28", "2027-01-25"],
            id="a fifth Monday means the last of each month",
        ),
    ],
)
def test_the_rhythm_gives_the_dates(
    session: DbSession, settings: Settings, frequency: Frequency, first: datetime, expected: list[str]
) -> None:
    series = plan(
        session, settings, first_talk(session, settings, first.astimezone(UTC)), frequency, 3
    ).series
    assert [start.date().isoformat() for start in starts(series)] == expected


def test_ten_o_clock_stays_ten_o_clock_over_both_clock_changes(
    session: DbSession, settings: Settings
) -> None:
    series = plan(session, settings, first_talk(session, settings), Frequency.FORTNIGHTLY, 24).series
    assert {(start.hour, start.minute) for start in starts(series)} == {(10, 0)}
    assert {talk.starts_at.hour for talk in series.talks} == {9, 8}


def test_a_series_stays_within_a_year(session: DbSession, settings: Settings) -> None:
    series = plan(session, settings, first_talk(session, settings), Frequency.MONTHLY, 24).series
    assert series.until_at - series.starts_at <= timedelta(days=366)
    assert len(starts(series)) + len(left_out(series)) == 12


def test_dates_that_are_not_free_are_skipped_with_the_reason(session: DbSession, settings: Settings) -> None:
    rows.create_absence(
        session, rik(session), local(2027, 1, 8, 0).astimezone(UTC), local(2027, 1, 9, 0).astimezone(UTC)
    )
    talk = first_talk(session, settings, local(2026, 12, 11).astimezone(UTC))
    block(session, settings, local(2026, 12, 18).astimezone(UTC))
    series = plan(session, settings, talk, count=8).series
    skipped = [(each.start.astimezone(AMSTERDAM).date().isoformat(), each.why) for each in left_out(series)]
    assert skipped == [
        ("2026-12-18", Reason.BUSY),
        ("2026-12-25", Reason.HOLIDAY),
        ("2027-01-01", Reason.HOLIDAY),
        ("2027-01-08", Reason.AWAY),
    ]
    assert [start.date().isoformat() for start in starts(series)] == [
        "2026-12-11",
        "2027-01-15",
        "2027-01-22",
        "2027-01-29",
    ]


def test_with_fewer_than_half_free_nothing_is_planned_and_others_are_named(
    session: DbSession, settings: Settings
) -> None:
    talk = first_talk(session, settings)
    for start in weekly(local(2026, 12, 1), 3):
        block(session, settings, start.astimezone(UTC))
    with pytest.raises(TooFewFree) as refused:
        plan(session, settings, talk, count=5)
    assert len(refused.value.dates.free) == 2
    others = refused.value.alternatives
    assert 1 <= len(others) <= 3
    assert all(2 * each.free >= each.total == 5 for each in others)
    assert others[0].free == 5
    assert session.scalar(select(func.count(Booking.id)).where(Booking.series_id.is_not(None))) == 0


def test_half_of_the_dates_is_enough(session: DbSession, settings: Settings) -> None:
    talk = first_talk(session, settings)
    for start in weekly(local(2026, 12, 1), 2):
        block(session, settings, start.astimezone(UTC))
    assert len(plan(session, settings, talk, count=4).series.talks) == 2


def test_another_weekday_that_was_named_can_be_planned_and_leaves_the_first_talk_alone(
    session: DbSession, settings: Settings
) -> None:
    talk = first_talk(session, settings)
    for start in weekly(local(2026, 12, 1), 5):
        block(session, settings, start.astimezone(UTC))
    with pytest.raises(TooFewFree) as refused:
        plan(session, settings, talk, count=6)
    other = refused.value.alternatives[0]
    series = plan(session, settings, talk, count=6, first=other.first).series
    assert len(series.talks) == other.free
    assert talk.series_id is None
    assert talk.uid != series.uid


def test_the_same_form_twice_is_one_series_and_one_mail_each(
    session: DbSession, settings: Settings, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    talk = first_talk(session, settings)
    once, again = plan(session, settings, talk), plan(session, settings, talk)
    assert once.series is again.series
    assert once.token != again.token
    session.commit()
    deliver_mail()
    told = [mail for mail in mailbox.to(JOKE) if "Uw reeks gesprekken vanaf" in str(mail.message["Subject"])]
    assert len(told) == 1


def test_dates_other_than_those_agreed_to_are_shown_again(session: DbSession, settings: Settings) -> None:
    talk = first_talk(session, settings)
    with pytest.raises(DatesChanged) as changed:
        plan(session, settings, talk, count=4, mark="of other dates")
    assert plan(session, settings, talk, count=4, mark=changed.value.dates.mark).series.talks


@pytest.mark.parametrize("why", ["the kind of talk", "approval", "a cancelled talk", "a talk of a series"])
def test_not_every_talk_may_begin_a_series(session: DbSession, settings: Settings, why: str) -> None:
    talk = first_talk(session, settings)
    if why == "the kind of talk":
        talk.meeting_type.series = False
    elif why == "approval":
        talk.meeting_type.approval = True
    elif why == "a cancelled talk":
        talk.state = BookingState.CANCELLED
    else:
        plan(session, settings, talk)
    session.flush()
    with pytest.raises(NotPossible):
        plan(session, settings, talk, form_key="another")


def test_one_series_at_a_time_is_enough(session: DbSession, settings: Settings) -> None:
    plan(session, settings, first_talk(session, settings))
    second = first_talk(session, settings, local(2026, 11, 25).astimezone(UTC), email="JOKE@gemeente.example")
    with pytest.raises(HasSeries):
        plan(session, settings, second, form_key="another")


def test_talks_of_a_series_do_not_count_for_the_limit_per_visitor(
    session: DbSession, settings: Settings
) -> None:
    plan(session, settings, first_talk(session, settings), count=10)
    sparren(session).per_visitor = 1
    assert first_talk(session, settings, local(2026, 11, 25).astimezone(UTC)).series_id is None


def test_a_talk_that_is_over_begins_a_rhythm_with_the_next_date() -> None:
    after = FIRST + timedelta(days=1)
    assert first_start(FIRST, Frequency.WEEKLY, "Europe/Amsterdam", after) == FIRST + timedelta(weeks=1)
    assert first_start(FIRST, Frequency.WEEKLY, "Europe/Amsterdam", rows.NOW) == FIRST
