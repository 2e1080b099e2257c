"""The office's first page: what needs somebody, and how the work lies; counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.contact import intake
from consult.contact.article.models import ArticleState, ArticleWatch
from consult.contact.models import Channel, ContactPage, Enquiry, EnquiryState
from consult.people.models import Advisor, Team
from tests.desk.conftest import NOW
from tests.support import rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def cells(page: Page, name: str) -> list[str]:
    """What stands in somebody's line."""
    for line in page.tree.all("tr"):
        head = line.first("th")
        if head is not None and head.text.startswith(name):
            return [cell.text for cell in line.all("td")]
    raise AssertionError(f"no line of {name}")


@pytest.mark.both_databases
def test_the_first_page_shows_who_has_what(office: Office, anna: Visitor) -> None:
    calm = anna.open("/beheer/")
    assert "Alle vragen zijn van iemand, en niets is te laat." in calm.text
    assert cells(calm, "Rik de Wit") == ["0", "0", "0", "0", "0,0", "–"]
    office.asked(ago=timedelta(days=5))
    office.asked(email="b@gemeente.example")
    waiting = office.asked(email="c@gemeente.example")
    office.asked(of=None, email="d@gemeente.example")
    office.planned(NOW + timedelta(days=1))
    office.planned(NOW + timedelta(days=20), email="e@gemeente.example")
    with office.transaction() as session:
        held = session.scalars(select(Enquiry).where(Enquiry.reference == waiting)).one()
        held.state, held.due_soon_at = EnquiryState.WAITING, None
        rik, sam = (session.get_one(Advisor, office.advisor_id(session, name)) for name in ("rik", "sam"))
        rik.capacity = 3
        session.add(Team(slug="wijken", name="Wijken", members=[sam]))
        rows.create_absence(session, rik, NOW + timedelta(days=3), NOW + timedelta(days=5), stand_in=sam)
    page = anna.open("/beheer/")
    assert "1 vraag is van niemand." in page.text
    assert "1 vraag is te laat." in page.text
    assert "1 adviseur krijgt er geen vraag meer bij." in page.text
    row = cells(page, "Rik de Wit")
    assert row[:5] == ["3 / 3", "1", "1", "1", "0,5"]
    assert "(Sam Bos)" in row[5]
    team = page.follow("Wijken")
    assert "Rik de Wit" not in team.text
    assert "Sam Bos" in team.text


def test_a_question_that_only_the_safety_net_took_is_named(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        topic_id = rows.create_topic(session, "Zeldzaam").id
        session.get_one(Advisor, office.advisor_id(session, "sam")).fallback = True
        new = intake.NewEnquiry(
            form_key="zeldzaam",
            question="Iets zeldzaams",
            name="Joke Jansen",
            channel=Channel.EMAIL,
            email="joke@gemeente.example",
            topic_id=topic_id,
        )
        taken = intake.ask(session, new, settings=office.settings, now=NOW).enquiry.reference
    chosen = office.asked(email="b@gemeente.example")
    page = anna.open("/beheer/")
    assert taken in page.text
    assert "Niemand van het vangnet was vrij." in page.text
    assert chosen not in page.text


def test_the_first_page_tells_of_pages_whose_article_lost_the_link(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        for number, state in enumerate(ArticleState):
            url = f"https://bureau.example/{number}"
            page = ContactPage(slug=f"pagina-{number}", title=f"Pagina {number}", article_url=url)
            session.add(page)
            session.flush()
            session.add(ArticleWatch(page_id=page.id, url=url, state=state, since=NOW, due_at=NOW))
    seen = anna.open("/beheer/").follow("Van 2 pagina’s vinden wij de link niet op het artikel.")
    assert seen.heading == "Contactpagina’s"
    with office.transaction() as session:
        session.execute(update(ContactPage).values(active=False))
    assert "op het artikel" not in anna.open("/beheer/").text
