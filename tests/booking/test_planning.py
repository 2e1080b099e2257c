from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from consult import clock
from consult.people.models import Advisor, new_schedule_version
from consult.routing.decision import Decision
from tests.booking.acts import (
    ELEVEN,
    GONE,
    HALF_PAST_TEN,
    TEN,
    VISITOR,
    WHO,
    bookings,
    busy,
    details,
    instant,
    moments,
    plan,
)
from tests.support import rows

if TYPE_CHECKING:
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("firm")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def nothing_planned(transaction: Transaction, deliver_mail: DeliverMail) -> bool:
    return not bookings(transaction) and not busy(transaction) and deliver_mail() == 0


@pytest.mark.both_databases
def test_a_talk_is_planned_on_two_pages(visitor: Visitor, transaction: Transaction) -> None:
    first = visitor.open("/afspraak/rik")
    assert first.heading == "Plan een gesprek met Rik de Wit"
    assert len(moments(first)) == 6
    second = first.form("Kies dit moment").choose(moments(first)[2]).submit()
    assert second.heading == "Uw gegevens"
    assert "woensdag 18 november 2026, 11.45 – 12.15 uur" in second.text
    form = second.form("Bevestig de afspraak").fill(
        WHO | {"Waar wilt u het over hebben?": "Onrust in de wijk."}
    )
    page = form.choose("Via een videogesprek").submit()
    assert page.heading == "Uw afspraak staat"
    assert "Uw nummer is A-2026-0001" in page.text
    assert "woensdag 18 november 2026, 11.45 – 12.15 uur, met Rik de Wit." in page.text
    assert "U krijgt een uitnodiging op joke@gemeente.nl." in page.text
    (booking,) = bookings(transaction)
    assert (booking.state, booking.sequence, booking.note) == ("confirmed", 0, "Onrust in de wijk.")
    assert Decision.from_json(booking.decision).advisor_id == booking.advisor_id


@pytest.mark.both_databases
def test_the_talk_takes_its_time_and_the_rest_after_it(visitor: Visitor, transaction: Transaction) -> None:
    plan(visitor, TEN)
    start = instant(TEN)
    assert busy(transaction) == [(start, start + timedelta(minutes=40))]
    shown = moments(visitor.open("/afspraak/rik?dag=2026-11-19"))
    gone = {start + timedelta(minutes=minutes) for minutes in range(-30, 40, 15)}
    # The quarter before ends in time, but its own rest of ten minutes does not.
    assert not gone & {instant(value) for value in shown}
    assert start + timedelta(minutes=45) in {instant(value) for value in shown}


