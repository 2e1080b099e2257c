"""An advisor plans a talk for a visitor: from a question or from nothing, at any moment, with the mail read first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.models import Booking, MeetingType, Place
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Visitor

WHO = {"Naam": "Joke Jansen", "E-mailadres": "joke@gemeente.example"}
PLAN = "Plan het gesprek"


def form(visitor: Visitor, more: str = "") -> Form:
    return visitor.open(f"/werkplek/afspraken/nieuw{more}").form(PLAN)


def first_moment(form: Form) -> str:
    return next(each.get("value") for each in form.element.all("input", type="radio", name="plannen-slot"))


def stored(office: Office) -> list[tuple[str, str, int | None, str]]:
    with office.transaction() as session:
        found = session.scalars(select(Booking).order_by(Booking.id)).all()
        return [(each.advisor.slug, each.name, each.enquiry_id, each.state) for each in found]


def test_from_a_question_nothing_is_typed_twice_and_the_mail_is_read_first(
    office: Office, rik: Visitor
) -> None:
    reference = office.asked(name="Piet Puk", email="piet@gemeente.example")
    filled = rik.open(f"/werkplek/vragen/{reference}").follow("Plan een gesprek").form(PLAN)
    assert filled.value("Naam") == "Piet Puk"
    chosen = first_moment(filled)
    # An advisor needs no notice: the first moment is today.
    assert chosen.startswith("2026-11-18")
    filled.choose(chosen).fill({"E-mailadressen van collega’s van de bezoeker": "ans@gemeente.example"})
    asked = filled.submit("Bekijk eerst de mail")
    assert asked.heading == "Deze mail krijgt Piet Puk"
    assert "Rik de Wit" in asked.text
    assert stored(office) == []
    again = asked.form("Ja, plan het gesprek").submit("Nee, ga terug").form(PLAN)
    assert again.value("E-mailadressen van collega’s van de bezoeker") == "ans@gemeente.example"
    assert again.value("plannen-slot") == chosen
    assert stored(office) == []
    done = asked.form("Ja, plan het gesprek").submit()
    assert done.heading == "Gesprek met Piet Puk"
    assert "ans@gemeente.example" in done.text
    with office.transaction() as session:
        enquiry_id = session.scalars(select(Enquiry.id)).one()
    assert stored(office) == [("rik", "Piet Puk", enquiry_id, "confirmed")]
    asked.form("Ja, plan het gesprek").submit()
    assert len(stored(office)) == 1


def test_with_a_colleague_in_the_evening_with_a_reason(office: Office, rik: Visitor) -> None:
    page = rik.open("/werkplek/agenda").follow("Plan een gesprek")
    page = page.form("Toon momenten").choose("Sam Bos").submit()
    filled = page.form(PLAN).fill(WHO | {"Dag": "2026-11-19", "Tijd": "19:30"})
    refused = filled.submit(status=422)
    assert "Buiten werktijd" in " ".join(refused.errors.values())
    done = filled.fill({"Waarom toch dit moment?": "Raadsavond."}).submit()
    assert "donderdag 19 november 2026, 19.30 – 20.00 uur" in done.text
    assert "Rik de Wit koos zelf dit moment. Reden: Raadsavond." in done.text
    assert stored(office)[0][0] == "sam"
    with office.transaction() as session:
        told = set(session.scalars(select(OutgoingMail.recipient)))
    assert told == {"joke@gemeente.example", "sam@example.nl"}


def test_what_is_wrong_is_told_and_what_was_typed_stays(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        session.scalars(select(MeetingType)).one().places = [Place.PHONE, Place.VISIT]
    empty = form(rik).submit(status=422)
    assert set(empty.errors.values()) == {
        "Kies een moment.",
        "Vul de naam van de bezoeker in.",
        "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.",
        "Kies een plek.",
    }
    filled = empty.form(PLAN).fill(WHO | {"E-mailadressen van collega’s van de bezoeker": "ans"})
    wrong = filled.choose("telefonisch").submit(status=422)
    assert "Vul het telefoonnummer in. Wij bellen de bezoeker." in wrong.errors.values()
    assert "Dit e-mailadres klopt niet: ans" in wrong.errors.values()
    assert wrong.form(PLAN).value("Naam") == "Joke Jansen"
    assert "Vul in waar u afspreekt." in filled.choose("op bezoek").submit(status=422).errors.values()


def test_a_moment_that_is_gone_by_then_keeps_the_rest(office: Office, rik: Visitor) -> None:
    filled = form(rik).fill(WHO)
    wanted = NOW + timedelta(hours=1)
    office.planned(wanted, email="snel@gemeente.example")
    late = filled.choose(wanted.strftime("%Y-%m-%dT%H:%M:%SZ")).submit(status=409)
    assert "Dit moment is net bezet. Kies een ander moment." in late.text
    again = late.form(PLAN)
    assert again.value("Naam") == "Joke Jansen"
    assert again.choose(first_moment(again)).submit().heading == "Gesprek met Joke Jansen"


def test_who_only_coordinates_plans_nothing(office: Office) -> None:
    anna = office.enter("anna")
    anna.open("/werkplek/afspraken/nieuw", status=403)
    for odd in ("soort=niets", "vraag=C-0", "vanaf=onzin", "vanaf=9999-12-31", "adviseur=niemand"):
        office.enter("rik").open(f"/werkplek/afspraken/nieuw?{odd}")
