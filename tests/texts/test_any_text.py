"""Whatever a coordinator types and a visitor is called: the mail stays whole, and nothing becomes markup."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.outbox.message import Letter, compose
from consult.outbox.rendering import render
from consult.outbox.texts.grammar import problems
from consult.outbox.texts.kinds import Said
from consult.outbox.texts.markup import TAGS, to_html, to_plain
from consult.outbox.texts.registry import of_key
from consult.settings import load
from consult.web.text import clean

if TYPE_CHECKING:
    from consult.settings import Settings

TEXT = of_key("enquiry-received.visitor")
PARTS = "\n{belofte}\n{vraag}\n{knop}"
LETTER = Letter(
    from_name="Bureau",
    from_address="a@bureau.example",
    to_name="Joke",
    to_address="joke@gemeente.example",
    subject="",
    text="",
    html="",
    message_id="<1@bureau.example>",
    date=datetime(2026, 11, 20, tzinfo=UTC),
)
NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](https://a.example)",
        "](https://b.example)",
        "<https://c.example>",
        "![x](https://d.example/p.png)",
        "=?utf-8?q?a=0D=0ABcc:x?=",
        "{naam}",
        "{nummer}",
        "{knop}",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "%(name)s",
        "**",
        "*",
        "- ",
        "1. ",
        "    ",
        "```",
        "`",
        "\\",
        "&lt;",
        "\n",
        "\n\n",
        "<!--",
        '" onload="x',
    ]
)
ANY = st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=12).map("".join)


class Read(HTMLParser):
    """Another reader of HTML: which elements and addresses it finds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(str(page))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load({}, instance=tmp_path_factory.mktemp("texts"), secret_key="only for this test run")


@given(typed=ANY, value=ANY)
@example(typed="[{naam}](https://a.example)", value="](javascript:x)<b>")
def test_only_a_few_harmless_elements_come_of_it(typed: str, value: str) -> None:
    class Values(dict[str, str]):
        def __missing__(self, _name: str) -> str:
            return value

    made = Read(to_html(clean(typed), Values(), in_mail=False))
    assert set(made.tags) <= TAGS
    assert {name for name, _text in made.attributes} <= {"href", "rel", "start"}
    for name, text in made.attributes:
        assert name != "href" or str(text).startswith(("http://", "https://", "mailto:", "tel:"))


@given(value=ANY.map(clean))
def test_what_is_filled_in_is_read_as_it_was_written(value: str) -> None:
    values = {"naam": value}
    assert Read(to_html("Dag {naam}, *welkom*", values, in_mail=True)).words == f"Dag {value}, welkom\n"
    assert to_plain("Dag {naam}, *welkom*", values) == "\n".join(f"Dag {value}, welkom".splitlines())


@given(subject=ANY, body=ANY, name=ANY)
@settings(max_examples=60)
@example(subject="Dag\r\nBcc: x@y.example", body="Dag {naam}", name="=?utf-8?q?x=0D=0ABcc:y?=")
def test_a_mail_is_whole_in_another_reader(firm: Settings, subject: str, body: str, name: str) -> None:
    assert TEXT
    said = Said(" ".join(clean(subject).split()), clean(clean(body) + PARTS))
    context: dict[str, Any] = {**TEXT.sample, "name": clean(name)}
    own = {(TEXT.key, "nl"): said}
    words = render("enquiry-received", "nl", firm, context, own)
    ours = render("enquiry-received", "nl", firm, context)
    if any(problems(TEXT, said)):
        assert words == ours
    raw = compose(replace(LETTER, subject=words.subject, text=words.text, html=words.html))
    read = message_from_bytes(raw, policy=policy.default)
    assert read.keys() == message_from_bytes(compose(LETTER), policy=policy.default).keys()
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    tags = Read(words.html).tags
    assert not {"script", "img", "iframe", "form", "object", "svg"} & set(tags)
    assert tags.count("h1") == tags.count("html") == 1
    # The way to the own page is never lost.
    for part in (words.text, html.unescape(words.html)):
        assert str(TEXT.sample["link"]) in part
        assert str(TEXT.sample["question"]) in part


@pytest.mark.parametrize(
    ("typed", "plain", "rich"),
    [
        ("Dag **u** en *u*.", "Dag u en u.", "<p>Dag <strong>u</strong> en <em>u</em>.</p>"),
        ("een\ntwee\n\ndrie", "een\ntwee\n\ndrie", "<p>een<br>\ntwee</p>\n<p>drie</p>"),
        ("Kies:\n\n- een\n- twee", "Kies:\n\n- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>"),
        ("3. drie\n4. vier", "3. drie\n4. vier", '<ol start="3">'),
        ("- een\n  - half\n- twee", "- een\n  - half\n- twee", "<li>half</li>"),
        (
            "[Ons werk](https://a.example/x)",
            "Ons werk (https://a.example/x)",
            '<a href="https://a.example/x" rel="noopener noreferrer">Ons werk</a>',
        ),
        ("<https://a.example>", "https://a.example", ">https://a.example</a>"),
        ("# Geen kop, <b>geen html</b>", "# Geen kop, <b>geen html</b>", "<p># Geen kop, &lt;b&gt;"),
    ],
)
def test_small_markdown_is_spoken_in_both_parts(typed: str, plain: str, rich: str) -> None:
    assert to_plain(typed, {}) == plain
    assert rich in to_html(typed, {}, in_mail=False)