@pytest.mark.parametrize("address", ["/afspraak/rik", "/afspraak/mirte", "/afspraak", "/afspraak?soort=kort"])
def test_everything_that_is_offered_can_be_booked(
    visitor: Visitor, address: str, transaction: Transaction
) -> None:
    shown = moments(visitor.open(f"{address}{'&' if '?' in address else '?'}vanaf=2026-11-20"))
    assert shown
    for value in (shown[0], shown[len(shown) // 2], shown[-1]):
        form = visitor.open(f"{address}{'&' if '?' in address else '?'}slot={value}").form(
            "Bevestig de afspraak"
        )
        page = form.fill(WHO).choose("Via een videogesprek").submit()
        assert page.heading == "Uw afspraak staat"
    assert len(bookings(transaction)) == 3


@pytest.mark.parametrize(
    ("told", "slot"),
    [
        ("before the day begins", "2026-11-19T07:45:00Z"),
        ("so late that it ends after work", "2026-11-19T15:45:00Z"),
        ("between the steps", "2026-11-19T09:05:00Z"),
        ("with seconds", "2026-11-19T09:00:01Z"),
        ("on a Sunday", "2026-11-22T10:00:00Z"),
        ("on Christmas Day", "2026-12-25T10:00:00Z"),
        ("an hour ago", "2026-11-18T09:00:00Z"),
        ("long ago", "1999-01-01T10:00:00Z"),
        ("after the horizon", "2027-02-01T10:00:00Z"),
        ("in another age", "8999-01-01T10:00:00Z"),
    ],
)
def test_a_moment_that_was_never_offered_is_refused_with_others_in_its_place(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, told: str, slot: str
) -> None:
    page = details(visitor, slot).submit(status=409)
    assert nothing_planned(transaction, deliver_mail), told
    assert page.form("Bevestig de afspraak").value("Uw naam") == "Joke Jansen"


@pytest.mark.parametrize(
    "slot",
    ["", "morgen", "2026-11-19", "2026-11-19T09:00:00", "9999-99-99T99:99:99Z", "0001-01-01T00:00:00Z"],
)
def test_what_is_no_moment_leads_back_to_the_choice(visitor: Visitor, slot: str) -> None:
    page = visitor.open(f"/afspraak/rik?slot={slot}", status=422)
    assert page.heading == "Plan een gesprek met Rik de Wit"
    assert "Kies een moment." in page.text
    assert page.body.count("<title>Fout: ") == 1


@pytest.mark.both_databases
def test_the_loser_of_a_race_keeps_what_was_typed_and_gets_three_others(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    late = details(visitor, TEN).fill({"Uw naam": "Piet Traag", "Uw e-mailadres": "piet@gemeente.nl"})
    late.fill({"Waar wilt u het over hebben?": "Een lang verhaal."})
    plan(visitor, TEN)
    page = late.submit(status=409)
    assert page.errors == {"slot": GONE}
    assert page.body.count("<title>Fout: ") == 1
    others = moments(page)
    assert len(others) == 3
    again = page.form("Bevestig de afspraak")
    assert (again.value("Uw naam"), again.value("Uw e-mailadres")) == ("Piet Traag", "piet@gemeente.nl")
    assert again.value("Waar wilt u het over hebben?") == "Een lang verhaal."
    assert again.choose(others[0]).submit().heading == "Uw afspraak staat"
    assert [booking.name for booking in bookings(transaction)] == ["Joke Jansen", "Piet Traag"]
    deliver_mail()
    assert len(mailbox.to("piet@gemeente.nl")) == 1


@pytest.mark.both_databases
def test_of_a_moment_that_is_gone_the_first_other_is_the_same_one_with_a_colleague(
    visitor: Visitor, transaction: Transaction
) -> None:
    two = "2026-11-19T13:00:00Z"
    late = details(visitor, two).fill({"Uw naam": "Piet Traag", "Uw e-mailadres": "piet@gemeente.nl"})
    plan(visitor, two)
    page = late.submit(status=409)
    others = moments(page)
    assert len(others) == 3
    (same,) = [each for each in others if each.startswith(two)]
    assert same == f"{two}|mirte"
    assert "met Mirte Smit" in page.text
    form = page.form("Bevestig de afspraak").choose(same)
    assert form.fill({"Uw e-mailadres": "piet"}).submit(status=422).errors.keys() == {"email"}
    done = form.fill({"Uw e-mailadres": "piet@gemeente.nl"}).submit()
    assert "Mirte Smit" in done.text
    assert {each.advisor_id for each in bookings(transaction)} == {1, 2}


@pytest.mark.both_databases
def test_the_same_form_twice_is_one_talk_and_one_invite_each(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    form = details(visitor)
    assert form.submit().heading == form.submit().heading == "Uw afspraak staat"
    assert len(bookings(transaction)) == 1
    assert deliver_mail() == 2
    mailbox.only(VISITOR)


@pytest.mark.both_databases
def test_a_day_holds_four_talks_of_a_kind(visitor: Visitor, transaction: Transaction) -> None:
    for hour in (8, 9, 10, 11):
        form = details(visitor, f"2026-11-19T{hour:02d}:00:00Z")
        form.fill({"Uw e-mailadres": f"{hour}@gemeente.nl"}).submit()
    assert len(bookings(transaction)) == 4
    shown = [instant(value) for value in moments(visitor.open("/afspraak/rik?dag=2026-11-19"))]
    assert date(2026, 11, 19) not in {at.astimezone(AMSTERDAM).date() for at in shown}
    assert "Dit moment is net bezet" in details(visitor, "2026-11-19T14:00:00Z").submit(status=409).text
    plan(visitor, "2026-11-20T14:00:00Z")


def test_an_absence_that_comes_in_meanwhile_is_kept_to(visitor: Visitor, transaction: Transaction) -> None:
    form = details(visitor, TEN)
    with transaction() as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        rows.create_absence(session, rik, rows.NOW, rows.NOW + timedelta(days=3))
        rik.schedule_version = new_schedule_version()
    form.submit(status=409)
    assert not bookings(transaction)


@pytest.mark.both_databases
def test_anybody_will_do_gives_the_talk_to_who_is_free_in_turn(
    visitor: Visitor, transaction: Transaction
) -> None:
    afternoon = "2026-11-19T13:00:00Z"
    for _ in range(2):
        details(visitor, afternoon, "/afspraak").submit()
    page = details(visitor, afternoon, "/afspraak").submit(status=409)
    assert {booking.advisor_id for booking in bookings(transaction)} == {1, 2}
    assert len(moments(page)) == 3


def test_a_form_that_stood_open_too_long_keeps_the_moment_and_the_text(
    visitor: Visitor, transaction: Transaction
) -> None:
    form = details(visitor)
    form.values["csrf_token"] = ["van gisteren"]
    page = form.submit(status=422)
    assert "Dit formulier stond te lang open." in page.text
    again = page.form("Bevestig de afspraak")
    assert again.value("Uw naam") == "Joke Jansen"
    assert again.submit().heading == "Uw afspraak staat"
    assert len(bookings(transaction)) == 1


def test_a_moment_that_has_passed_while_typing_is_gone(visitor: Visitor, transaction: Transaction) -> None:
    form = details(visitor, "2026-11-18T10:15:00Z")
    clock.start_at(datetime(2026, 11, 18, 10, 16, tzinfo=UTC))
    form.submit(status=409)
    assert not bookings(transaction)


@pytest.mark.both_databases
def test_booking_back_to_back_leaves_the_rest_between(visitor: Visitor, transaction: Transaction) -> None:
    plan(visitor, TEN)
    details(visitor, HALF_PAST_TEN).submit(status=409)
    plan(visitor, ELEVEN)
    (_, rest_ends), (next_starts, _) = busy(transaction)
    assert rest_ends <= next_starts


def form_errors(page: Page) -> dict[str, str]:
    return {name: error for name, error in page.errors.items() if name != "slot"}


@pytest.mark.parametrize(
    ("told", "place", "answers", "errors"),
    [
        (
            "an empty form",
            None,
            {"Uw naam": "", "Uw e-mailadres": ""},
            {
                "place": "Kies hoe u elkaar wilt spreken.",
                "name": "Vul uw naam in.",
                "email": "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.",
            },
        ),
        ("by telephone", "Per telefoon", {}, {"phone": "Vul uw telefoonnummer in. Wij bellen u."}),
        ("at the visitor's", "Bij u op locatie", {}, {"location": "Vul in waar wij afspreken."}),
        ("a place that was not offered", "office", {}, {"place": "Kies een van de mogelijkheden."}),
        (
            "too long a note",
            "Via een videogesprek",
            {"Waar wilt u het over hebben?": "a" * 2001},
            {"note": "Uw toelichting is te lang. Haal 1 teken weg."},
        ),
    ],
)
def test_a_mistake_stands_at_its_field(
    visitor: Visitor,
    transaction: Transaction,
    told: str,
    place: str | None,
    answers: dict[str, str],
    errors: dict[str, str],
) -> None:
    form = visitor.open(f"/afspraak/rik?slot={TEN}").form("Bevestig de afspraak").fill(WHO | answers)
    if place == "office":
        form.values["place"] = [place]
    elif place:
        form.choose(place)
    page = form.submit(status=422)
    assert form_errors(page) == errors, told
    assert not bookings(transaction)
