from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact import services as contact
from consult.contact.models import Channel, Enquiry, EnquiryState, Message
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Advisor, Contact

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def entries(page: Page) -> list[tuple[str, str]]:
    """Kind and text of each entry of the thread."""
    return [(entry.get("class"), (entry.first("p")).text) for entry in page.tree.first("ol").all("li")]


def mails(office: Office, event: str) -> list[str]:
    with office.transaction() as session:
        return list(session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.event == event)))


def test_an_answer_goes_to_the_visitor_and_stands_in_the_thread(office: Office, rik: Visitor) -> None:
    reference = office.asked("Hoe begin ik?")
    form = rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord")
    page = form.fill({"Uw antwoord": "Begin klein.\nEn samen."}).submit()
    assert page.address == f"/werkplek/vragen/{reference}"
    assert ("reply", "Begin klein. En samen.") in [
        (kind, " ".join(text.split())) for kind, text in entries(page)
    ]
    assert "Wordt verstuurd" in page.text
    assert "Wacht op klant" in page.text
    assert mails(office, "enquiry-answered") == ["joke@gemeente.example"]


def test_the_same_answer_sent_twice_is_one_answer(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord")
    form.fill({"Uw antwoord": "Begin klein."})
    form.submit()
    page = form.submit()
    assert [kind for kind, _ in entries(page)].count("reply") == 1
    assert mails(office, "enquiry-answered") == ["joke@gemeente.example"]


def test_a_note_stays_among_colleagues(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Bewaar de notitie")
    page = form.fill({"Uw notitie": "Eerst Sam bellen."}).submit()
    assert ("note", "Eerst Sam bellen.") in entries(page)
    assert mails(office, "enquiry-answered") == []


@pytest.mark.parametrize(
    ("button", "field", "text", "error"),
    [
        ("Verstuur het antwoord", "Uw antwoord", "  ", "Schrijf een antwoord."),
        ("Verstuur het antwoord", "Uw antwoord", "a" * 5001, "Uw antwoord is te lang. Haal 1 teken weg."),
        ("Bewaar de notitie", "Uw notitie", "", "Schrijf een notitie."),
        ("Bewaar de notitie", "Uw notitie", "a" * 2120, "Uw notitie is te lang. Haal 120 tekens weg."),
        ("Draag over", "Reden", "", "Schrijf waarom u de vraag overdraagt."),
        ("Draag over", "Wat moet uw collega weten?", "", "Schrijf wat uw collega moet weten."),
        ("Draag over", "Reden", "a" * 501, "Uw reden is te lang. Haal 1 teken weg."),
    ],
    ids=[
        "no answer",
        "too long an answer",
        "no note",
        "too long a note",
        "no reason",
        "nothing to know",
        "too long a reason",
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    office: Office, rik: Visitor, button: str, field: str, text: str, error: str
) -> None:
    reference = office.asked()
    page = rik.open(f"/werkplek/vragen/{reference}").form(button).fill({field: text}).submit(status=422)
    assert error in page.errors.values()
    assert page.form(button).value(field) == text.strip()
    with office.transaction() as session:
        assert session.scalars(select(Message)).all() == []


def test_without_a_mail_address_there_is_a_number_to_call_and_a_note_to_write(
    office: Office, rik: Visitor
) -> None:
    reference = office.asked(channel=Channel.PHONE, phone="+31612345678", email=None, reachable="na vieren")
    page = rik.open(f"/werkplek/vragen/{reference}")
    assert page.link("Bel 06 12345678") == "tel:+31612345678"
    assert page.link("App 06 12345678").startswith("https://wa.me/31612345678?text=")
    assert "na vieren" in page.text
    assert "Verstuur het antwoord" not in page.text
    token = page.form("Bewaar de notitie").values["notitie-csrf_token"][0]
    sent = [("antwoord-csrf_token", token), ("antwoord-text", "Toch een antwoord.")]
    refused = rik.send("post", f"/werkplek/vragen/{reference}/antwoord", sent, 409)
    assert "Wij hebben geen e-mailadres." in refused.text


@pytest.mark.parametrize(
    ("channel", "first"),
    [(Channel.EMAIL, "mailto:"), (Channel.PHONE, "tel:"), (Channel.WHATSAPP, "https://wa.me/")],
)
def test_the_wanted_way_to_answer_stands_first(
    office: Office, rik: Visitor, channel: Channel, first: str
) -> None:
    reference = office.asked(channel=channel, phone="+31612345678")
    side = rik.open(f"/werkplek/vragen/{reference}").tree.first("aside")
    assert side.first("a").get("href").startswith(first)
    assert "Wil dit" in side.first("li").text


def test_beside_the_question_stands_why_it_came_here_and_what_was_before(
    office: Office, rik: Visitor
) -> None:
    earlier = office.asked("Een oude vraag.", of="sam", ago=timedelta(days=3))
    office.asked("Van iemand anders.", email="ander@gemeente.example", name="Ander")
    reference = office.asked("Een nieuwe vraag.")
    side = rik.open(f"/werkplek/vragen/{reference}").tree.first("aside")
    assert "De bezoeker koos zelf een adviseur. Rik de Wit was beschikbaar." in side.text
    assert earlier in [link.get("href").rpartition("/")[2] for link in side.all("a")]
    assert "Van iemand anders" not in side.text


def test_closing_and_opening_again(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    page = rik.open(f"/werkplek/vragen/{reference}").form("Rond de vraag af").submit()
    assert "Deze vraag is klaar." in page.text
    assert ("event", "Rik de Wit heeft de vraag afgerond.") in [
        (kind, text.rsplit(" 18 nov", 1)[0]) for kind, text in entries(page)
    ]
    page = page.form("Heropen de vraag").submit()
    assert "Verstuur het antwoord" in page.text


def test_handing_over_tells_who_gets_it_and_why(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Draag over")
    page = (
        form.choose("Sam Bos")
        .fill({"Reden": "Sam kent Zwolle.", "Wat moet uw collega weten?": "Joke belt."})
        .submit()
    )
    assert "overgedragen aan Sam Bos. Reden: Sam kent Zwolle." in page.text
    assert "Deze vraag is van Sam Bos. U kunt meelezen." in page.text
    assert "Verstuur het antwoord" not in page.text
    assert mails(office, "enquiry-assigned")[-1] == "sam@example.nl"


def test_a_question_is_handed_to_somebody_else_who_works_here(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Draag over")
    options = [option.text for option in form.element.all("option")]
    assert options == ["Kies een collega", "Mirte Smit", "Sam Bos"]
    form.values["overdracht-advisor"] = ["999"]
    assert (
        "Kies een van de mogelijkheden." in form.fill({"Reden": "Zomaar."}).submit(status=422).errors.values()
    )


def test_a_question_of_nobody_is_taken_before_it_is_answered(office: Office, rik: Visitor) -> None:
    reference = office.asked(of=None)
    page = rik.open(f"/werkplek/vragen/{reference}")
    assert "Verstuur het antwoord" not in page.text
    page = page.form("Pak deze vraag op").submit()
    assert "Rik de Wit heeft de vraag opgepakt." in page.text
    assert "Verstuur het antwoord" in page.text


def test_what_a_colleague_left_behind_is_taken_with_the_person(office: Office, rik: Visitor) -> None:
    reference = office.asked(of="sam", name="Erik Smit")
    with office.transaction() as session:
        sam = session.scalars(select(Advisor).where(Advisor.slug == "sam")).one()
        sam.active = False
        session.scalars(select(Contact)).one().owner_id = sam.id
    assert "Erik Smit" in rik.open("/werkplek/vragen?weergave=niemand").text
    page = rik.open(f"/werkplek/vragen/{reference}").form("Pak deze vraag op").submit()
    assert "Rik de Wit heeft de vraag opgepakt. Sam Bos werkt hier niet meer." in page.text
    with office.transaction() as session:
        assert session.scalars(select(Contact.owner_id)).one() == office.advisor_id(session, "rik")


@pytest.mark.both_databases
def test_of_two_colleagues_who_take_a_question_the_first_has_it(office: Office, rik: Visitor) -> None:
    reference = office.asked(of=None)
    sam = office.enter("sam")
    forms = [each.open(f"/werkplek/vragen/{reference}").form("Pak deze vraag op") for each in (rik, sam)]
    assert "Verstuur het antwoord" in forms[0].submit().text
    refused = forms[1].submit(status=403)
    assert "is van Rik de Wit. Er is niets veranderd." in refused.text
    assert "Verstuur het antwoord" in forms[0].submit().text


ACTS = ("antwoord", "notitie", "overdragen", "oppakken", "afronden", "heropenen")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_on_the_question_of_a_colleague(office: Office, rik: Visitor, act: str) -> None:
    reference = office.asked(of="sam")
    token = rik.open("/werkplek/").form("Uitloggen").values["csrf_token"][0]
    page = rik.send("post", f"/werkplek/vragen/{reference}/{act}", [("csrf_token", token)], 403)
    assert page.link("Mail Sam") == f"mailto:sam@example.nl?subject={reference}"
    assert page.follow("Terug").address == f"/werkplek/vragen/{reference}"
    with office.transaction() as session:
        enquiry = contact.by_reference(session, reference)
        assert (enquiry.state, enquiry.advisor.name) == (EnquiryState.OPEN, "Sam Bos")


def test_a_coordinator_acts_on_everybodys(office: Office) -> None:
    reference = office.asked(of="sam")
    mirte = office.enter("mirte")
    form = mirte.open(f"/werkplek/vragen/{reference}").form("Draag over")
    page = (
        form.choose("Rik de Wit")
        .fill({"Reden": "Sam is ziek.", "Wat moet uw collega weten?": "Joke belt."})
        .submit()
    )
    assert "Mirte Smit heeft de vraag overgedragen aan Rik de Wit. Reden: Sam is ziek." in page.text


@pytest.mark.parametrize("reference", ["C-2026-9999", "x", "%27"])
def test_a_number_that_does_not_exist_is_a_page_that_does_not_exist(rik: Visitor, reference: str) -> None:
    rik.open(f"/werkplek/vragen/{reference}", status=404)
    rik.open(f"/werkplek/afspraken/{reference}", status=404)


def test_a_mail_that_did_not_arrive_is_marked(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord").fill(
        {"Uw antwoord": "Zo."}
    ).submit()
    with office.transaction() as session:
        for mail in session.scalars(select(OutgoingMail).where(OutgoingMail.event == "enquiry-answered")):
            mail.state = MailState.FAILED
    assert "Niet aangekomen" in rik.open(f"/werkplek/vragen/{reference}").text


def test_text_from_outside_is_shown_and_never_run(office: Office, rik: Visitor) -> None:
    nasty = "<script>alert(1)</script>"
    reference = office.asked(nasty, name=nasty, organisation=nasty)
    for address in ("/werkplek/", "/werkplek/vragen", f"/werkplek/vragen/{reference}"):
        page = rik.open(address)
        assert nasty in page.text
        assert nasty not in page.body


def test_a_decision_that_cannot_be_read_does_not_break_the_page(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    with office.transaction() as session:
        session.scalars(select(Enquiry)).one().decision = {"version": 99}
    assert "is niet meer te lezen" in rik.open(f"/werkplek/vragen/{reference}").text
