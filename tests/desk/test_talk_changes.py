"""What an advisor changes about a talk, with the mail to the visitor first: who, where, when, and its series."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.booking.models import Booking, BookingState, MeetingType, Place
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor
from tests.desk.conftest import NOW
from tests.support import series_rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

TOMORROW = NOW + timedelta(days=1)
MAIL_FIRST = "Bekijk eerst de mail"


def mails(office: Office) -> int:
    with office.transaction() as session:
        return session.scalars(select(func.count()).select_from(OutgoingMail)).one()


def talk(office: Office, reference: str) -> tuple[str, str, str, str | None]:
    with office.transaction() as session:
        found = session.scalars(select(Booking).where(Booking.reference == reference)).one()
        return found.advisor.first_name, found.state, found.place, found.location


def form_of(page: Page, button: str, **answers: str) -> Page:
    """The mail first, and then nothing has happened yet."""
    return page.form(button).fill(answers).submit(MAIL_FIRST)


@pytest.mark.both_databases
def test_a_mail_is_read_first_and_only_then_sent(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    page = rik.open(f"/werkplek/afspraken/{reference}")
    sent = mails(office)
    asked = form_of(page, "Ja, zeg de afspraak af", Reden="Ik ben ziek.")
    assert asked.heading == "Deze mail krijgt Joke Jansen"
    assert "Ik ben ziek." in asked.text
    assert "Er is nog niets veranderd en nog niets verstuurd." in asked.text
    assert "/a/…" in asked.text
    assert (mails(office), talk(office, reference)[1]) == (sent, BookingState.CONFIRMED)
    again = asked.form("Ja, zeg de afspraak af").submit("Nee, ga terug")
    assert again.heading == page.heading
    assert again.form("Ja, zeg de afspraak af").value("Reden") == "Ik ben ziek."
    assert (mails(office), talk(office, reference)[1]) == (sent, BookingState.CONFIRMED)
    done = asked.form("Ja, zeg de afspraak af").submit()
    assert "Deze afspraak is afgezegd." in done.text
    assert mails(office) > sent
    assert "Wordt verstuurd" in done.text


@pytest.mark.both_databases
def test_a_talk_goes_to_a_colleague_who_is_free(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    office.planned(TOMORROW, of="mirte", email="ander@gemeente.example")
    page = rik.open(f"/werkplek/afspraken/{reference}")
    form = page.form("Draag het gesprek over")
    assert set(form.submit(status=422).errors.values()) == {
        "Kies een collega.",
        "Schrijf waarom u het gesprek overdraagt.",
    }
    busy = form.choose("Mirte Smit").fill({"Waarom draagt u over?": "Verlof"})
    assert "Deze collega kan dan niet." in " ".join(busy.submit(status=422).errors.values())
    asked = form.choose("Sam Bos").submit(MAIL_FIRST)
    assert "Sam Bos" in asked.text
    assert "Verlof" not in asked.text
    assert talk(office, reference)[0] == "Rik"
    done = asked.form("Ja, draag over").submit()
    assert "Deze afspraak is van Sam Bos. U kunt meelezen." in done.text
    assert "Reden: Verlof" in done.text
    assert talk(office, reference)[0] == "Sam"


def test_a_talk_is_held_somewhere_else(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        session.scalars(select(MeetingType)).one().places = [Place.VIDEO, Place.VISIT, Place.PHONE]
    reference = office.planned(TOMORROW)
    form = rik.open(f"/werkplek/afspraken/{reference}").form("Verander de plek")
    assert "Vul in waar u afspreekt." in form.choose("op bezoek").submit(status=422).errors.values()
    no_number = form.choose("telefonisch").submit(status=422)
    assert "Wij hebben geen telefoonnummer van de bezoeker." in no_number.errors.values()
    asked = form.choose("op bezoek").fill({"Adres": "Stadhuis, kamer 4"}).submit(MAIL_FIRST)
    assert "Stadhuis, kamer 4" in asked.text
    asked.form("Ja, verander de plek").submit()
    assert talk(office, reference)[2:] == (Place.VISIT, "Stadhuis, kamer 4")


@pytest.mark.parametrize(
    ("told", "day", "hour", "why_not", "may_anyway"),
    [
        ("an evening", "2026-11-19", "20:00", "Buiten werktijd", True),
        ("off the grid", "2026-11-19", "14:05", "Gesprekken beginnen op een rooster", True),
        ("yesterday", "2026-11-17", "11:00", "Dit moment is voorbij.", False),
        ("over another talk", "2026-11-19", "14:10", "Er is al een gesprek: 14.00 – 14.30 uur.", False),
    ],
)
def test_a_moment_of_ones_own_says_what_is_against_it(
    office: Office,
    rik: Visitor,
    told: str,
    day: str,
    hour: str,
    why_not: str,
    may_anyway: bool,  # noqa: FBT001 (a table's column)
) -> None:
    reference = office.planned(TOMORROW)
    if "talk" in told:
        office.planned(TOMORROW + timedelta(hours=3), email="ander@gemeente.example")
    form = rik.open(f"/werkplek/afspraken/{reference}/verzetten").form("Kies dit moment")
    form.fill({"Dag": day, "Tijd": hour})
    refused = form.submit(status=422)
    assert why_not in " ".join(refused.errors.values())
    assert ("Schrijf waarom u toch dit moment kiest." in refused.errors.values()) is may_anyway
    form.fill({"Waarom toch dit moment?": "Zij kan alleen dan."})
    if not may_anyway:
        form.submit(status=422)
        return
    asked = form.submit(MAIL_FIRST)
    assert hour.replace(":", ".") in asked.text
    done = asked.form("Ja, verzet de afspraak").submit()
    assert "Rik de Wit koos zelf dit moment. Reden: Zij kan alleen dan." in done.text


@pytest.mark.parametrize(
    ("day", "hour", "error"),
    [
        ("", "11:00", "Vul een datum in."),
        ("2026-11-19", "", "Vul een tijd in, bijvoorbeeld 14.00."),
        ("morgen", "vroeg", "Vul een datum in."),
    ],
)
def test_half_a_moment_is_a_mistake(office: Office, rik: Visitor, day: str, hour: str, error: str) -> None:
    reference = office.planned(TOMORROW)
    form = rik.open(f"/werkplek/afspraken/{reference}/verzetten").form("Kies dit moment")
    assert error in form.fill({"Dag": day, "Tijd": hour}).submit(status=422).errors.values()


@pytest.mark.both_databases
def test_a_series_is_shown_with_each_of_its_talks_and_can_end_here(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        own = session.get_one(Advisor, office.advisor_id(session, "rik"))
        first = series_rows.first_talk(session, office.settings)
        assert first.advisor_id == own.id
        series_rows.plan(session, office.settings, first, count=4)
        references = list(session.scalars(select(Booking.reference).order_by(Booking.original_start)))
    page = rik.open(f"/werkplek/afspraken/{references[1]}")
    assert "elke week op dinsdag om 10.00 uur" in page.text
    one_off = page.form("Ja, zeg de afspraak af").submit()
    assert "Deze afspraak is afgezegd." in one_off.text
    page = rik.open(f"/werkplek/afspraken/{references[2]}")
    asked = page.form("Stop na dit gesprek").submit(MAIL_FIRST)
    assert asked.heading == "Deze mail krijgt Joke Jansen"
    asked.form("Ja, stop na dit gesprek").submit()
    states = [talk(office, reference)[1] for reference in references]
    assert states == ["confirmed", "cancelled", "confirmed", "cancelled"]
    page = rik.open(f"/werkplek/afspraken/{references[0]}")
    assert "Stop de reeks na dit gesprek" in page.text
    asked = page.form("Ja, zeg de hele reeks af").fill({"Reden": "Het project stopt."}).submit(MAIL_FIRST)
    assert "Het project stopt." in asked.text
    asked.form("Ja, zeg de hele reeks af").submit()
    assert {talk(office, reference)[1] for reference in references} == {"cancelled"}


def test_what_is_a_colleagues_cannot_be_changed(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW, of="sam")
    page = rik.open(f"/werkplek/afspraken/{reference}")
    assert "U kunt meelezen" in page.text
    assert "Draag het gesprek over" not in page.text
    for act in ("overdragen", "plek", "verzetten", "afzeggen"):
        rik.send("post", f"/werkplek/afspraken/{reference}/{act}", [], 403)
