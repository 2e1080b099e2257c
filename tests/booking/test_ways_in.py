"""The ways from the page of moments: a series, a session, a question, two hosts, haste; and what is no way at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from consult.booking.models import MeetingType, Place
from consult.database import db
from tests.booking.acts import TEN, WHO, bookings, details, moments
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")

AFTERNOON = "2026-11-19T13:00:00Z"


def test_a_visitor_who_wants_to_talk_every_month_plans_the_first_and_then_the_rhythm(
    visitor: Visitor, transaction: Transaction
) -> None:
    page = visitor.open("/afspraak/rik")
    assert "Plan een maandelijks gesprek" not in page.text
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(series=True, horizon_days=200))
    page = visitor.open("/afspraak/rik").follow("Plan een maandelijks gesprek")
    assert "Kies eerst het eerste gesprek." in page.text
    address = page.address
    rhythm = details(visitor, TEN, address).submit()
    assert rhythm.heading == "Wilt u elkaar vaker spreken?"
    form = rhythm.form("Bekijk de dagen").choose("Elke maand")
    assert form.fill({"Of tot en met welke dag?": "2026-11-30"}).submit(status=422).errors["until"] == (
        "Kies een dag waarop u 2 tot 24 gesprekken heeft."
    )
    dates = form.fill({"Of tot en met welke dag?": "2027-02-18"}).submit()
    done = dates.form("Plan deze gesprekken").submit()
    assert done.heading == "Uw reeks gesprekken staat"
    local = [row.starts_at.date().isoformat() for row in bookings(transaction) if row.series_id]
    assert sorted(local) == ["2026-11-19", "2026-12-17", "2027-01-21", "2027-02-18"]


def test_sessions_are_found_from_the_moments_and_say_how_full_they_are(
    visitor: Visitor, transaction: Transaction, settings: Settings
) -> None:
    assert "Er is nu geen bijeenkomst gepland." in visitor.open("/bijeenkomsten").text
    assert "Bekijk onze bijeenkomsten" not in visitor.open("/afspraak").text
    with transaction() as session:
        host = rows.create_advisor(session, "Sam Bos")
        group_rows.plan(session, settings, (host,), title="Wijkgesprek", capacity=1, waiting_capacity=1)
    page = visitor.open("/afspraak").follow("Bekijk onze bijeenkomsten")
    assert "Er is nog 1 plaats." in page.text
    session_page = page.follow("Wijkgesprek")
    session_page.form("Meld mij aan").fill({"Uw naam": "Joke", "Uw e-mailadres": "joke@gemeente.nl"}).submit()
    assert "Vol. U kunt op de wachtlijst." in visitor.open("/bijeenkomsten").text


def test_a_preference_becomes_a_question_to_the_same_advisor(visitor: Visitor) -> None:
    page = visitor.open("/afspraak/rik?pagina=polarisatie").follow("Geef uw voorkeur door")
    assert page.address.startswith("/vraag")
    assert "adviseur=rik" in page.address
    assert "pagina=polarisatie" in page.address


@pytest.mark.parametrize(("urgent", "todays"), [(True, 1), (False, 0)])
def test_the_own_page_of_an_urgent_question_leads_to_moments_without_notice(
    visitor: Visitor, transaction: Transaction, settings: Settings, *, urgent: bool, todays: int
) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(notice_minutes=8 * 60))
        asked = rows.ask(session, settings, urgent=urgent, needs="Vandaag een gesprek" if urgent else None)
    page = visitor.open(f"/v/{asked.token}").follow("Plan een gesprek")
    assert (moments(page)[0][:10] == "2026-11-18") == todays
    assert ("Uw vraag heeft haast." in page.text) == urgent


def test_more_moments_and_part_of_the_day_go_together(visitor: Visitor) -> None:
    page = visitor.open("/afspraak/rik").follow("Middag")
    assert all(datetime.fromisoformat(each).astimezone(UTC).hour >= 11 for each in moments(page))
    more = page.follow("Toon meer momenten")
    assert "dagdeel=middag" in more.address
    assert len(moments(more)) > len(moments(page)) == 6
    assert all(datetime.fromisoformat(each).astimezone(UTC).hour >= 11 for each in moments(more))


@pytest.mark.parametrize("address", ["/afspraak/rik", "/afspraak/rik?soort=sparren"])
@pytest.mark.parametrize("when", ["while one types", "between looking and booking"])
def test_a_kind_of_talk_that_was_withdrawn_costs_the_visitor_nothing_typed(
    visitor: Visitor, transaction: Transaction, address: str, when: str
) -> None:
    form = details(visitor, address=address).fill({"Waar wilt u het over hebben?": "Over de wijk."})

    def withdraw(*_: object) -> None:
        with transaction() as session:
            session.execute(update(MeetingType).where(MeetingType.slug == "sparren").values(active=False))

    if when == "while one types":
        withdraw()
    else:
        event.listen(db.session, "after_soft_rollback", withdraw, once=True)
    page = form.submit(status=409)
    assert page.errors["slot"] == (
        "U kunt dit gesprek niet meer plannen. Kies een moment voor een ander gesprek: Kort gesprek. "
        "Uw gegevens staan er nog."
    )
    again = page.form("Bevestig de afspraak")
    assert [again.value(each) for each in (*WHO, "Waar wilt u het over hebben?")] == [
        *WHO.values(),
        "Over de wijk.",
    ]
    assert bookings(transaction) == []
    assert again.choose(moments(page)[0]).submit().heading == "Uw afspraak staat"
    assert [row.ends_at - row.starts_at for row in bookings(transaction)] == [timedelta(minutes=15)]


@pytest.mark.parametrize("part", ["", "dagdeel=middag"])
def test_each_press_shows_a_week_more_and_there_is_a_way_back(visitor: Visitor, part: str) -> None:
    page = visitor.open(f"/afspraak/rik?{part}")
    assert "Toon eerdere momenten" not in page.text
    weeks = [page := page.follow("Toon meer momenten") for _ in range(3)]
    spans = [sorted({each[:10] for each in moments(week)}) for week in weeks]
    begun = date.fromisoformat(spans[0][0])
    for turn, days in enumerate(spans):
        first = (begun + timedelta(days=7 * turn)).isoformat()
        last = (begun + timedelta(days=7 * turn + 6)).isoformat()
        assert len(days) == 5, "a whole week of work, and each day of it once"
        assert len(moments(weeks[turn])) <= 40, "however many are free, the page stays light"
        assert first <= days[0] <= days[-1] <= last
    assert moments(page.follow("Toon eerdere momenten")) == moments(weeks[1])
    link = next((each.text for each in page.tree.all("a") if "Toon alle tijden van" in each.text), None)
    if not part:
        assert link, "of a busy day the rest is one press away"
        day = page.follow(link)
        assert {each[:10] for each in moments(day)} == {moments(page)[0][:10]}
        assert set(moments(day)) > {each for each in moments(page) if each[:10] == moments(day)[0][:10]}
    back = page.follow("Toon eerdere momenten").follow("Toon eerdere momenten")
    while "Toon eerdere momenten" in back.text:
        back = back.follow("Toon eerdere momenten")
    assert moments(back)[0][:10] == spans[0][0], "back to the very first"


def test_the_last_week_before_the_horizon_leads_back_only(visitor: Visitor) -> None:
    page = visitor.open("/afspraak/rik?vanaf=2099-01-01")
    assert "Toon meer momenten" not in page.text
    assert "Toon meer momenten" in page.follow("Toon eerdere momenten").text


def test_a_full_week_still_leads_to_later_moments(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(horizon_days=100, notice_minutes=20 * 480))
    page = visitor.open("/afspraak/rik?vanaf=2026-11-18")
    assert "Op deze dagen is er geen moment vrij." in page.text
    assert "Geef uw voorkeur door" in page.text
    for _ in range(4):
        page = page.follow("Toon meer momenten")
    assert moments(page)


def test_in_english_the_zone_is_said_wherever_a_time_is(visitor: Visitor) -> None:
    words = "Times are Dutch time."
    assert words in visitor.open("/afspraak/rik?taal=en").text
    assert words in visitor.open(f"/afspraak/rik?taal=en&slot={TEN}").text


@pytest.fixture
def pair(firm: None, transaction: Transaction) -> None:
    """A kind of talk that Rik and Mirte hold together; and Sam, who does not."""
    del firm
    with transaction() as session:
        rows.create_advisor(session, "Sam Bos")
        rows.create_meeting_type(
            session, "samen", name="Met z’n tweeën", host_ids=[1, 2], position=2, places=[Place.VIDEO]
        )


@pytest.mark.usefixtures("pair")
def test_a_visitor_plans_a_talk_with_two_and_reads_both_names(
    visitor: Visitor, transaction: Transaction
) -> None:
    page = visitor.open("/afspraak?soort=samen")
    assert "U spreekt Rik de Wit en Mirte Smit samen." in page.text
    assert min(moments(page)) == "2026-11-18T12:00:00Z", "Mirte comes in at one"
    done = details(visitor, AFTERNOON, "/afspraak?soort=samen").submit()
    assert "met Rik de Wit en Mirte Smit." in done.text
    move = visitor.open(done.address.partition("?")[0]).follow("Afspraak verzetten")
    assert "Rik de Wit en Mirte Smit" in move.text
    assert AFTERNOON not in moments(visitor.open("/afspraak/rik?vanaf=2026-11-19"))


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("another advisor's kind of talk", "/afspraak/sam?soort=samen"),
        ("a kind that there is not", "/afspraak/rik?soort=oud"),
    ],
)
def test_a_kind_of_talk_that_cannot_be_had_so_is_refused_with_the_reason(
    visitor: Visitor, transaction: Transaction, told: str, address: str
) -> None:
    assert "Dit gesprek kunt u zo niet plannen." in visitor.open(address).text
    form = details(visitor)
    values = {name: each[0] for name, each in form.values.items()}
    path = address.replace("?", "/moment?", 1)
    for where in (address, path):
        answer = visitor.client.post(where, data=values)
        assert answer.status_code == 422, told
        assert "Dit gesprek kunt u zo niet plannen." in answer.get_data(as_text=True)
    assert not bookings(transaction)
    assert "Met z’n tweeën" not in visitor.open("/afspraak/sam").text
