"""Too fast, and data of residents: the visitor is asked to look once more, and never loses a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult.contact.models import Enquiry
from consult.web.personal_data import PersonalData, is_bsn, personal_data_in
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Form

ASK = "Verstuur uw vraag"
QUESTION = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke Jansen", "Uw e-mailadres": "joke@gemeente.nl"}
TOO_FAST = "Dat ging erg snel. Kijk uw antwoorden na en verstuur ze nog een keer."
HINT = "Wilt u dit weglaten?"
BSN, BORN, CASE = PersonalData.BSN, PersonalData.BIRTH_DATE, PersonalData.CASE


def filled_in(visitor: Visitor, address: str = "/vraag") -> Form:
    return visitor.open(address).form(ASK).fill(QUESTION)


def questions(transaction: Transaction) -> int:
    with transaction() as session:
        return session.scalars(select(func.count()).select_from(Enquiry)).one()


@pytest.mark.parametrize("address", ["/vraag", "/embed/polarisatie"])
def test_what_comes_within_seconds_is_asked_for_once_more_and_then_taken(
    make_settings: MakeSettings, address: str, firm: None, transaction: Transaction
) -> None:
    start = datetime.now(UTC)
    with running(make_settings(form_seconds=3)) as app, time_machine.travel(start, tick=False) as time:
        form = filled_in(Visitor(app.test_client()), address)
        time.shift(timedelta(seconds=1))
        again = form.submit(status=422)
        assert TOO_FAST in again.text
        assert again.form(ASK).value("Uw vraag") == QUESTION["Uw vraag"]
        # The form's age goes on: who presses again is not too fast a second time.
        time.shift(timedelta(seconds=2))
        assert again.form(ASK).submit().heading == "Wij hebben uw vraag"
    assert questions(transaction) == 1


@pytest.mark.parametrize(
    ("told", "text", "found"),
    [
        ("nothing", "Hoe begin ik een wijkgesprek?", ()),
        ("a service number", "Het gaat om 111222333.", (BSN,)),
        ("with dots", "BSN 1112.22.333", (BSN,)),
        ("nine digits that are none", "Het gaat om 111222334.", ()),
        ("nought", "000000000", ()),
        ("a mobile number", "Bel 0612345678 of 06 1234 5678.", ()),
        ("an amount", "Wij hebben 111.222.333,00 euro.", ()),
        ("a day of birth", "Hij is geboren op 3 maart 2009.", (BORN,)),
        ("in figures", "geb. 03-03-2009", (BORN,)),
        ("another day", "Op 3 maart 2024 was er een demonstratie.", ()),
        ("a case", "Zie zaaknummer 2024-00123.", (CASE,)),
        ("a case by its letter", "Zie Z-24-001234 in ons systeem.", (CASE,)),
        ("a case without a number", "Deze zaak speelt sinds 2019.", ()),
        ("a file", "dossier: AB-12345", (CASE,)),
        ("in English", "born 3 March 2009, case no. 12345", (BORN, CASE)),
    ],
)
def test_what_looks_like_data_of_a_resident(told: str, text: str, found: tuple[PersonalData, ...]) -> None:
    assert personal_data_in(text) == found, told


@given(st.integers(10_000_000, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number: int, place: int, by: int) -> None:
    """The test of eleven finds every single wrong digit: the weights are no multiples of eleven."""
    digits = f"{number:09d}"
    changed = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not (is_bsn(digits) and is_bsn(changed)) or changed == digits


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("address", ["/vraag", "/embed/polarisatie"])
@pytest.mark.parametrize("button", ["Verstuur toch", ASK])
def test_a_number_of_a_resident_is_asked_about_once_and_never_refused(
    visitor: Visitor, transaction: Transaction, address: str, button: str
) -> None:
    text = "Het gaat om 111222333 en Z-24-001234."
    page = filled_in(visitor, address).fill({"Uw vraag": text}).submit(ASK)
    assert HINT in page.text
    assert "een burgerservicenummer (BSN)" in page.text
    assert "een zaaknummer" in page.text
    assert questions(transaction) == 0
    form = page.form(ASK)
    assert form.value("Uw vraag") == text
    assert form.submit(button).heading == "Wij hebben uw vraag"
    assert questions(transaction) == 1


@pytest.mark.usefixtures("firm")
def test_an_addition_is_looked_at_in_the_same_way(visitor: Visitor) -> None:
    own = filled_in(visitor).submit().follow("Bekijk uw vraag")
    text = "Hij is geboren op 3 maart 2009."
    page = own.form("Verstuur uw bericht").fill({"Uw bericht": text}).submit()
    assert HINT in page.text
    assert text in page.form("Verstuur uw bericht").submit("Verstuur toch").text
