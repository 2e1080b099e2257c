"""Two questions that were merged by mistake become two again, each with its thread and its promise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from consult import clock
from consult.contact import services as contact
from consult.contact.tending import merge_undo

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

pytestmark = pytest.mark.both_databases


def stands(office: Office, *references: str) -> list[tuple[Any, ...]]:
    """State, promise, warning and the thread of each question."""
    with office.transaction() as session:
        found = [contact.by_reference(session, each) for each in references]
        return [
            (
                each.state,
                each.urgent,
                each.answer_by,
                each.due_soon_at,
                [entry.body for entry in each.messages],
            )
            for each in found
            if each is not None
        ]


def merged(rik: Visitor, source: str, target: str, opening: str) -> Page:
    form = rik.open(f"/werkplek/vragen/{source}").form("Voeg samen")
    return form.choose(f"{target}: {opening}").submit()


def test_a_merge_is_undone_at_once_and_nothing_is_lost(office: Office, rik: Visitor) -> None:
    older = office.asked("De eerste vraag.", ago=timedelta(days=2))
    newer = office.asked("Een andere vraag.", urgent=True, needs="Vandaag een plan.")
    rik.open(f"/werkplek/vragen/{newer}").form("Bewaar de notitie").fill(
        {"Uw notitie": "Eerst bellen."}
    ).submit()
    before = stands(office, older, newer)
    page = merged(rik, newer, older, "De eerste vraag.")
    assert f"Vraag {newer} is hierin opgegaan." in page.text
    assert stands(office, older, newer) != before
    rik.open(f"/werkplek/vragen/{older}").form("Bewaar de notitie").fill({"Uw notitie": "Later."}).submit()
    again = page.form("Maak ongedaan").submit()
    assert again.address == f"/werkplek/vragen/{newer}"
    assert f"Rik de Wit heeft vraag {newer} weer losgemaakt van {older}." in again.text
    older_now, newer_now = stands(office, older, newer)
    assert newer_now == before[1]
    assert older_now == (*before[0][:4], ["Later."])
    page.form("Maak ongedaan").submit(status=409)
    assert stands(office, older, newer) == [older_now, newer_now]
    assert (
        merged(rik, newer, older, "De eerste vraag.").form("Maak ongedaan").submit().address.endswith(newer)
    )


def test_a_chain_comes_apart_link_by_link(office: Office, rik: Visitor) -> None:
    first, second, third = (office.asked(f"Vraag {number}.") for number in (1, 2, 3))
    merged(rik, third, second, "Vraag 2.")
    merged(rik, second, first, "Vraag 1.")
    assert sorted(stands(office, first)[0][4]) == ["Vraag 2.", "Vraag 3."]
    rik.open(f"/werkplek/vragen/{second}").form("Maak los").submit()
    assert [each[4] for each in stands(office, first, second, third)] == [[], ["Vraag 3."], []]
    rik.open(f"/werkplek/vragen/{third}").form("Maak los").submit()
    assert [each[0] for each in stands(office, first, second, third)] == ["open"] * 3


def test_what_was_decided_since_stays(office: Office, rik: Visitor) -> None:
    older, newer = office.asked("De eerste vraag."), office.asked("Nog eens.")
    merged(rik, newer, older, "De eerste vraag.")
    rik.open(f"/werkplek/vragen/{older}").form("Rond de vraag af").submit()
    rik.open(f"/werkplek/vragen/{newer}").form("Maak los").submit()
    assert [each[0] for each in stands(office, older, newer)] == ["closed", "open"]
    with office.transaction() as session:
        other = contact.by_reference(session, older)
        assert other is not None
        with pytest.raises(merge_undo.CannotBeUndone):
            merge_undo.unmerge(session, other, actor="advisor:1", now=clock.now())


def test_a_colleague_undoes_nothing(office: Office, rik: Visitor) -> None:
    older, newer = office.asked("De eerste vraag.", ago=timedelta(hours=1)), office.asked("Nog eens.")
    merged(rik, newer, older, "De eerste vraag.")
    sam = office.enter("sam")
    assert "Maak los" not in sam.open(f"/werkplek/vragen/{newer}").text
    assert "Maak ongedaan" not in sam.open(f"/werkplek/vragen/{older}?samengevoegd={newer}").text
