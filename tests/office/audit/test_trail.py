"""The trail in the office: who saw and did what, filtered, paged and as a file."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

import consult
from consult import clock
from consult.activity.models import Activity
from consult.booking.groups.models import SeatState
from consult.desk import event_words
from consult.office.audit.telling import DONE, THINGS, own_words
from tests.desk.conftest import NOW, Office
from tests.desk.test_statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.pages import Page, Visitor

HERE = "/beheer/logboek"
CODE = re.compile(r"[a-z_]+\.[a-z_-]+")
WRITERS = frozenset({"record", "end_talk", "note", "_note", "changed", "record_act"})


def written() -> Iterator[str]:
    """Every code that stands in a call that writes down, also as one of two."""
    for path in Path(consult.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
            if name in WRITERS:
                for given in call.args:
                    code = given.value if isinstance(given, ast.Constant) else None
                    if isinstance(code, str) and CODE.fullmatch(code):
                        yield code


def read(visitor: Visitor, address: str) -> None:
    """Open a question with the page's script, which tells that somebody is there."""
    page = visitor.open(address)
    token = page.form("Uitloggen").values["csrf_token"][0]
    assert visitor.client.post(f"{address}/aanwezig", data={"csrf_token": token}).status_code == 200


def lines(page: Page) -> list[list[str]]:
    return [[cell.text for cell in row.all("td")] for row in page.tree.all("tr") if list(row.all("td"))]


def asked(page: Page, **answers: str) -> Page:
    form = page.form("Laat zien")
    for words, answer in answers.items():
        form.values[words] = [answer]
    return form.submit()


def test_every_code_that_is_written_down_has_words_in_the_office(office: Office) -> None:
    codes = set(written()) | {f"seat.{state}" for state in SeatState}
    codes |= {f"{thing}.saved" for thing in THINGS} | {"enquiry.redacted", "booking.redacted"}
    assert "saved" in DONE
    known = event_words.SENTENCES.keys() | event_words.TELLERS.keys()
    with office.app.test_request_context("/"):
        assert {code for code in codes if code not in known and own_words(code) is None} == set()


@pytest.mark.both_databases
def test_who_read_and_did_something_is_found_by_person_act_day_and_number(
    office: Office, anna: Visitor
) -> None:
    first, second = office.asked(), office.asked(of="sam", name="Jan")
    rik, one = office.enter("rik"), f"/werkplek/vragen/{first}"
    for _ in range(2):
        read(rik, one)
    read(anna, one)
    rik.open(one).form("Rond de vraag af").submit()
    clock.start_at(NOW + timedelta(days=1))
    anna, rik = office.enter("anna"), office.enter("rik")
    read(rik, one)
    page = asked(anna.open(HERE), wat="gelezen")
    assert [(who, what) for _, who, what, _ in lines(page)] == [
        ("Rik de Wit", "Rik de Wit heeft de vraag gelezen."),
        ("anna@example.nl", "Anna@example.nl heeft de vraag gelezen."),
        ("Rik de Wit", "Rik de Wit heeft de vraag gelezen."),
    ]
    page = asked(page, wie=page_value(page, "Rik de Wit (rik@example.nl)"), tot="2026-11-18")
    assert [about for *_, about in lines(page)] == [f"Vraag {first}"]
    assert page.follow(f"Vraag {first}").heading
    everything = asked(page, wat="", wie="", tot="", over=second)
    assert {about for *_, about in lines(everything)} == {f"Vraag {second}"}
    ridden = asked(everything, over="", wie=page_value(page, "Rik de Wit (rik@example.nl)"))
    assert "Rik de Wit heeft ingelogd." in ridden.text
    assert "Rik de Wit heeft de vraag afgerond." in ridden.text
    assert "gelezen" not in rik.open(one).text


def page_value(page: Page, name: str) -> str:
    return next(each.get("value") for each in page.tree.all("option") if each.text == name)


