from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.test_booking_acts import TOMORROW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


@pytest.mark.parametrize(
    ("told", "at", "said"),
    [
        ("a talk", "2026-11-19T11:00", "Er is al een gesprek: 11.00 – 11.30 uur."),
        ("an evening", "2026-11-19T20:00", "Buiten werktijd"),
        ("yesterday", "2026-11-17T11:00", "Dit moment is voorbij."),
        ("a free moment", "2026-11-19T14:00", "Dit moment is vrij."),
    ],
)
def test_a_moment_says_why_it_is_not_free(
    office: Office, rik: Visitor, told: str, at: str, said: str
) -> None:
    del told
    office.planned(TOMORROW)
    page = rik.open("/werkplek/afspraken").follow("Waarom is een moment niet vrij?")
    assert said in page.form("Zoek het uit").fill({"Dag en tijd": at}).submit().text


def test_no_moment_is_a_mistake_at_its_field(rik: Visitor) -> None:
    for asked in ("op=", "op=gisteren", "soort=sparren"):
        page = rik.open(f"/werkplek/moment?soort=sparren&{asked}", status=422)
        assert list(page.errors.values()) == ["Kies een dag en een tijd."]
