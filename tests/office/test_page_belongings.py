"""What belongs to a contact page: the file that it hands out, and the article that leads to it."""

from __future__ import annotations

import io
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.models import Activity
from consult.contact.article.models import ArticleWatch
from consult.contact.article.round import look
from consult.contact.handout.formats import MOST_BYTES
from consult.contact.handout.models import HandoutFile
from consult.contact.models import ContactPage, HandoutCount
from tests.contact.test_handout_formats import PDF, WORD, zipped
from tests.desk.conftest import NOW
from tests.support.foreign_web import ForeignWeb, answer
from tests.support.pages import Page

if TYPE_CHECKING:
    from typing import Any

    from consult.settings import Settings
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

DOCX = zipped(types=WORD, word__document_xml="x")


@pytest.fixture
def settings(make_settings: Any) -> Settings:
    """Other people's websites are on this machine."""
    made: Settings = make_settings(clock=NOW, feed_allow_hosts=["127.0.0.1"])
    return made


def make(office: Office, slug: str = "wijk", **facts: Any) -> str:
    """A page that is shown; gives its address in the office."""
    with office.transaction() as session:
        page = ContactPage(slug=slug, title="In de wijk", **facts)
        session.add(page)
        session.flush()
        return f"/beheer/paginas/{page.id}"


def upload(visitor: Visitor, page: Page, name: str, content: bytes, *, status: int = 200) -> Page:
    """Choose a file on a page that stands open, and press the button."""
    button = next(
        b.text for b in page.tree.all("button") if b.text in {"Zet op de pagina", "Vervang de handreiking"}
    )
    form = page.form(button)
    data: dict[str, Any] = {field: values[0] for field, values in form.values.items()}
    data["handreiking-file"] = (io.BytesIO(content), name)
    response = visitor.client.post(form.element.get("action"), data=data)
    # A large body lies in a file of the test client, which leaves it open.
    response.request.environ["wsgi.input"].close()
    if response.status_code == 303:
        response = visitor.client.get(response.headers["Location"])
    assert response.status_code == status
    return Page(visitor, response, response.get_data(as_text=True))


@pytest.mark.both_databases
def test_a_file_is_put_on_a_page_opened_counted_replaced_and_taken_away(
    office: Office, anna: Visitor
) -> None:
    address = make(office)
    page = upload(anna, anna.open(address), "..\\Vijf vragen.html", PDF)
    assert "De handreiking staat op de pagina." in page.text
    shown = anna.open("/p/wijk")
    assert "PDF, 1 kB" in shown.text
    read = anna.client.get(shown.link("Bekijk de handreiking"))
    kept = anna.client.get(shown.link("Download de handreiking"))
    assert (read.data, read.mimetype) == (PDF, "application/pdf")
    assert read.headers["Content-Disposition"].startswith("inline")
    assert kept.headers["Content-Disposition"] == 'attachment; filename="Vijf vragen.pdf"'
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    again = anna.client.get(
        shown.link("Download de handreiking"), headers={"If-None-Match": kept.headers["ETag"]}
    )
    assert again.status_code == 304
    page = upload(anna, anna.open(address), "notitie.docx", DOCX)
    assert "De handreiking is vervangen. De oude is weg." in page.text
    assert "1 keer bekeken · 1 keer opgeslagen" in page.text
    # What no browser shows is always saved, and counts as that.
    assert (
        anna.client.get("/p/wijk/handreiking").headers["Content-Disposition"]
        == "attachment; filename=notitie.docx"
    )
    assert "Bekijk de handreiking" not in anna.open("/p/wijk").text
    page = page.form("Vervang de handreiking").submit("Haal van de pagina")
    assert "De handreiking is van de pagina gehaald." in page.text
    assert anna.client.get("/p/wijk/handreiking").status_code == 404
    with office.transaction() as session:
        assert session.scalars(select(HandoutFile)).all() == []
        assert [(row.views, row.downloads) for row in session.scalars(select(HandoutCount))] == [(1, 2)]
        codes = session.scalars(
            select(Activity.what).where(Activity.subject_kind == "page").order_by(Activity.id)
        )
        assert codes.all() == ["page.handout_put", "page.handout_put", "page.handout_removed"]


