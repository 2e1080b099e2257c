"""A list in the office takes the same few statements, however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.contact.models import ContactPage, PageAdvisor
from consult.contact.rules.versions import save_rules
from consult.contact.rules.written import RoutingRule
from consult.people.models import Advisor, Team
from tests.desk.test_statements import counted
from tests.support import rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

# The trial of rules reads everything that routing looks at.
MOST = 40

pytestmark = pytest.mark.both_databases


def fill(office: Office, first: int, last: int) -> None:
    with office.transaction() as session:
        for number in range(first, last):
            topic = rows.create_topic(session, f"Thema {number}", slug=f"thema-{number}")
            name = f"Adviseur{number} Bos"
            person = rows.create_advisor(session, name, topics=[topic])
            session.add(Team(slug=f"team-{number}", name=f"Team {number}", members=[person]))
            page = ContactPage(slug=f"pagina-{number}", title=f"Pagina {number}", topic_id=topic.id)
            page.people.append(PageAdvisor(advisor=person))
            session.add(page)
            rows.create_organisation(session, f"Organisatie {number}", owner_id=person.id)
        everyone = tuple(session.query(Advisor.id).order_by(Advisor.id))
        listed = [RoutingRule(name=f"Regel {row[0]}", advisor_ids=(row[0],)) for row in everyone]
        save_rules(session, listed, based_on=0 if first == 0 else 1, by="advisor:1", now=rows.NOW)


def test_a_list_takes_few_statements_however_long_it_is(office: Office, anna: Visitor) -> None:
    addresses = (
        "",
        "paginas",
        "regels",
        "regels/proef",
        "simulator",
        "themas",
        "adviseurs",
        "teams",
        "organisaties",
    )
    fill(office, 0, 1)
    few = {}
    for address in addresses:
        anna.open(f"/beheer/{address}")
        with counted() as statements:
            anna.open(f"/beheer/{address}")
        few[address] = len(statements)
    fill(office, 1, 6)
    for address in addresses:
        anna.open(f"/beheer/{address}")
        with counted() as statements:
            anna.open(f"/beheer/{address}")
        assert len(statements) == few[address], (address, statements)
        assert len(statements) <= MOST, (address, statements)
