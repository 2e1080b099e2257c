from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult import clock
from consult.booking import services as booking
from consult.booking.models import Booking, Invitation, Participation
from consult.outbox.models import OutgoingMail
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Visitor

TOMORROW = NOW + timedelta(days=1)


def moments(form: Form) -> list[str]:
    return [option.get("value") for option in form.element.all("input", type="radio")]


def test_the_list_parts_what_comes_from_what_was(office: Office, rik: Visitor) -> None:
    office.planned(TOMORROW, name="Morgen")
    office.planned(TOMORROW, name="Bij Sam", of="sam")
    page = rik.open("/werkplek/afspraken")
    assert "Morgen" in page.text
    assert "Bij Sam" not in page.text
    assert "U heeft nog geen gesprekken gehad." in page.follow("Geweest").text
    clock.start_at(TOMORROW + timedelta(hours=2))
    rik = office.enter("rik")
    assert "Er staan geen gesprekken gepland." in rik.open("/werkplek/afspraken").text
    assert "Morgen" in rik.open("/werkplek/afspraken?weergave=geweest").text


def test_a_talk_shows_when_where_and_what_the_visitor_answered(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW, note="Over buurthuizen.")
    with office.transaction() as session:
        for invitation in session.scalars(select(Invitation)):
            invitation.participation = Participation.TENTATIVE
    page = rik.open(f"/werkplek/afspraken/{reference}")
    assert "donderdag 19 november 2026, 11.00 – 11.30 uur" in page.text
    assert "online" in page.text
    assert "Over buurthuizen." in page.text
    assert "Onder voorbehoud" in page.text
    # Why it is with Rik: the decision that was stored, in words.
    assert "De bezoeker koos zelf een adviseur." in page.text


def test_an_answer_to_the_old_time_is_no_answer_to_the_new_one(office: Office, rik: Visitor) -> None:
    office.planned(TOMORROW)
    with office.transaction() as session:
        for invitation in session.scalars(select(Invitation)):
            invitation.participation, invitation.answered_sequence = Participation.ACCEPTED, 0
    assert "Geaccepteerd" in rik.open("/werkplek/afspraken").text
    with office.transaction() as session:
        session.scalars(select(Booking)).one().sequence = 1
    page = rik.open("/werkplek/afspraken")
    assert "Geaccepteerd" not in page.text
    assert "Nog geen antwoord" in page.text


def test_cancelling_tells_the_visitor_why(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    form = rik.open(f"/werkplek/afspraken/{reference}").form("Ja, zeg de afspraak af")
    page = form.fill({"Reden": "Ik ben ziek."}).submit()
    assert "Deze afspraak is afgezegd." in page.text
    assert "Ik ben ziek." in page.text
    assert "Verzet de afspraak" not in page.text
    assert form.submit().address == page.address
    with office.transaction() as session:
        told = list(
            session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.event == "booking-cancelled"))
        )
    assert "joke@gemeente.example" in told
    assert len(told) == len(set(told))


def test_a_talk_moves_to_a_moment_that_is_free(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    taken = office.planned(TOMORROW + timedelta(hours=3))
    page = rik.open(f"/werkplek/afspraken/{reference}").follow("Verzet de afspraak")
    form = page.form("Kies dit moment")
    with office.transaction() as session:
        busy = booking.by_reference(session, taken).starts_at
    assert busy.strftime("%Y-%m-%dT%H:%M:%SZ") not in moments(form)
    wanted = (TOMORROW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    moved = form.choose(wanted).submit()
    assert "donderdag 19 november 2026, 12.00 – 12.30 uur" in moved.text
    assert "12.00 – 12.30 uur" in form.submit().text
    with office.transaction() as session:
        assert session.scalars(select(Booking.sequence).where(Booking.reference == reference)).one() == 1


def test_a_moment_that_was_just_taken_is_told_with_the_others(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    form = rik.open(f"/werkplek/afspraken/{reference}/verzetten").form("Kies dit moment")
    wanted = TOMORROW + timedelta(hours=1)
    office.planned(wanted, name="Iemand anders")
    page = form.choose(wanted.strftime("%Y-%m-%dT%H:%M:%SZ")).submit(status=409)
    assert "Dit moment is net bezet. Kies een ander moment." in page.text
    assert moments(page.form("Kies dit moment"))


def test_no_moment_chosen_is_a_mistake_that_says_what_to_do(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    form = rik.open(f"/werkplek/afspraken/{reference}/verzetten").form("Kies dit moment")
    assert "Kies een moment." in form.submit(status=422).errors.values()


def test_later_moments_are_a_link_away(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    page = rik.open(f"/werkplek/afspraken/{reference}/verzetten")
    later = page.follow("Toon latere momenten")
    assert moments(later.form("Kies dit moment"))[0] > moments(page.form("Kies dit moment"))[-1]
    for odd in ("onzin", "1999-01-01", "9999-12-31"):
        rik.open(f"/werkplek/afspraken/{reference}/verzetten?vanaf={odd}")


def test_a_talk_of_a_colleague_can_be_read_and_not_changed(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW, of="sam")
    page = rik.open(f"/werkplek/afspraken/{reference}")
    assert "Deze afspraak is van Sam Bos. U kunt meelezen." in page.text
    token = page.form("Uitloggen").values["csrf_token"][0]
    for act in ("afzeggen", "verzetten"):
        rik.send("post", f"/werkplek/afspraken/{reference}/{act}", [("csrf_token", token)], 403)
    assert "Bevestigd" in rik.open(f"/werkplek/afspraken/{reference}").text
