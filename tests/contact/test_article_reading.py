"""Whether somebody else's page leads to a contact page of ours: what counts as that, and what only looks like it."""

from __future__ import annotations

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.contact.article.reading import Sought, as_text, leads_to

SOUGHT = Sought(frozenset({"wijk", "oude-wijk"}), frozenset({"contact.bureau.nl"}))
THERE = "https://www.gemeente.nl/nieuws/artikel"

LEADS = [
    ("A plain link", '<a href="https://contact.bureau.nl/p/wijk">Bel ons</a>'),
    ("With an anchor and a question", '<a href="https://contact.bureau.nl/p/wijk?x=1#contact">'),
    ("A name that the page had before", '<a href="https://contact.bureau.nl/p/oude-wijk">'),
    ("In capitals, with a slash at the end", '<A HREF="https://CONTACT.bureau.nl/p/wijk/">'),
    ("Without a scheme", '<a href="//contact.bureau.nl/p/wijk">'),
    ("Our element", '<consult-contact page="wijk"></consult-contact>'),
    ("Our frame", '<iframe src="https://contact.bureau.nl/embed/wijk"></iframe>'),
    (
        "After a page that never closes anything",
        "<p><div><a href=x><a href=https://contact.bureau.nl/p/wijk>",
    ),
]
DOES_NOT = [
    ("Nothing", ""),
    ("Another page of ours", '<a href="https://contact.bureau.nl/p/anders">'),
    ("A page whose name begins the same", '<a href="https://contact.bureau.nl/p/wijkagent">'),
    ("The same path elsewhere", '<a href="https://kwaad.nl/p/wijk">'),
    ("Our name in front of another", '<a href="https://contact.bureau.nl.kwaad.nl/p/wijk">'),
    ("Our name before an @", '<a href="https://contact.bureau.nl@kwaad.nl/p/wijk">'),
    ("A comment", '<!-- <a href="https://contact.bureau.nl/p/wijk"> -->'),
    ("Only the address as text", "https://contact.bureau.nl/p/wijk"),
    ("In a script", '<script>"<a href=https://contact.bureau.nl/p/wijk>"</script>'),
    ("An address that is none", '<a href="https://[oeps/p/wijk">'),
    ("Our script without our element", '<script src="https://contact.bureau.nl/embed.js"></script>'),
]


@pytest.mark.parametrize(("sentence", "html"), LEADS, ids=[row[0] for row in LEADS])
def test_an_article_that_leads_to_the_page_is_seen(sentence: str, html: str) -> None:
    assert leads_to(html, THERE, SOUGHT), sentence


@pytest.mark.parametrize(("sentence", "html"), DOES_NOT, ids=[row[0] for row in DOES_NOT])
def test_what_only_looks_like_it_is_not(sentence: str, html: str) -> None:
    assert not leads_to(html, THERE, SOUGHT), sentence


def test_an_article_on_our_own_site_may_link_from_the_root() -> None:
    assert leads_to('<a href="/p/wijk">', "https://contact.bureau.nl/nieuws", SOUGHT)


@given(st.text(max_size=300))
def test_whatever_a_page_holds_there_is_an_answer(html: str) -> None:
    assert leads_to(f"<{html}", THERE, SOUGHT) in {True, False}


@pytest.mark.parametrize(
    ("sentence", "stated", "body"),
    [
        ("As the server says", "text/html; charset=iso-8859-1", "é".encode("latin-1")),
        ("As the page says", "text/html", '<meta charset="windows-1252">é'.encode("cp1252")),
        ("As nobody says", "text/html", "é".encode()),
        ("As nobody can read", "text/html; charset=klingon", "é".encode()),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_states(sentence: str, stated: str, body: bytes) -> None:
    headers = Message()
    headers["Content-Type"] = stated
    assert as_text(body, headers).endswith("é"), sentence
