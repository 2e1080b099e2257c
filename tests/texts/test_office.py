"""The texts as coordinators use them: change, look, try, go back; and two of them at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.outbox.models import OutgoingMail
from consult.outbox.texts.models import TextVersion
from consult.outbox.texts.services import in_use
from consult.people.models import Advisor
from tests.desk.conftest import NOW
from tests.support import group_rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Delivery, Mailbox
    from tests.support.pages import Form, Page, Visitor

RECEIVED = "/beheer/teksten/enquiry-received.visitor/nl"
OWN = "Beste {naam},\n\nFijn dat u ons **schrijft**.\n{belofte}\n\n{vraag}\n\n{knop}\n\nGroeten van {bureau}"


def form_of(visitor: Visitor, address: str = RECEIVED) -> Form:
    return visitor.open(address).form("Bewaar")


def save(visitor: Visitor, body: str = OWN, subject: str = "Dank u wel ({nummer})") -> Page:
    return form_of(visitor).fill({"Onderwerp": subject, "Tekst": body}).submit()


def plain_of(mail: Delivery) -> str:
    return mail.part("text/plain").replace("\r\n", "\n")


def own(office: Office) -> dict[tuple[str, str], str]:
    with office.transaction() as session:
        return {key: said.body for key, said in in_use(session).items()}


def test_a_text_is_changed_looked_at_and_given_up(office: Office, anna: Visitor) -> None:
    listed = anna.open("/beheer/teksten")
    assert "Een vraag komt binnen" in listed.text
    assert "Eigen tekst" not in listed.text
    page = listed.follow("Nederlands Een vraag komt binnen, voor de bezoeker")
    form = page.form("Bewaar")
    assert form.value("Onderwerp") == "Wij hebben uw vraag ({nummer})"
    assert form.value("Tekst").startswith("Dag {naam},\n\nWij hebben uw vraag.")
    page = save(anna)
    assert "Het is bewaard." in page.text
    assert page.form("Bewaar").value("Tekst") == OWN
    assert own(office) == {("enquiry-received.visitor", "nl"): OWN}
    assert "Eigen tekst" in anna.open("/beheer/teksten").text
    page = page.form("Terug naar de standaardtekst").submit()
    assert page.form("Bewaar").value("Onderwerp") == "Wij hebben uw vraag ({nummer})"
    assert own(office) == {}
    page = page.form("Zet versie 1 terug").submit()
    assert page.form("Bewaar").value("Tekst") == OWN
    assert "anna@example.nl" in page.text
    with office.transaction() as session:
        rows = session.execute(select(TextVersion.number, TextVersion.current).order_by(TextVersion.number))
        assert [tuple(row) for row in rows] == [(1, False), (2, False), (3, True)]


def test_what_is_the_default_is_not_kept_as_the_firms_own(office: Office, anna: Visitor) -> None:
    form_of(anna).submit()
    assert own(office) == {}
    save(anna)
    page = anna.open(RECEIVED + "?x").form("Terug naar de standaardtekst").submit()
    page.form("Bewaar").submit()
    with office.transaction() as session:
        assert session.query(TextVersion).count() == 2


def test_mistakes_are_told_by_line_at_the_field_and_nothing_is_lost(office: Office, anna: Visitor) -> None:
    wrong = "Dag {naem},\n\n{belofte}\n{vraag}\n\nKlik {knop}"
    page = form_of(anna).fill({"Onderwerp": "Dag {naam}", "Tekst": wrong}).submit("Bewaar", status=422)
    assert page.errors["tekst-subject"] == "{naam} kan niet in het onderwerp. Zet het in de tekst."
    assert page.errors["tekst-body"] == (
        "Regel 1: {naem} kennen wij hier niet. Bedoelt u {naam}? Regel 6: zet {knop} alleen op een regel."
    )
    assert page.form("Bewaar").value("Tekst") == wrong
    page = page.form("Bewaar").fill({"Onderwerp": "", "Tekst": ""}).submit(status=422)
    assert page.errors["tekst-body"] == "Vul een tekst in."
    assert own(office) == {}


def test_the_example_shows_what_was_typed_without_keeping_it(office: Office, anna: Visitor) -> None:
    address = f"{RECEIVED}/voorbeeld"
    page = anna.open(RECEIVED)
    assert next(page.tree.all("iframe")).get("src") == address
    typed = {name: values[0] for name, values in page.form("Bewaar").values.items()}
    typed |= {"tekst-body": OWN, "tekst-subject": "Hallo {nummer}"}
    mail = anna.client.post(address, data=typed)
    assert mail.status_code == 200
    assert mail.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Fijn dat u ons <strong>schrijft</strong>." in mail.text
    assert "Hallo C-2026-0412</h1>" in mail.text
    plain = anna.client.post(address, data=typed | {"doe": "tekst"})
    assert "Fijn dat u ons schrijft." in plain.text
    wrong = anna.client.post(address, data=typed | {"tekst-body": "{knopp}"})
    assert "Regel 1: {knopp} kennen wij hier niet." in wrong.text
    assert "Wij hebben uw vraag" in anna.client.get(address).text
    assert own(office) == {}
    assert anna.client.post(address, data={"tekst-body": OWN}).status_code == 400


def test_a_trial_goes_to_oneself_only_and_keeps_nothing(
    office: Office, anna: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    form = form_of(anna).fill({"Tekst": OWN, "Onderwerp": "Dank u wel ({nummer})"})
    page = form.submit("Stuur mij een proef")
    assert "Wij sturen de proef naar anna@example.nl." in page.text
    assert page.form("Bewaar").value("Tekst") == OWN
    form.submit("Stuur mij een proef")  # pressed twice
    assert deliver_mail() == 1
    mail = mailbox.only("anna@example.nl")
    assert mail.message["Subject"] == "Proef: Dank u wel (C-2026-0412)"
    assert "Fijn dat u ons schrijft." in mail.part("text/plain")
    assert own(office) == {}
    page.form("Bewaar").fill({"Onderwerp": "Tot ziens"}).submit("Stuur mij een proef")
    assert deliver_mail() == 1


def test_a_mail_speaks_the_firms_own_words_in_both_parts_and_in_each_language(
    office: Office, anna: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    save(anna)
    english = form_of(anna, RECEIVED.replace("/nl", "/en"))
    english.fill({"Onderwerp": "Thanks {nummer}", "Tekst": OWN}).submit()
    office.asked("Mag het <b>anders</b>?", email="a@gemeente.example", name="Jo *Ster* <i>")
    office.asked(email="b@gemeente.example", language="en")
    assert deliver_mail() == 4
    mail = mailbox.only("a@gemeente.example")
    assert str(mail.message["Subject"]).startswith("Dank u wel (C-2026-")
    plain, rich = plain_of(mail), mail.part("text/html")
    assert "Beste Jo *Ster* <i>,\n\nFijn dat u ons schrijft.\nRik de Wit antwoordt uiterlijk" in plain
    assert "Mag het <b>anders</b>?" in plain
    assert "<p>Beste Jo *Ster* &lt;i&gt;,</p>" in rich
    assert "Fijn dat u ons <strong>schrijft</strong>." in rich
    assert "/v/" in plain
    assert "Bekijk uw vraag</a>" in rich
    assert "omdat u ons iets vroeg" in rich
    mail = mailbox.only("b@gemeente.example")
    assert str(mail.message["Subject"]).startswith("Thanks C-2026-")
    assert "Rik de Wit will answer by" in mail.part("text/plain")
    assert "View your question</a>" in mail.part("text/html")


def test_a_talk_has_a_text_for_each_receiver(
    office: Office, anna: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    form_of(anna, "/beheer/teksten/booking-confirmed.visitor/nl").fill(
        {"Onderwerp": "Tot {dag}", "Tekst": "Tot dan, {naam}!\n\n{gegevens}\n{knop}"}
    ).submit()
    office.planned(NOW.replace(day=20), guests=("bas@gemeente.example",))
    deliver_mail()
    mail = mailbox.only("joke@gemeente.example")
    assert mail.message["Subject"] == "Tot vrijdag 20 november"
    assert "Tot dan, Joke Jansen!\n\nWanneer: vrijdag 20 november 2026" in plain_of(mail)
    assert "METHOD:REQUEST" in mail.part("text/calendar")
    assert "Tot dan" not in mailbox.only("bas@gemeente.example").part("text/plain")
    assert mailbox.only("rik@example.nl").message["Subject"] == "Uw afspraak op vrijdag 20 november"


def test_a_text_that_does_not_fit_any_more_is_never_sent_and_the_coordinator_sees_it(
    office: Office, anna: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    save(anna)
    with office.transaction() as session:
        session.execute(update(TextVersion).values(body=OWN.replace("{bureau}", "{vestiging}")))
    office.asked(email="a@gemeente.example")
    deliver_mail()
    assert str(mailbox.only("a@gemeente.example").message["Subject"]).startswith("Wij hebben uw vraag (")
    page = anna.open("/beheer/").follow("1 eigen tekst past niet meer. Wij sturen de standaardtekst.")
    assert "Deze teksten passen niet meer" in page.text
    page = page.follow("Een vraag komt binnen, voor de bezoeker (Nederlands)")
    assert "Regel 10: {vestiging} kennen wij hier niet." in page.text
    page.form("Terug naar de standaardtekst").submit()
    refused = anna.open(RECEIVED).form("Zet versie 1 terug").submit(status=422)
    assert "{vestiging}" in refused.form("Bewaar").value("Tekst")
    page = refused.form("Bewaar").fill({"Tekst": OWN}).submit()
    assert own(office) == {("enquiry-received.visitor", "nl"): OWN}


@pytest.mark.both_databases
def test_the_second_of_two_coordinators_sees_what_changed_and_loses_nothing(
    office: Office, anna: Visitor
) -> None:
    mirte = office.enter("mirte")
    ready, late = form_of(mirte), anna.open(RECEIVED)
    save(anna)
    theirs = OWN.replace("Beste", "Hallo")
    page = ready.fill({"Tekst": theirs}).submit(status=422)
    assert "Iemand anders heeft dit intussen bewaard." in page.text
    assert "Fijn dat u ons **schrijft**." in page.text
    assert page.form("Bewaar").value("Tekst") == theirs
    assert own(office) == {("enquiry-received.visitor", "nl"): OWN}
    back = anna.open(RECEIVED)
    page.form("Bewaar").submit()
    assert own(office) == {("enquiry-received.visitor", "nl"): theirs}
    page = back.form("Terug naar de standaardtekst").submit()
    assert "Iemand anders heeft deze tekst intussen bewaard." in page.text
    assert own(office) == {("enquiry-received.visitor", "nl"): theirs}
    assert late.heading == "Een vraag komt binnen"


def test_pages_speak_the_firms_own_words(office: Office, anna: Visitor) -> None:
    for key, body in {
        "page-question-intro": "Vraag het **ons**, of bel {telefoon}.",
        "page-question-received": "Dank u wel. {belofte}",
    }.items():
        page = form_of(anna, f"/beheer/teksten/{key}/nl").fill({"Tekst": body}).submit()
        assert "Het is bewaard." in page.text
    asked = anna.open("/vraag")
    assert "Vraag het ons , of bel 020 123 4567." in asked.text
    form = asked.form("Verstuur uw vraag").choose("Rik de Wit")
    form.fill({"Uw vraag": "Hoe?", "Uw naam": "Jo", "Uw e-mailadres": "jo@gemeente.nl"})
    assert "Dank u wel. Rik de Wit antwoordt uiterlijk" in form.submit().text
    assert anna.client.get("/beheer/teksten/page-question-received/nl/voorbeeld").status_code == 200
    assert "Dank u wel" not in anna.open("/vraag?taal=en").text


def test_what_there_is_not_is_not_found(office: Office, anna: Visitor) -> None:
    for address in ("niets/nl", "enquiry-received.visitor/de", "enquiry-assigned.colleague/en"):
        anna.open(f"/beheer/teksten/{address}", status=404)
    with office.transaction() as session:
        assert not session.query(OutgoingMail).count()


def test_the_pages_after_planning_and_signing_up_speak_them_too(
    office: Office, anna: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    for key, body in {
        "page-booking-confirmed": "Tot {moment}! {adviseur} schrijft naar {adres}.",
        "page-seat-signed-up": "Leuk dat u komt naar {bijeenkomst}.",
    }.items():
        form_of(anna, f"/beheer/teksten/{key}/nl").fill({"Tekst": body}).submit()
    office.planned(NOW.replace(day=20))
    deliver_mail()
    (link,) = re.findall(r"/a/[\w-]{43}", plain_of(mailbox.only("joke@gemeente.example")))
    page = anna.open(f"{link}?nieuw=1")
    assert "11.30 uur! Rik de Wit schrijft naar joke@gemeente.example." in page.text
    with office.transaction() as session:
        rik = session.query(Advisor).filter_by(slug="rik").one()
        starts_at = NOW.replace(day=27)
        group = group_rows.plan(session, office.settings, (rik,), starts_at=starts_at, now=NOW)
        address = f"/bijeenkomst/{group.slug}/aangemeld"
        title = group.title
    assert f"Leuk dat u komt naar {title}." in anna.open(address).text
