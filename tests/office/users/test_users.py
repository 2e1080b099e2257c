from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.models import Activity
from consult.office.guard import Coordinator
from consult.office.users.accounts import NoLongerCoordinator, hold
from consult.people.accounts import Account
from tests.desk.conftest import NOW, PASSWORD, Office
from tests.desk.test_statements import counted
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Page

HERE = "/beheer/gebruikers"
ADVISOR = "Adviseur: beantwoordt vragen en voert gesprekken"
COORDINATOR = "Coördinator: houdt alles van Beheer bij"
OPERATOR = "Techniek: houdt de installatie en de API-sleutels bij"
OFF, ON = "Zet dit account uit", "Zet dit account aan"


def invited(visitor: Visitor, email: str, *roles: str, status: int = 200) -> Page:
    form = visitor.open(HERE).follow("Nodig iemand uit").form("Verstuur de uitnodiging")
    return form.fill({"E-mailadres": email}).choose(*roles).submit(status=status)


def link_in(mailbox: Mailbox, deliver: DeliverMail, address: str) -> str:
    deliver()
    text = mailbox.to(address)[-1].message.get_body(("plain",)).get_content()
    return re.search(r"http://localhost(\S+)", text)[1]  # type: ignore[index]  # (there is one)


def chosen(office: Office, link: str) -> None:
    """Who was invited chooses a password."""
    form = Visitor(office.app.test_client()).open(link).form()
    form.fill({name: PASSWORD for name in form.values if "password" in name}).submit()


def acts(office: Office, number: int) -> list[tuple[str, str]]:
    with office.transaction() as session:
        about = (Activity.subject_kind == "account", Activity.subject_id == number)
        found = session.scalars(select(Activity).where(*about).order_by(Activity.id))
        return [(each.what, each.actor) for each in found if each.what != "account.signed_in"]


def number_of(office: Office, name: str) -> int:
    with office.transaction() as session:
        return session.scalars(select(Account.id).where(Account.email == f"{name}@example.nl")).one()


@pytest.mark.both_databases
def test_a_colleague_is_invited_comes_in_gets_another_role_and_is_put_out(
    office: Office, anna: Visitor, mailbox: Mailbox, deliver_mail: DeliverMail
) -> None:
    page = invited(anna, "Rik@Example.nl", ADVISOR)
    assert (page.heading, "De uitnodiging is verstuurd." in page.text) == ("Rik de Wit", True)
    assert "Uitgenodigd" in anna.open(HERE).text
    first = link_in(mailbox, deliver_mail, "rik@example.nl")
    again = anna.open(page.address).form("Stuur de uitnodiging opnieuw").submit()
    assert "De uitnodiging is verstuurd." in again.text
    Visitor(office.app.test_client()).open(first, status=404)
    chosen(office, link_in(mailbox, deliver_mail, "rik@example.nl"))
    rik = office.enter("rik")
    rik.open("/werkplek/")
    rik.open(HERE, status=403)
    number = number_of(office, "rik")
    one = f"{HERE}/{number}"
    assert "18 november 2026" in anna.open(one).text
    anna.open(one).form("Bewaar").choose(COORDINATOR).submit()
    rik.open(HERE)
    anna.open(one).form("Bewaar").untick(COORDINATOR).submit()
    off = anna.open(one).form(OFF).submit()
    assert "Deze persoon is overal uitgelogd." in off.text
    assert "Er komen nog nieuwe vragen bij deze persoon." in off.text
    assert "/inloggen" in rik.open("/werkplek/").address
    office.enter("rik", status=422)
    anna.open(one).form(ON).submit()
    office.enter("rik").open("/werkplek/")
    by = f"account:{number_of(office, 'anna')}"
    told = [
        "invited",
        "invited",
        "password_changed",
        "roles_changed",
        "roles_changed",
        "switched_off",
        "switched_on",
    ]
    assert [what.removeprefix("account.") for what, _ in acts(office, number)] == told
    assert {actor for what, actor in acts(office, number) if "password" not in what} == {by}


def test_who_lost_telephone_and_password_begins_again(
    office: Office, anna: Visitor, mailbox: Mailbox, deliver_mail: DeliverMail
) -> None:
    sam = office.enter("sam")
    one = f"{HERE}/{number_of(office, 'sam')}"
    with office.transaction() as session:
        session.get_one(Account, number_of(office, "sam")).totp_secret = "sealed"
    assert "Code van de telefoon" in anna.open(one).text
    lost = "De telefoon is ook kwijt: vergeet de tweede stap"
    page = anna.open(one).form("Laat opnieuw beginnen").choose(lost).submit()
    assert "Deze persoon kiest een nieuw wachtwoord." in page.text
    assert "Code van de telefoon" not in page.text
    assert "/inloggen" in sam.open("/werkplek/").address
    chosen(office, link_in(mailbox, deliver_mail, "sam@example.nl"))
    office.enter("sam").open("/werkplek/")


