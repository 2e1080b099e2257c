"""The reader of pages finds what it says it finds, and nothing on a good page."""

from __future__ import annotations

import pytest

from tests.support import html, markup_rules

GOOD = """<!doctype html><html lang="nl"><head><title>Fout: Stel uw vraag – Bureau</title>
<link rel="stylesheet" href="/static/consult.css"></head><body><main id="inhoud"><h1>Stel uw vraag</h1>
<p>Bel <a href="tel:+31201234567">Rik</a> of <a href="https://wa.me/31612345678">app</a>.</p>
<form method="post" action="/vraag"><input type="hidden" name="token" value="x">
<label for="name">Uw naam</label><input id="name" name="name" aria-describedby="name-hint">
<p id="name-hint">Voor- en achternaam</p>
<fieldset><legend>Hoe wilt u antwoord?</legend>
<label><input type="radio" name="channel" value="email"> E-mail</label></fieldset>
<button>Verstuur uw vraag</button></form></main></body></html>"""


def _found(markup: str) -> list[str]:
    tree, mistakes = html.read(markup)
    return [*mistakes, *markup_rules.findings(tree)]


def test_a_good_page_has_no_findings() -> None:
    assert _found(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "finding"),
    [
        ("<h1>Stel uw vraag</h1>", "<h1>Stel uw vraag</h1><h1>Nog een</h1>", "one h1"),
        ("<h1>Stel uw vraag</h1>", "<h1>Iets anders</h1>", "make them equal"),
        ('lang="nl"', "", "language"),
        ('id="name-hint"', 'id="name"', "stands 2 times"),
        ('for="name"', "", "has no label"),
        ('for="name"', 'for="naam"', "not on the page"),
        ("<fieldset><legend>Hoe wilt u antwoord?</legend>", "<fieldset>", "no legend"),
        ("<p>Bel", '<p style="color:red">Bel', "CSP"),
        ("<p>Bel", "<p onclick='x()'>Bel", "CSP"),
        ("<p>Bel", "<script>x()</script><p>Bel", "CSP"),
        ('href="/static/consult.css"', 'href="https://example.org/a.css"', "another host"),
        ('action="/vraag"', 'action="https://example.org/vraag"', "another host"),
        (">Rik</a>", "></a>", "has no words"),
        ("<button>Verstuur uw vraag</button>", "", "no button"),
        ("</fieldset>", "", "closes <fieldset>"),
        ("<p>Bel", '<img src="/a.png"><p>Bel', "no alt"),
        ("<p>Bel", "<h4>Bellen</h4><p>Bel", "do not skip"),
        ("<main", "<div", "one <main>"),
        ("<p>Bel", '<a href="#weg">x</a><p>Bel', "not on the page"),
    ],
)
def test_each_mistake_is_found(good: str, bad: str, finding: str) -> None:
    assert good in GOOD
    assert any(finding in found for found in _found(GOOD.replace(good, bad, 1)))
