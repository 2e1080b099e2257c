"""The rules page as a coordinator uses it: make, order, try, save, undo; and two coordinators at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.contact.models import RuleVersion
from consult.contact.rules.versions import current_version, rules_of, save_rules
from consult.contact.rules.written import RoutingRule
from consult.people.models import Advisor
from consult.people.municipalities import by_name
from consult.routing.rules import Conditions
from tests.support import rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def names_of(office: Office) -> list[str]:
    """The rules that count now."""
    with office.transaction() as session:
        return [each.name for each in rules_of(current_version(session))]


def on_page(page: Page) -> list[str]:
    return [heading.text for heading in page.tree.all("h2") if heading.text[:1].isdigit()]


def add(visitor: Visitor, name: str, *chosen: str, words: str = "") -> Page:
    form = visitor.open("/beheer/regels/nieuw").form("Zet in de lijst")
    form.fill({"Naam van de regel": name, "Woorden in de vraag": words}).choose(*chosen)
    return form.submit()


def save(visitor: Visitor) -> Page:
    return visitor.open("/beheer/regels/proef").form("Bewaar de regels").submit()


def test_a_coordinator_makes_orders_tries_and_saves_rules(office: Office, anna: Visitor) -> None:
    reference = office.asked("Wie weet iets over jeugdzorg?", of=None)
    assert "Er zijn nog geen regels." in anna.open("/beheer/regels").text
    page = add(anna, "Jeugd", "Sam Bos", words="jeugd*\nkind")
    assert "Uw wijzigingen gelden nog niet" in page.text
    assert "In de vraag staat “jeugd*” of “kind”." in page.text
    assert "Dan gaat de vraag naar Sam Bos." in page.text
    page = add(anna, "Altijd Mirte", "Mirte Smit")
    page = page.form("Omhoog Altijd Mirte").submit("Omhoog Altijd Mirte")
    assert on_page(page) == ["1. Altijd Mirte", "2. Jeugd"]
    assert "“Altijd Mirte” staat hierboven en past altijd al eerder." in page.text
    page = page.form("Omlaag Altijd Mirte").submit("Omlaag Altijd Mirte")
    assert on_page(page) == ["1. Jeugd", "2. Altijd Mirte"]
    assert names_of(office) == []
    tried = page.follow("Bekijk wat er verandert")
    assert "1 vraag is opnieuw bekeken." in tried.text
    assert reference in tried.text
    assert "Regel “Jeugd”" in tried.text
    assert "De regels zijn bewaard." in tried.form("Bewaar de regels").submit().text
    assert names_of(office) == ["Jeugd", "Altijd Mirte"]


def test_a_rule_is_changed_switched_off_and_taken_away(office: Office, anna: Visitor) -> None:
    add(anna, "Jeugd", "Sam Bos", "per telefoon", words="jeugd")
    save(anna)
    page = anna.open("/beheer/regels")
    form = page.follow("Wijzig Jeugd").form("Zet in de lijst")
    assert form.value("Woorden in de vraag") == "jeugd"
    page = form.fill({"Gemeenten": "den haag\nUtrecht"}).submit()
    assert "De gemeente is 's-Gravenhage of Utrecht." in page.text
    page = page.form("Zet uit Jeugd").submit("Zet uit Jeugd")
    assert on_page(page) == ["1. Jeugd Uit"]
    save(anna)
    page = anna.open("/beheer/regels").form("Verwijder Jeugd").submit("Verwijder Jeugd")
    save(anna)
    assert names_of(office) == []


def test_mistakes_in_a_rule_are_told_at_the_field(anna: Visitor) -> None:
    form = anna.open("/beheer/regels/nieuw").form("Zet in de lijst")
    page = form.fill({"Gemeenten": "Utrecht\nNergenshuizen", "Woorden in de vraag": "?!"}).submit(status=422)
    assert page.errors["regel-name"] == "Geef de regel een naam."
    assert page.errors["regel-municipalities"] == "Deze gemeente kennen wij niet: Nergenshuizen."
    assert page.errors["regel-words"] == "Hier staat geen woord in: ?!."
    assert page.errors["regel-advisor_ids"] == "Kies een adviseur of een team."
    assert page.form("Zet in de lijst").value("Gemeenten") == "Utrecht\nNergenshuizen"


def test_an_older_version_comes_back_and_is_a_new_one(office: Office, anna: Visitor) -> None:
    add(anna, "Jeugd", "Sam Bos", words="jeugd")
    save(anna)
    add(anna, "Wijken", "Rik de Wit", words="wijk*")
    save(anna)
    page = anna.open("/beheer/regels/versies")
    assert "Nieuw: Wijken." in page.text
    assert "anna@example.nl" in page.text
    tried = page.form("Zet versie 1 terug").submit()
    assert "U zet versie 1 terug." in tried.text
    assert "Weg: Wijken." in tried.text
    tried.form("Bewaar de regels").submit()
    assert names_of(office) == ["Jeugd"]
    assert "gelijk aan versie 1" in anna.open("/beheer/regels/versies").text
    with office.transaction() as session:
        assert session.query(RuleVersion).count() == 3


@pytest.mark.both_databases
def test_the_second_of_two_coordinators_sees_what_changed_and_loses_nothing(
    office: Office, anna: Visitor
) -> None:
    add(anna, "Jeugd", "Sam Bos", words="jeugd")
    save(anna)
    mirte = office.enter("mirte")
    add(mirte, "Van Mirte", "Mirte Smit", words="buurt")
    ready = mirte.open("/beheer/regels/proef").form("Bewaar de regels")
    add(anna, "Van Anna", "Rik de Wit", words="wijk")
    save(anna)
    refused = ready.submit(status=409)
    assert "Iemand anders heeft de regels intussen bewaard" in refused.text
    assert "Nieuw: Van Anna." in refused.text
    assert names_of(office) == ["Jeugd", "Van Anna"]
    page = refused.form("Neem over wat bewaard is").submit()
    assert on_page(page) == ["1. Jeugd", "2. Van Mirte", "3. Van Anna"]
    save(mirte)
    assert names_of(office) == ["Jeugd", "Van Mirte", "Van Anna"]


def test_what_was_not_looked_at_is_not_saved(office: Office, anna: Visitor) -> None:
    add(anna, "Jeugd", "Sam Bos", words="jeugd")
    ready = anna.open("/beheer/regels/proef").form("Bewaar de regels")
    add(anna, "Wijken", "Rik de Wit", words="wijk")
    page = ready.submit(status=409)
    assert "De regels zijn anders dan u net zag." in page.text
    assert names_of(office) == []


def test_own_changes_can_be_thrown_away(anna: Visitor) -> None:
    page = add(anna, "Jeugd", "Sam Bos", words="jeugd")
    page = page.form("Gooi mijn wijzigingen weg").submit()
    assert "Er zijn nog geen regels." in page.text


def test_the_simulator_shows_every_step(office: Office, anna: Visitor) -> None:
    add(anna, "Jeugd", "Sam Bos", words="jeugd*")
    save(anna)
    form = anna.open("/beheer/simulator").form("Wie krijgt deze vraag?")
    page = form.fill({"Woorden van de vraag": "Iets over jeugdzorg"}).choose("Dit heeft haast").submit()
    assert "Beslist door: Regel “Jeugd”." in page.text
    assert "Sam Bos was beschikbaar." in page.text
    assert "Dit heeft haast. Gewaarschuwd: Sam Bos" in page.text
    page = page.form("Wie krijgt deze vraag?").choose("Rik de Wit").submit()
    assert "Beslist door: Keuze van de bezoeker." in page.text
    page = page.form("Wie krijgt deze vraag?").fill({"Organisatie": "Nergens BV"}).submit()
    assert "Wij kennen “Nergens BV” niet." in page.text


def test_what_can_never_work_is_told_at_its_rule(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        ede = by_name("Ede")
        assert ede is not None
        never = Conditions(municipality_codes=frozenset({ede.code}), provinces=frozenset({"Zeeland"}))
        listed = [
            RoutingRule(name="Nooit", conditions=never, advisor_ids=(rik,)),
            RoutingRule(name="Weg", conditions=Conditions(words=frozenset({"weg"})), advisor_ids=(sam,)),
        ]
        save_rules(session, listed, based_on=0, by="account:1", now=rows.NOW)
        session.get_one(Advisor, sam).active = False
    told = [each.text for each in anna.open("/beheer/regels").tree.all("li", id="regel-1")]
    assert "Deze regel past nooit." in told[0]
    told = [each.text for each in anna.open("/beheer/regels").tree.all("li", id="regel-2")]
    assert "Sam Bos werkt hier niet meer." in told[0]
