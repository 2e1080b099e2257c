"""Several questions at once, filters in the address, and the mail of the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import Channel, Enquiry, EnquiryState
from consult.desk.today import digest
from consult.outbox.message import StoredMessage
from consult.outbox.models import OutgoingMail
from consult.people.models import Organisation

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

INBOX = "/werkplek/vragen"


def states(office: Office) -> dict[str, tuple[str, bool]]:
    """Who asked → the state, and whether it is put off."""
    with office.transaction() as session:
        rows = session.execute(select(Enquiry.name, Enquiry.state, Enquiry.snoozed_until))
        return {name: (state, until is not None) for name, state, until in rows}


def ticked(page: Page, *references: str) -> Form:
    form = page.form("Rond af")
    form.values["vraag"] = list(references)
    return form


def test_several_questions_are_closed_put_off_handed_over_or_spam_in_one_act(
    office: Office, rik: Visitor
) -> None:
    one, two, three, four = (office.asked(name=name) for name in ("Een", "Twee", "Drie", "Vier"))
    of_sam = office.asked(name="Van Sam", of="sam")
    page = rik.open(INBOX)
    nothing = ticked(page).submit("Rond af", status=422)
    assert "Vink eerst een of meer vragen aan." in nothing.text
    page = ticked(page, one, of_sam).submit("Rond af")
    assert "1 vraag is afgerond. 1 vraag kan dit niet." in page.text
    no_day = ticked(page, two).submit("Stel de vragen uit", status=422)
    assert "Kies tot wanneer u de vragen uitstelt." in no_day.text
    form = ticked(page, two).fill({"Uitstellen tot": "2026-11-25"})
    page = form.submit("Stel de vragen uit")
    form = (
        ticked(page, three)
        .choose("Sam Bos")
        .fill({"Reden": "Sam kent ze.", "Wat moet uw collega weten?": "Bellen mag."})
    )
    page = form.submit("Draag de vragen over")
    assert "1 vraag is overgedragen." in page.text
    page = ticked(page, four).submit("Zet bij spam")
    assert states(office) == {
        "Een": (EnquiryState.CLOSED, False),
        "Twee": (EnquiryState.OPEN, True),
        "Drie": (EnquiryState.OPEN, False),
        "Vier": (EnquiryState.HELD, False),
        "Van Sam": (EnquiryState.OPEN, False),
    }
    page = page.form("Maak ongedaan").submit()
    assert "1 vraag is terug." in page.text
    assert states(office)["Vier"] == (EnquiryState.OPEN, False)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("kanaal=phone", ["Beller"]),
        ("haast=1", ["Haast"]),
        ("te_laat=1", ["Laat"]),
        ("kanaal=phone&haast=1", []),
        ("kanaal=onzin&thema=x&bladzijde=0", ["Laat", "Haast", "Beller"]),
    ],
    ids=["a channel", "what cannot wait", "what is late", "both", "nonsense narrows nothing"],
)
def test_filters_stand_in_the_address(office: Office, rik: Visitor, narrowed: str, found: list[str]) -> None:
    office.asked(name="Beller", channel=Channel.PHONE, phone="+31612345678", email=None)
    office.asked(name="Haast", urgent=True)
    office.asked(name="Laat", ago=timedelta(days=9))
    page = rik.open(f"{INBOX}?{narrowed}")
    listed = [item.first("strong").text for item in page.tree.all("li") if item.first("label")]
    assert sorted(listed) == sorted(found)
    if not found:
        assert page.follow("Wis de filters").address == f"{INBOX}?weergave=mijn"


WEDNESDAY_EIGHT = datetime(2026, 11, 18, 7, tzinfo=UTC)


@pytest.mark.both_databases
def test_each_advisor_with_work_gets_one_mail_in_the_morning_without_a_word_about_whom(
    office: Office,
) -> None:
    office.asked("Een geheime vraag.", name="Joke Jansen", ago=timedelta(days=9))
    office.planned(WEDNESDAY_EIGHT + timedelta(hours=6), name="Piet Pieters")
    settings, at = office.settings, WEDNESDAY_EIGHT + timedelta(minutes=1)
    assert [digest.run_round(office.transaction, settings, now=at) for _ in range(2)] == [1, 0]
    with office.transaction() as session:
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.event == "desk-digest")).one()
        body = StoredMessage(mail.raw, sender=mail.sender, recipient=mail.recipient).body or ""
        assert mail.recipient == "rik@example.nl"
    assert "1 open vraag. 1 is te laat." in body
    assert "1 gesprek vandaag." in body
    assert "/werkplek/" in body
    assert not any(word in body for word in ("Joke", "Piet", "geheime"))
    assert digest.run_round(office.transaction, settings, now=at + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (WEDNESDAY_EIGHT - timedelta(minutes=1), "before eight"),
        (WEDNESDAY_EIGHT + timedelta(hours=5), "in the afternoon it is no use"),
        (WEDNESDAY_EIGHT + timedelta(days=3), "on a Saturday"),
        (datetime(2026, 12, 25, 8, tzinfo=UTC), "at Christmas, a Friday"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_there_is_no_morning_mail(office: Office, at: datetime, why: str) -> None:
    office.asked()
    assert digest.run_round(office.transaction, office.settings, now=at) == 0, why


def test_an_organisation_that_nobody_spoke_to_stands_on_its_owners_vandaag(
    office: Office, rik: Visitor
) -> None:
    with office.transaction() as session:
        session.add(Organisation(name="Gemeente Raalte", owner_id=office.advisor_id(session, "rik")))
    page = rik.open("/werkplek/")
    assert "Lang niet gesproken" in page.text
    link = next(a for a in page.tree.all("a") if "Gemeente Raalte" in a.text)
    assert "nog nooit contact" in link.text
    assert "Niets gevonden" in rik.open(link.get("href")).text
    assert "Gemeente Raalte" not in office.enter("sam").open("/werkplek/").text
