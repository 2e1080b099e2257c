"""An advisor's own profile: what visitors see, and a portrait that is a picture and nothing else."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor, Topic
from tests.people.test_pictures import PLACE, jpeg, png

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

PAGE = "/werkplek/profiel"


def upload(visitor: Visitor, content: bytes, *, status: int) -> tuple[str, str]:
    """Send a file as a browser does; gives where it leads and the page's text."""
    token = visitor.open(PAGE).form("Toon deze foto").values
    data: dict[str, object] = {name: values[0] for name, values in token.items()}
    data |= {"portret-picture": (BytesIO(content), "ik.png")}
    answer = visitor.client.post(f"{PAGE}/portret", data=data, content_type="multipart/form-data")
    assert answer.status_code == status
    return answer.headers.get("Location", ""), answer.get_data(as_text=True)


def test_what_visitors_see_is_kept(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        session.add_all(
            Topic(slug=name.lower(), name=name, name_en=name) for name in ("Polarisatie", "Participatie")
        )
    form = rik.open(PAGE).form("Bewaar uw profiel")
    wrong = form.fill({"Uw rol": "", "Telefoonnummer": "12"}).submit(status=422)
    assert "Vul uw rol in, bijvoorbeeld Adviseur." in wrong.errors.values()
    form.fill(
        {"Uw rol": "Adviseur", "Telefoonnummer": "06 12345678", "Afsluiting van uw mail": "Groet,\nRik"}
    )
    page = form.choose("Participatie").submit()
    assert "Uw profiel is bewaard." in page.text
    again = page.form("Bewaar uw profiel")
    assert again.value("Afsluiting van uw mail") == "Groet,\nRik"
    with office.transaction() as session:
        advisor = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        assert (advisor.role, advisor.phone) == ("Adviseur", "+31612345678")
        assert [topic.name for topic in advisor.topics] == ["Participatie"]


def test_a_reply_ends_with_the_own_signature(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    fill = {"Uw rol": "Adviseur", "Afsluiting van uw mail": "Hartelijke groet,\nRik"}
    rik.open(PAGE).form("Bewaar uw profiel").fill(fill).submit()
    answer = rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord")
    answer.fill({"Uw antwoord": "Begin klein."}).submit()
    with office.transaction() as session:
        query = select(OutgoingMail).options(undefer(OutgoingMail.raw))
        mail = session.scalars(query.where(OutgoingMail.event == "enquiry-answered")).one()
        text = message_from_bytes(mail.raw, policy=default).get_body(("plain",))
    assert text is not None
    assert "Begin klein.\n\nHartelijke groet,\nRik\n\n--" in text.get_content().replace("\r\n", "\n")


def test_a_portrait_is_shown_without_what_the_camera_wrote(office: Office, rik: Visitor) -> None:
    location, _text = upload(rik, jpeg(), status=303)
    page: Page = rik.open(location)
    shown = next(image.get("src") for image in page.tree.all("img"))
    assert shown.startswith("/portret/")
    stranger = office.app.test_client()
    answer = stranger.get(shown)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["Cache-Control"]
    assert PLACE not in answer.data
    assert stranger.get("/portret/0").status_code == 404
    upload(rik, png(), status=303)
    assert stranger.get(shown).status_code == 404
    page = rik.open(PAGE).form("Toon mijn initialen").submit()
    assert not list(page.tree.all("img"))


def test_what_is_no_portrait_is_refused_with_what_to_do(office: Office, rik: Visitor) -> None:
    for content, said in (
        (b"<svg onload='alert(1)'/>", "Dit is geen foto die wij kunnen tonen."),
        (png(20, 20), "Deze foto past niet."),
        (b"", "Dit is geen foto die wij kunnen tonen."),
    ):
        assert said in upload(rik, content, status=422)[1]
    with office.transaction() as session:
        assert session.scalars(select(Advisor.portrait).where(Advisor.slug == "rik")).one() is None
    office.enter("anna").open(PAGE, status=404)