def test_a_file_that_does_not_fit_is_told_and_the_one_that_was_there_stays(
    office: Office, anna: Visitor
) -> None:
    address = make(office)
    page = upload(anna, anna.open(address), "goed.pdf", PDF)
    for content, told in (
        (b"", "Kies een bestand."),
        (b"<html>", "Dit is geen PDF, Word, Excel, PowerPoint of OpenDocument."),
        (PDF + b" " * MOST_BYTES, "Dit bestand is te groot. Het mag 10 MB zijn."),
    ):
        page = upload(anna, page, "handreiking.pdf", content, status=422)
        assert page.errors == {"handreiking-file": told}
    assert anna.client.get("/p/wijk/handreiking").data == PDF
    # A visitor still sends no more than text.
    assert anna.client.post("/vraag", data={"vraag": "x" * 300_000}).status_code == 413


def test_who_replaces_a_file_second_is_told_and_replaces_nothing(office: Office, anna: Visitor) -> None:
    address = make(office)
    mirte = office.enter("mirte")
    late = mirte.open(address)
    upload(anna, anna.open(address), "eerste.pdf", PDF)
    page = upload(mirte, late, "tweede.docx", DOCX, status=422)
    assert "intussen veranderd" in page.errors["handreiking-file"]
    assert "eerste.pdf" in page.text
    assert "tweede.docx" in upload(mirte, page, "tweede.docx", DOCX).text
    assert (
        "intussen veranderd"
        in page.form("Vervang de handreiking").submit("Haal van de pagina", status=422).text
    )


def looked(office: Office, settings: Settings) -> int:
    """One round of the worker."""
    return look(office.transaction, settings, now=clock.now, stop=Event())


@pytest.mark.both_databases
def test_the_coordinator_hears_whether_the_article_still_leads_here(
    office: Office, settings: Settings, anna: Visitor
) -> None:
    with ForeignWeb() as web:
        address = make(office)
        web.answers["/nieuws"] = answer(b'<p><a href="http://localhost/p/wijk">Stel uw vraag</a>')
        form = anna.open(address).form("Bewaar")
        page = form.fill({"Adres van het artikel": web.url("/nieuws")}).submit("Bewaar")
        assert "Wij kijken binnen een minuut of de link op het artikel staat." in page.text
        assert web.asked == []
        assert looked(office, settings) == 1
        assert "De link staat op het artikel." in anna.open(address).text
        assert "Op het artikel" in anna.open("/beheer/paginas").text
        # A week is not over: nobody looks, unless somebody asks for it.
        web.answers["/nieuws"] = answer(b"<!-- <a href='/p/wijk'> --><p>Herschreven</p>")
        assert looked(office, settings) == 0
        anna.open(address).form("Kijk nu").submit()
        assert looked(office, settings) == 1
        page = anna.open("/beheer/paginas")
        assert "Kijk op deze artikelen. Misschien vindt niemand u daar." in page.text
        page = page.follow("In de wijk")
        assert "De link staat niet op het artikel. Dat is zo sinds woensdag 18 november." in page.text
        web.answers["/nieuws"] = answer(b"weg", "404 Not Found")
        page.form("Kijk nu").submit()
        looked(office, settings)
        page = anna.open(address)
        assert "Het artikel bestaat niet meer. Pas het adres aan." in page.text
        page.form("Bewaar").fill({"Adres van het artikel": ""}).submit("Bewaar")
        with office.transaction() as session:
            assert session.scalars(select(ArticleWatch)).all() == []


def test_an_article_on_our_own_network_is_never_asked(
    office: Office, make_settings: Any, anna: Visitor
) -> None:
    with ForeignWeb() as web:
        address = make(office, article_url=web.url("/intern").replace("http:", "https:"))
        assert looked(office, make_settings(clock=NOW)) == 1
        assert web.asked == []
    assert "Dit adres mogen wij niet openen." in anna.open(address).text
