from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult import clock
from consult.booking import proposals
from consult.booking import services as booking
from consult.booking.models import InviteeRole, MeetingType
from consult.postbox.models import ArrivalState, IncomingMail
from consult.scheduling.values import Participation
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from typing import Any

    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

TOMORROW = NOW + timedelta(days=1)
EVENING = TOMORROW + timedelta(hours=9)


def talk(office: Office, reference: str) -> dict[str, Any]:
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        return {name: getattr(found, name) for name in ("state", "starts_at", "outcome", "next_step")}


def shown(visitor: Visitor, reference: str) -> Page:
    return visitor.open(f"/werkplek/afspraken/{reference}")


def proposed(office: Office, reference: str) -> None:
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        proposals.propose(session, found, EVENING, comment="Liever later.", settings=office.settings, now=NOW)


def pending(office: Office) -> str:
    with office.transaction() as session:
        session.query(MeetingType).update({"approval": True})
    return office.planned(TOMORROW)


def declined(office: Office, reference: str, *, sequence: int = 0) -> None:
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        for each in found.invitations:
            if each.role == InviteeRole.VISITOR:
                each.participation, each.answered_at = Participation.DECLINED, NOW
                each.answered_sequence, each.comment = sequence, "Ik ben dan weg."


def test_a_talk_that_waits_is_confirmed_with_one_button(office: Office, rik: Visitor) -> None:
    reference = pending(office)
    page = shown(rik, reference).form("Bevestig het gesprek").submit()
    assert "Rik de Wit heeft het gesprek bevestigd." in page.text
    assert talk(office, reference)["state"] == "confirmed"


def test_a_talk_that_waits_is_refused_with_a_reason(office: Office, rik: Visitor) -> None:
    reference = pending(office)
    form = shown(rik, reference).form("Ja, wijs het gesprek af")
    long = form.fill({"Reden": "x" * 501}).submit(status=422)
    assert "Uw reden is te lang. Haal 1 teken weg." in long.errors.values()
    page = form.fill({"Reden": "Ik ben vol."}).submit()
    assert "Ik ben vol." in page.text
    assert talk(office, reference)["state"] == "cancelled"


def test_a_proposal_that_is_taken_moves_the_talk(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    proposed(office, reference)
    page = shown(rik, reference)
    assert "Liever later." in page.text
    moved = page.form("Neem dit moment aan").submit()
    assert "Rik de Wit heeft het gesprek verzet. Het was op 19 nov 2026, 11.00." in moved.text
    assert talk(office, reference)["starts_at"] == EVENING


def test_a_proposal_for_time_that_is_taken_shows_other_moments(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    later = TOMORROW + timedelta(hours=2)
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        proposals.propose(session, found, later, comment=None, settings=office.settings, now=NOW)
    office.planned(later, name="Iemand anders")
    page = shown(rik, reference).form("Neem dit moment aan").submit(status=409)
    assert "Dit moment is net bezet. Kies een ander moment." in page.text
    form = page.form("Kies dit moment")
    first = next(option.get("value") for option in form.element.all("input", type="radio"))
    form.choose(first).submit()
    assert talk(office, reference)["starts_at"].strftime("%Y-%m-%dT%H:%M:%SZ") == first


def test_a_proposal_that_is_turned_down_leaves_the_talk(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    proposed(office, reference)
    form = shown(rik, reference).form("Ja, wijs het voorstel af")
    page = form.fill({"Reden": "Dan ben ik weg."}).submit()
    assert "Rik de Wit heeft het voorstel afgewezen." in page.text
    assert "Neem dit moment aan" not in page.text
    assert talk(office, reference)["starts_at"] == TOMORROW


def test_what_came_of_a_talk_is_kept(office: Office) -> None:
    reference = office.planned(TOMORROW)
    clock.start_at(TOMORROW + timedelta(hours=2))
    rik = office.enter("rik")
    form = shown(rik, reference).form("Bewaar de uitkomst")
    wrong = form.fill({"Opvolgen op": "2026-11-01"}).submit(status=422)
    assert set(wrong.errors.values()) == {
        "Kies of het gesprek is doorgegaan.",
        "Kies een datum na het gesprek.",
    }
    form.choose("Ja, wij hebben elkaar gesproken")
    page = form.fill({"Volgende stap": "Offerte sturen", "Opvolgen op": "2026-12-01"}).submit()
    assert "Rik de Wit heeft de uitkomst ingevuld." in page.text
    assert "De uitkomst is bewaard." in page.text
    assert page.form("Bewaar de uitkomst").value("Volgende stap") == "Offerte sturen"
    assert talk(office, reference)["outcome"] == "attended"


def test_a_no_is_shown_until_it_was_dealt_with(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    declined(office, reference)
    page = shown(rik, reference)
    assert "Ik ben dan weg." in page.text
    assert "oude moment" not in page.text
    after = page.form("Gezien, het gesprek blijft staan").submit()
    assert "Gezien, het gesprek blijft staan" not in after.text


def test_an_answer_from_before_a_move_is_marked_as_old(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        when = {"settings": office.settings, "now": NOW + timedelta(minutes=1)}
        booking.move(session, found, TOMORROW + timedelta(hours=2), actor="visitor", **when)
    declined(office, reference)
    assert "antwoord op het oude moment" in shown(rik, reference).text


def test_mail_about_a_talk_is_shown_with_what_it_was(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    with office.transaction() as session:
        found = booking.by_reference(session, reference)
        assert found is not None
        session.add(
            IncomingMail(
                message_id="<m1>",
                content_hash="1",
                received_at=NOW,
                sender="joke@gemeente.example",
                raw=b"",
                state=ArrivalState.HANDLED,
                judged="visitor-text",
                text="Ik neem een collega mee.",
                subject_kind="booking",
                subject_id=found.id,
            )
        )
    page = shown(rik, reference)
    assert "Bericht joke@gemeente.example" in page.text
    assert "Ik neem een collega mee." in page.text


def test_a_colleague_may_look_and_not_decide(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW, of="sam")
    proposed(office, reference)
    page = shown(rik, reference)
    assert "Neem dit moment aan" not in page.text
    token = page.form("Uitloggen").values["csrf_token"][0]
    acts = ("bevestigen", "weigeren", "voorstel/1/aannemen", "voorstel/1/afwijzen", "gezien", "uitkomst")
    for act in acts:
        rik.send("post", f"/werkplek/afspraken/{reference}/{act}", [("csrf_token", token)], 403)
