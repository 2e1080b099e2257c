"""Kinds of talk as a coordinator keeps them; what contradicts is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.models import MeetingType

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


@pytest.mark.both_databases
def test_a_kind_of_talk_is_made_and_changed(office: Office, anna: Visitor) -> None:
    form = anna.open("/beheer/gesprekken/nieuw").form("Bewaar")
    answers = {"Naam": "Koffiebezoek", "Naam in het Engels": "Coffee", "Lengte in minuten": "45"}
    form.fill(answers | {"Meeste per adviseur per dag": ""}).choose("visit", "Kan ook als reeks")
    page = form.submit()
    assert page.heading == "Koffiebezoek"
    assert "Het is bewaard." in page.text
    with office.transaction() as session:
        rik = office.advisor_id(session, "rik")
        sam = office.advisor_id(session, "sam")
    form = page.form("Bewaar").fill({"Wie leidt het gesprek?": str(sam)})
    form.values["gesprek-host_ids"] = [str(rik)]
    page = form.submit()
    with office.transaction() as session:
        made = session.scalars(select(MeetingType).where(MeetingType.slug == "koffiebezoek")).one()
        assert (made.minutes, made.per_day, made.series, made.places) == (45, None, True, ["visit"])
        assert made.host_ids == [sam, rik]
    assert page.form("Bewaar").value("Wie leidt het gesprek?") == str(sam)
    assert "met vaste adviseurs" in anna.open("/beheer/gesprekken").text


def test_what_can_never_work_is_told_and_kept(anna: Visitor) -> None:
    form = anna.open("/beheer/gesprekken").follow("Sparsessie").form("Bewaar")
    answers = {"Meeste per adviseur per dag": "9", "Meeste per adviseur per week": "3"}
    page = form.fill(answers).submit()
    assert "Dit kan zo niet werken" in page.text
    assert "Het is bewaard." in page.text
    assert "Sparsessie" in anna.open("/beheer/gesprekken").text


def test_mistakes_are_told_at_the_field(office: Office, anna: Visitor) -> None:
    form = anna.open("/beheer/gesprekken/nieuw").form("Bewaar")
    with office.transaction() as session:
        rik = office.advisor_id(session, "rik")
    form.values["gesprek-host_ids"] = [str(rik)]
    page = form.fill({"Lengte in minuten": "2"}).submit(status=422)
    assert page.errors["gesprek-minutes"] == "Vul een getal in van 5 tot 480."
    assert page.errors["gesprek-places"] == "Kies een plek."
    assert page.errors["gesprek-leader_id"] == "Kies wie het gesprek leidt."


def test_a_kind_with_talks_stays_and_one_without_goes(office: Office, anna: Visitor) -> None:
    office.planned(datetime(2026, 11, 20, 10, tzinfo=UTC))
    page = anna.open("/beheer/gesprekken").follow("Sparsessie")
    page = page.form("Verwijder dit gesprek").submit(status=409)
    assert "Er is 1 gesprek van dit soort gepland." in page.text
    form = anna.open("/beheer/gesprekken/nieuw").form("Bewaar")
    page = form.fill({"Naam": "Kort", "Naam in het Engels": "Short"}).choose("phone").submit()
    page.form("Verwijder dit gesprek").submit()
    assert "Kort" not in anna.open("/beheer/gesprekken").text


def test_kinds_stand_in_the_order_that_visitors_see(office: Office, anna: Visitor) -> None:
    form = anna.open("/beheer/gesprekken/nieuw").form("Bewaar")
    form.fill({"Naam": "Kort", "Naam in het Engels": "Short"}).choose("video").submit()
    page = anna.open("/beheer/gesprekken").form("Omhoog Kort").submit("Omhoog Kort")
    assert [row.text for row in page.tree.all("th") if row.get("scope") == "row"] == ["Kort", "Sparsessie"]
    visitor = anna.open("/afspraak/rik").text
    assert visitor.index("Kort") < visitor.index("Sparsessie")
