"""The weekly mail: who gets it, when, once; and what a mail program makes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.contact.models import Enquiry
from consult.office.statistics import weekly
from consult.outbox.models import OutgoingMail
from tests.support import html

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.office.conftest import Office
    from tests.support.pages import Visitor

# Monday, 8.01 in Amsterdam; the week before it is week 47.
MONDAY = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def mails(office: Office) -> list[EmailMessage]:
    """The weekly mails in the outbox, as a mail program reads them."""
    with office.transaction() as session:
        query = (
            select(OutgoingMail.raw).where(OutgoingMail.event == "weekly-figures").order_by(OutgoingMail.id)
        )
        return [message_from_bytes(raw, policy=policy.default) for raw in session.scalars(query)]


def mailed(office: Office, at: datetime) -> int:
    return weekly.run_round(office.transaction, office.settings, now=at)


def ask_in_weeks(office: Office, *numbers: int) -> None:
    """So many questions in each of the weeks up to the last whole one."""
    for back, number in enumerate(reversed(numbers)):
        for each in range(number):
            reference = office.asked(name="Joke Jansen", question="Een geheime vraag.")
            asked_at = MONDAY - (7 * back + 4) * DAY + timedelta(minutes=each)
            with office.transaction() as session:
                session.execute(
                    update(Enquiry).where(Enquiry.reference == reference).values(asked_at=asked_at)
                )


@pytest.mark.both_databases
def test_who_coordinates_gets_last_weeks_figures_once(office: Office, anna: Visitor) -> None:
    for name in ("mirte", "rik"):
        office.enter(name)
    ask_in_weeks(office, 2, 4, 3)
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(lambda _each: mailed(office, MONDAY), range(4))) == 2
    assert [mailed(office, MONDAY + DAY * days) for days in range(7)] == [0] * 7
    found = mails(office)
    assert [each["To"].addresses[0].addr_spec for each in found] == ["anna@example.nl", "mirte@example.nl"]
    assert "16 nov 2026 tot en met 22 nov 2026" in found[0]["Subject"]
    assert mailed(office, MONDAY + 7 * DAY) == 2


def test_both_bodies_are_whole_and_name_nobody(office: Office, anna: Visitor) -> None:
    ask_in_weeks(office, 2, 4, 3)
    assert mailed(office, MONDAY) == 1
    [mail] = mails(office)
    plain, rich = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    tree, mistakes = html.read(rich)
    assert mistakes == []
    assert not list(tree.all("svg", "img", "script"))
    for text in (plain, tree.text):
        assert "25 % minder dan de week ervoor, toen 4" in text.replace("\xa0", " ")
        assert not any(word in text for word in ("Joke", "geheime", "Rik", "None"))
    assert "/beheer/cijfers" in plain
    table = next(each for each in tree.all("table") if each.get("aria-label") == "Vragen per week")
    rows = [
        (row.first("th").text, row.all("td").__next__().text) for row in table.all("tr") if row.first("th")
    ]
    assert rows[:4] == [("week 47", "3"), ("week 46", "4"), ("week 45", "2"), ("week 44", "0")]
    bars = [each.get("width") for each in table.all("table")]
    assert bars == ["75%", "100%", "50%"]
    drawn = [line.split() for line in plain.splitlines() if line.startswith("week 4")][:3]
    assert [(line[1], line[2], len(line[3])) for line in drawn] == [
        ("47", "3", 18),
        ("46", "4", 24),
        ("45", "2", 12),
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(MONDAY - timedelta(minutes=2), 0, id="before eight"),
        pytest.param(MONDAY + timedelta(hours=5), 0, id="in the afternoon"),
        pytest.param(MONDAY + DAY, 1, id="on Tuesday when nothing was sent on Monday"),
        pytest.param(MONDAY + 5 * DAY, 0, id="on Saturday"),
        pytest.param(datetime(2027, 3, 29, 6, 1, tzinfo=UTC), 0, id="on Easter Monday"),
        pytest.param(datetime(2027, 3, 30, 6, 1, tzinfo=UTC), 1, id="on the Tuesday after Easter"),
    ],
)
def test_it_leaves_on_the_first_working_morning_of_the_week(
    office: Office, anna: Visitor, at: datetime, expected: int
) -> None:
    assert mailed(office, at) == expected


def test_who_wants_no_mail_gets_none_until_they_do(office: Office, anna: Visitor) -> None:
    page = anna.open("/beheer/cijfers").form("Stuur mij geen weekmail meer").submit()
    assert "U krijgt geen weekmail." in page.text
    assert mailed(office, MONDAY) == 0
    page.form("Stuur mij de weekmail").submit()
    assert mailed(office, MONDAY) == 1
    assert "Er was vorige week niets te tellen." in mails(office)[0].get_body(("plain",)).get_content()
