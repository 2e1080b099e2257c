"""Organisations from a file and into one: looked at first, told by line, all or nothing, out as it came in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.people.models import Advisor, Organisation, TopicOwner
from consult.people.sheets import MOST_LINES, decoded, read_sheet, write_sheet
from consult.web.text import clean
from tests.support import html, rows
from tests.support.pages import Page

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

HEAD = "naam;soort;provincie;maildomein;adviseur\n"


def upload(anna: Visitor, content: bytes, *, status: int = 200) -> Page:
    """Choose a file and press the button."""
    form = anna.open("/beheer/organisaties/inlezen").form("Bekijk het bestand")
    data = {name: values[0] for name, values in form.values.items()}
    data["bestand-file"] = (io.BytesIO(content), "organisaties.csv")  # type: ignore[assignment]  # (a file)
    answer = anna.client.post("/beheer/organisaties/inlezen", data=data)
    # A large body lies in a file of the test client, which leaves it open.
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == status, html.read(answer.get_data(as_text=True))[0].text[:400]
    return Page(anna, answer, answer.get_data(as_text=True))


def names_of(office: Office) -> list[str]:
    with office.transaction() as session:
        return list(session.scalars(select(Organisation.name).order_by(Organisation.name)))


ENCODINGS = [
    ("UTF-8 with a mark, as Excel writes it", (HEAD + "Súdwest;gemeente;Friesland;;\n").encode("utf-8-sig")),
    ("Windows 1252", (HEAD + "Súdwest;gemeente;Friesland;;\n").encode("cp1252")),
    ("UTF-16", (HEAD + "Súdwest;gemeente;Friesland;;\n").encode("utf-16")),
    ("Commas and capitals", "Naam,Provincie\r\nSúdwest,Friesland\r\n".encode()),
    ("Tabs and empty lines", "naam\tprovincie\n\nSúdwest\tFriesland\n\n".encode()),
]


@pytest.mark.parametrize(("sentence", "content"), ENCODINGS, ids=[row[0] for row in ENCODINGS])
def test_a_file_is_read_whatever_wrote_it(sentence: str, content: bytes) -> None:
    (line,) = read_sheet(decoded(content)).lines
    assert (line.cells["naam"], line.cells["provincie"]) == ("Súdwest", "Friesland"), sentence


def test_a_file_is_looked_at_and_then_read_in(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rows.create_organisation(session, "Ede", province="Gelderland")
    content = HEAD + "Ede;gemeente;;ede.nl;rik@example.nl\nOns Huis;anders;;;Sam Bos\n"
    page = upload(anna, content.encode())
    assert "1 organisatie is nieuw." in page.text
    assert "1 organisatie wordt bijgewerkt." in page.text
    assert names_of(office) == ["Ede"]
    page.form("Lees dit in").submit()
    assert names_of(office) == ["Ede", "Ons Huis"]
    with office.transaction() as session:
        ede = session.scalars(select(Organisation).where(Organisation.name == "Ede")).one()
        assert (ede.province, ede.domain) == ("Gelderland", "ede.nl")
        assert ede.owner_id == office.advisor_id(session, "rik")


def test_every_mistake_is_told_by_line_and_nothing_is_read_in(office: Office, anna: Visitor) -> None:
    lines = [
        "Goed;gemeente;Utrecht;goed.nl;",
        ";gemeente;;;",
        "Soort;provincie;;;",
        "Plaats;;Holland;;",
        "Domein;;;info@domein.nl;",
        "Iemand;;;;Piet Onbekend",
        "=1+1;;;;",
        "goed;;;;",
        "Lang;;;;;extra",
    ]
    page = upload(anna, (HEAD + "\n".join(lines)).encode(), status=422)
    for told in (
        "Regel 3: De naam ontbreekt.",
        "Regel 4: “provincie” is geen soort. Kies gemeente of anders.",
        "Regel 5: “Holland” is geen provincie.",
        "Regel 6: “info@domein.nl” is geen maildomein, zoals amsterdam.nl.",
        "Regel 7: Wij kennen de adviseur “Piet Onbekend” niet.",
        "Regel 8: In de kolom “naam” staat een formule.",
        "Regel 9: Deze naam staat ook op regel 2.",
        "Regel 10: Deze regel heeft te veel kolommen.",
    ):
        assert told in page.text
    assert "Lees dit in" not in [button.text for button in page.tree.all("button")]
    assert names_of(office) == []


REFUSED = [
    ("Nothing chosen", b"", "Kies een bestand."),
    ("A picture", b"\x89PNG\x00\x00", "Dit bestand is geen CSV-bestand."),
    ("Quotes that never end", b'naam\n"Ede\n', "Dit bestand is geen CSV-bestand."),
    ("Another table", b"name;city\nEde;Ede\n", "De kolom “naam” ontbreekt."),
    ("A column too many", b"naam;inwoners\nEde;1\n", "De kolom “inwoners” kennen wij niet."),
    ("A column twice", b"naam;Naam\nEde;Ede\n", "De kolom “naam” staat er twee keer."),
    ("UTF-16 without a mark", "naam\nEde\n".encode("utf-16-le"), "Dit bestand is geen CSV-bestand."),
    ("Half of UTF-16", b"\xff\xfen\x00a", "Dit bestand is geen CSV-bestand."),
    ("Bytes that Windows has no letter for", b"naam\nEd\x81\n", "Dit bestand is geen CSV-bestand."),
    ("Only empty lines", b"\n\n", "Dit bestand is geen CSV-bestand."),
]


def test_a_file_that_cannot_be_read_is_told_at_the_field(anna: Visitor) -> None:
    for sentence, content, told in REFUSED:
        page = upload(anna, content, status=422)
        assert told in page.errors["bestand-file"], sentence


@pytest.mark.both_databases
def test_the_export_can_be_read_in_again_without_a_change(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rik = session.get_one(Advisor, office.advisor_id(session, "rik"))
        topic = rows.create_topic(session, "Polarisatie")
        for name in ("'s-Gravenhage", "=cmd()", "'=dubbel", 'Ede; met komma, en "', "Súdwest-Fryslân"):
            made = rows.create_organisation(
                session, name, owner_id=rik.id, province="Gelderland", kind="municipality"
            )
            session.add(TopicOwner(organisation_id=made.id, topic_id=topic.id, advisor_id=rik.id))
        # Who left may still own what nobody took over.
        rik.active = False
    answer = anna.client.get("/beheer/organisaties/bestand")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="organisaties.csv"'
    assert "'=cmd();" in decoded(answer.data)
    page = upload(anna, answer.data)
    assert "5 organisaties blijven zoals zij zijn." in page.text
    assert "Dit bestand verandert niets." in page.text
    assert "Lees dit in" not in [button.text for button in page.tree.all("button")]
    page = upload(anna, HEAD.encode() + b"Nieuw;;;;rik@example.nl\n", status=422)
    assert "Wij kennen de adviseur “rik@example.nl” niet." in page.text


def test_owners_per_topic_come_in_and_each_other_owner_is_written_down(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rows.create_topic(session, "Polarisatie")
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        rows.create_organisation(session, "Ede", owner_id=rik)
    page = upload(anna, b"Naam;Adviseur;Adviseur voor Polarisatie\nede;Sam Bos;Rik de Wit\n")
    assert (
        "Ede Vaste adviseur: Rik de Wit wordt Sam Bos. Adviseur voor polarisatie: – wordt Rik de Wit."
        in page.text
    )
    page.form("Lees dit in").submit()
    with office.transaction() as session:
        assert names_of(office) == ["Ede"]
        told = session.scalars(
            select(Activity).where(Activity.what == "organisation.owner_set").order_by(Activity.id)
        )
        assert [(each.why, each.data["before"], each.data["advisor"]) for each in told] == [
            ("Ingelezen uit een bestand.", rik, sam),
            ("Ingelezen uit een bestand.", None, rik),
        ]


def test_what_changed_after_the_look_is_looked_at_again(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        number = rows.create_organisation(session, "Ede", domain="ede.nl").id
    page = upload(anna, (HEAD + "Ede;;Gelderland;;\n").encode())
    with office.transaction() as session:
        session.get_one(Organisation, number).province = "Utrecht"
    page = page.form("Lees dit in").submit(status=422)
    assert "Intussen is een organisatie veranderd." in page.text
    assert "Provincie: Utrecht wordt Gelderland." in page.text
    page.form("Lees dit in").submit()
    with office.transaction() as session:
        assert session.get_one(Organisation, number).province == "Gelderland"


@pytest.mark.proof
def test_as_many_lines_as_we_take_come_in_at_once_and_one_more_is_refused(
    office: Office, anna: Visitor
) -> None:
    lines = "".join(f"Organisatie {number};anders;;org{number}.nl;sam bos\n" for number in range(MOST_LINES))
    page = upload(anna, (HEAD + lines).encode())
    assert "10000 organisaties zijn nieuw." in page.text
    page.form("Lees dit in").submit()
    with office.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == MOST_LINES
    page = upload(anna, (HEAD + lines + "Nog een;;;;\n").encode(), status=422)
    assert page.errors["bestand-file"] == "Het bestand heeft meer dan 10.000 regels."
    page = upload(anna, (HEAD + ";;;;x\n" * 150).encode(), status=422)
    assert "Er zijn nog 200 fouten." in page.text


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), max_size=8))
def test_every_cell_comes_back_as_it_was_written_and_none_can_run(written: list[list[str]]) -> None:
    cells = [[clean(cell) for cell in row] for row in written]
    made = write_sheet(("naam", "soort"), cells)
    lines = read_sheet(decoded(made)).lines
    assert [list(line.cells.values()) for line in lines] == [row for row in cells if any(row)]
    assert not any(line.formulas for line in lines)