@pytest.mark.parametrize(
    ("told", "query", "words"),
    [
        ("an unknown number", "?over=C-2026-9999", "Wij kennen niets met dit nummer of adres."),
        ("no date", "?van=gisteren", "Vul een datum in als 2026-11-20."),
        ("days turned round", "?van=2026-11-20&tot=2026-11-01", "De eerste dag komt na de laatste dag."),
        ("somebody unknown", "?wie=account-99", "Hier staat niets."),
        ("a day of no era", "?van=0001-01-01&tot=9999-12-31", "Vul een datum in als 2026-11-20."),
        ("an act that is none", "?wat=alles", "heeft ingelogd."),
        ("a place that is none", "?na=99999999999999999999-1", "heeft ingelogd."),
        ("a place before all", "?na=0-1", "Hier staat niets."),
    ],
)
def test_what_cannot_be_found_is_told(anna: Visitor, told: str, query: str, words: str) -> None:
    assert words in anna.open(f"{HERE}{query}").text, told


def test_the_file_holds_the_same_without_what_people_wrote_and_is_written_down(
    office: Office, anna: Visitor
) -> None:
    reference = office.asked()
    page = anna.open(f"{HERE}?wat=vragen")
    token = page.form("Download als bestand").values
    file = anna.client.post(f"{HERE}/bestand", data={name: each[0] for name, each in token.items()})
    assert file.headers["Content-Disposition"] == 'attachment; filename="logboek-2026-11-18.csv"'
    text = file.get_data().decode("utf-8-sig").splitlines()
    assert text[0] == "moment;wie;wat;soort;waarover;code"
    assert len(text) == 1 + len(lines(page))
    assert all(reference in line for line in text[1:])
    newest = lines(anna.open(HERE))[0]
    assert newest[1:3] == ["anna@example.nl", "Anna@example.nl heeft het logboek gedownload."]
    rik = office.enter("rik")
    rik.open(HERE, status=403)
    values = {"csrf_token": rik.open("/werkplek/").form("Uitloggen").values["csrf_token"][0]}
    assert rik.client.post(f"{HERE}/bestand", data=values).status_code == 403


def test_reasons_and_words_of_people_are_nowhere_in_it(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        row = {"at": NOW, "subject_kind": "enquiry", "subject_id": 1, "actor": "advisor:1"}
        for what, data in (
            ("enquiry.assigned", {"advisor": 2}),
            ("booking.handed_over", {"advisor": 2}),
            ("booking.in_person", {}),
        ):
            session.execute(insert(Activity).values(**row, what=what, data=data, why="Joke is boos"))
    assert "boos" not in anna.open(HERE).text


def fill(office: Office, count: int) -> None:
    """Rows of many kinds, several at one instant."""
    kinds = ("enquiry.answered", "booking.created", "topic.saved", "account.signed_in", "seat.confirmed")
    with office.transaction() as session:
        rows = [
            {
                "at": NOW - timedelta(minutes=number // 3),
                "subject_kind": (what := kinds[number % 5]).partition(".")[0],
                "subject_id": 1 + number % 7,
                "what": what,
                "actor": f"advisor:{1 + number % 3}",
                "data": {},
            }
            for number in range(count)
        ]
        session.execute(insert(Activity), rows)


def test_leafing_shows_every_row_once(office: Office, anna: Visitor) -> None:
    fill(office, 400)
    page, seen = anna.open(f"{HERE}?wie=advisor-1"), 0
    while True:
        seen += len(lines(page))
        older = [link for link in page.tree.all("a") if link.text == "Ouder"]
        if not older:
            break
        page = page.follow("Ouder")
    with office.transaction() as session:
        assert seen == len(session.scalars(select(Activity.id).where(Activity.actor == "advisor:1")).all())
    assert len(lines(page.follow("Naar het nieuwste"))) == 50


@pytest.mark.both_databases
@pytest.mark.proof
def test_a_page_of_fifty_thousand_rows_is_quick_and_takes_few_statements(
    office: Office, anna: Visitor
) -> None:
    office.asked()
    office.planned(NOW + timedelta(days=1))
    fill(office, 50_000)
    for query in ("", "?wie=advisor-1", "?wat=gesprekken", "?over=topic-3", "?wat=inzage&tot=2026-11-01"):
        anna.open(f"{HERE}{query}")
        began = perf_counter()
        with counted() as statements:
            anna.open(f"{HERE}{query}")
        assert len(statements) <= 15, (query, statements)
        assert perf_counter() - began < 1, query
