from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult import clock
from consult.people.models import Advisor
from tests.support import group_rows
from tests.support.group_rows import STARTS

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

PAGE = "/werkplek/bijeenkomsten"
SESSION = f"{PAGE}/wijkgesprek"


@pytest.fixture
def planned(office: Office) -> None:
    """Rik hosts a session of two seats; Ans and Bas come, Cas waits."""
    with office.transaction() as session:
        rik = session.get_one(Advisor, office.advisor_id(session, "rik"))
        group = group_rows.plan(session, office.settings, (rik,))
        for who in ("Ans", "Bas", "Cas"):
            group_rows.seat(session, office.settings, group, who, organisation="Utrecht")


@pytest.mark.usefixtures("planned")
def test_a_host_sees_who_comes_and_who_waits(rik: Visitor) -> None:
    listed = rik.open(PAGE)
    assert "2 van 2 plaatsen bezet, 1 wachten" in listed.text
    shown = rik.open(SESSION)
    rows = [row.text for row in shown.tree.all("tr")][1:]
    assert [row.split()[0] for row in rows] == ["Ans", "Bas", "Cas"]
    assert "Heeft een plaats" in rows[0]
    assert "Wacht op een plaats" in rows[2]


@pytest.mark.usefixtures("planned")
def test_a_coordinator_sees_it_too_and_another_advisor_does_not(office: Office) -> None:
    assert "Ans" in office.enter("anna").open(SESSION).text
    sam = office.enter("sam")
    assert "Kennissessie" in sam.open(PAGE).text
    refused = sam.open(SESSION, status=403)
    assert "Ans" not in refused.text


@pytest.mark.usefixtures("planned")
def test_what_is_over_stands_apart(office: Office, rik: Visitor) -> None:
    assert "Er is nog geen bijeenkomst geweest." in rik.open(f"{PAGE}?weergave=geweest").text
    clock.start_at(STARTS.replace(day=4))
    later = office.enter("rik")
    assert "Er staat geen bijeenkomst gepland." in later.open(PAGE).text
    assert "Kennissessie" in later.open(f"{PAGE}?weergave=geweest").text