def test_nobody_changes_the_own_account_and_the_last_coordinator_stays(office: Office, anna: Visitor) -> None:
    own = number_of(office, "anna")
    page = anna.open(f"{HERE}/{own}")
    assert "Uw eigen rol en account verandert een andere coördinator." in page.text
    form = anna.open(f"{HERE}/nieuw").form("Verstuur de uitnodiging")
    token = {"csrf_token": form.values["uitnodiging-csrf_token"][0]}
    refused = anna.client.post(f"{HERE}/{own}/uitzetten", data=token)
    assert refused.status_code == 409
    assert "U bent de enige coördinator." in refused.text
    office.enter("mirte")
    refused = anna.client.post(f"{HERE}/{own}/opnieuw", data=token)
    assert "Vraag het een andere coördinator." in refused.text
    assert acts(office, own) == []


def test_of_two_who_take_each_others_role_the_second_is_refused(office: Office, anna: Visitor) -> None:
    mirte = office.enter("mirte")
    here, there = f"{HERE}/{number_of(office, 'anna')}", f"{HERE}/{number_of(office, 'mirte')}"
    late = mirte.open(here).form(OFF)
    anna.open(there).form("Bewaar").untick(COORDINATOR).submit()
    late.submit(status=403)
    assert anna.open(here).heading == "anna@example.nl"


def test_who_lost_the_role_on_the_way_in_changes_nobody(office: Office, anna: Visitor) -> None:
    office.enter("mirte")
    let_in = Coordinator(number_of(office, "mirte"), "Mirte", None)
    anna.open(f"{HERE}/{let_in.account_id}").form("Bewaar").untick(COORDINATOR).submit()
    with office.transaction() as session, pytest.raises(NoLongerCoordinator):
        hold(session, number_of(office, "anna"), let_in)


def test_of_two_who_change_one_role_the_second_sees_what_stands_there(office: Office, anna: Visitor) -> None:
    office.enter("rik")
    mirte, one = office.enter("mirte"), f"{HERE}/{number_of(office, 'rik')}"
    late = mirte.open(one).form("Bewaar").choose(OPERATOR)
    anna.open(one).form("Bewaar").choose(COORDINATOR).submit()
    page = late.submit("Bewaar", status=422)
    assert "Iemand anders heeft dit intussen bewaard." in page.text
    assert f"{ADVISOR}, {COORDINATOR}" in page.text


@pytest.mark.parametrize(
    ("told", "email", "roles", "error"),
    [
        ("nothing typed", "", (ADVISOR,), "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."),
        ("no address", "rik bij ons", (ADVISOR,), "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."),
        ("no role", "rik@example.nl", (), "Kies wat deze persoon mag."),
        ("somebody has it", "ANNA@example.nl", (ADVISOR,), "Met dit adres kan al iemand inloggen."),
    ],
)
def test_a_wrong_invitation_is_told_and_kept(
    office: Office, anna: Visitor, told: str, email: str, roles: tuple[str, ...], error: str
) -> None:
    page = invited(anna, email, *roles, status=422)
    assert list(page.errors.values()) == [error], told
    assert page.form("Verstuur de uitnodiging").value("E-mailadres").lower() == email.lower()


def test_without_any_role_nothing_is_saved(office: Office, anna: Visitor) -> None:
    office.enter("rik")
    form = anna.open(f"{HERE}/{number_of(office, 'rik')}").form("Bewaar").untick(ADVISOR)
    assert list(form.submit(status=422).errors.values()) == ["Kies wat deze persoon mag."]


def test_an_advisor_without_profile_and_an_invitation_that_ran_out_are_told(
    office: Office, anna: Visitor
) -> None:
    invited(anna, "nieuw@example.nl", ADVISOR)
    clock.start_at(NOW + timedelta(days=4))
    page = office.enter("anna").open(HERE)
    assert "Uitnodiging verlopen" in page.text
    assert "Nog geen profiel" in page.text


def test_who_signed_in_a_while_ago_proves_who_it_is_before_anything_changes(
    office: Office, anna: Visitor
) -> None:
    office.enter("rik")
    one = f"{HERE}/{number_of(office, 'rik')}"
    form = anna.open(one).form(OFF)
    clock.start_at(NOW + timedelta(minutes=20))
    asked = form.submit()
    assert "/inloggen/opnieuw" in asked.address
    back = asked.form().fill({"Wachtwoord": PASSWORD}).submit()
    assert (back.heading, acts(office, number_of(office, "rik"))) == ("Rik de Wit", [])
    assert "Het account staat uit." in back.form(OFF).submit().text
    assert "/inloggen/opnieuw" not in anna.open(f"{HERE}/nieuw").address


def test_the_list_takes_the_same_few_statements_however_many_there_are(office: Office, anna: Visitor) -> None:
    counts = []
    for round_ in range(2):
        for number in range(5):
            invited(anna, f"collega{round_}{number}@example.nl", OPERATOR)
        with counted() as statements:
            assert "collega" in anna.open(HERE).text
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 15
