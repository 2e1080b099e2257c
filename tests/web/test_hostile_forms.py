"""Every public form and call under what nobody means well: wrong shapes, bytes and sizes; never a 500, never slow.

The forms are found by opening the pages, so that a new public page is attacked without being named here.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from tests.support import group_rows, rows
from tests.support.pages import Visitor
from tests.web.access import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import Transaction
    from tests.support.pages import Page

SEED = 20261120
WITHIN_SECONDS = 2.0
TOO_MUCH = 256 * 1024
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class PublicForm:
    """A form that a visitor can send, with what its page fills in."""

    address: str
    values: dict[str, list[str]]


@dataclass(frozen=True)
class Public:
    """What the outside can reach: pages, the forms on them, and the calls of the API."""

    client: FlaskClient
    pages: tuple[str, ...]
    forms: tuple[PublicForm, ...]
    calls: tuple[tuple[str, str], ...]

    def send(self, method: str, address: str, body: bytes = b"", kind: str = FORM) -> int:
        """Send exactly these bytes; fails on a 500, on a late answer, and on an answer that is no answer."""
        began = time.monotonic()
        answer = self.client.open(address, method=method, data=body, content_type=kind)
        took = time.monotonic() - began
        told = f"{method} {address[:80]} {kind} {body[:120]!r}"
        assert 200 <= answer.status_code < 500, f"{answer.status_code}: {told}"
        assert took < WITHIN_SECONDS, f"{took:.1f} s: {told}"
        assert answer.get_data() is not None
        answer.close()
        return answer.status_code


def _forms_on(page: Page) -> Iterator[PublicForm]:
    for element in page.tree.all("form"):
        if element.get("method").lower() == "post":
            button = next(iter(element.all("button"))).text
            form = page.form(button)
            yield PublicForm(element.get("action") or page.address, dict(form.values))


@pytest.fixture
def public(app: Flask, client: FlaskClient, transaction: Transaction, settings: Settings) -> Public:
    """A firm with a question, a talk and a seat behind private links."""
    with transaction() as session:
        topic = rows.create_topic(session)
        rik = rows.create_advisor(session, topics=[topic])
        rows.create_page(session, advisors=[rik], topic=topic)
        kind = rows.create_meeting_type(session)
        asked = rows.ask(session, settings).token
        booked = rows.book(session, settings, kind, [rik], datetime(2026, 11, 20, 9, tzinfo=UTC)).token
        group = group_rows.plan(session, settings, (rik,))
        slug = group.slug
    pages = (
        "/",
        "/p/polarisatie",
        "/vraag?pagina=polarisatie",
        "/embed/polarisatie",
        f"/v/{asked}",
        f"/v/{asked}/gegevens",
        "/afspraak/rik?slot=2026-11-19T09:00:00Z",
        f"/a/{booked}",
        f"/a/{booked}/verzetten",
        f"/a/{booked}/afzeggen",
        f"/a/{booked}/voorstellen",
        f"/bijeenkomst/{slug}",
        "/inloggen",
        "/inloggen/wachtwoord-kwijt",
    )
    visitor = Visitor(client)
    forms = [form for each in pages for form in _forms_on(visitor.open(each))]
    assert len(forms) > 9
    wanted = CLASSES["api"] | CLASSES["api: acts"] | CLASSES["api: looks"]
    calls = {
        (method, rule.rule.replace("<reference>", "C-2026-0001"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint in wanted
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    return Public(client, pages, tuple(forms), tuple(sorted(calls)))


ODD = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\r\nBcc: evil@example.org",
    "\u202egro.elpmaxe@live",
    "\ufeff\u200b\u200d",
    "=?utf-8?q?=0D=0ABcc:_evil@example.org?=",
    "=cmd|' /C calc'!A0",
    "{{7*7}}${7*7}%(x)s{0}",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "ﷺ" * 300,
    "Z\u0351\u036b\u0343" * 400,
    "9" * 5000,
    "-1",
    "1e999",
    "NaN",
    "2026-02-30T25:61:61Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2147483648",
    "http://[::1",
    "a@" + "b" * 300 + ".example",
    "x" * 60_000,
)
RAW = (
    b"\x00",
    b"\xff\xfe=\xff",
    b"%",
    b"%zz=%u1234&%00=%00",
    b"\xed\xa0\x80=\xed\xbf\xbf",
    b"question=%ED%A0%80&name=%F8%88%80%80%80",
    b"&&&===;;;",
    b"question" + b"[]" * 20_000 + b"=x",
    b"&".join(b"f%d=1" % number for number in range(10_000)),
    b"question=x&" * 5_000,
    b"question=" + b"x" * (TOO_MUCH + 1),
    b"question=" + b"%41" * 80_000,
)
KINDS = (
    FORM,
    f"{FORM}; charset=utf-7",
    f"{FORM}; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "text/plain",
    "application/xml",
    "\x7f/\x7f",
    "",
)
PARTS = (
    b"--x\r\n",
    b"--x--",
    b'--x\r\nContent-Disposition: form-data; name="question"\r\n\r\nx',
    b'--x\r\nContent-Disposition: form-data; name="question"; filename="\x00../a"\r\n\r\nx\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\n\r\nx\r\n--x--\r\n",
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % number for number in range(2000)
    )
    + b"--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="question"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--',
)
DEEP = b"[" * 100_000 + b"]" * 100_000
JSON_BODIES = (
    b"",
    b"null",
    b"[]",
    b"0",
    b'"x"',
    b"{",
    b"NaN",
    b"\xff",
    b"\xef\xbb\xbf{}",
    DEEP,
    b'{"question":' + DEEP + b"}",
    b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    b'{"question":"a","question":"b","name":"c","name":[]}',
    b'{"question":"\\ud800","name":"\\u0000","email":"\\udfff@a.nl"}',
    b'{"question":1e999,"name":-0,"email":true}',
    b'{"question":' + b"9" * 6000 + b"}",
    b'{"name":"' + b"x" * TOO_MUCH + b'"}',
    b'{"start":"2026-13-45T99:99:99Z","meetingType":{"$ne":null},"name":{},"email":[],"guests":[[[]]]}',
    json.dumps({f"f{number}": number for number in range(10_000)}).encode(),
)


@pytest.mark.proof
def test_bodies_that_are_no_form_are_refused(public: Public) -> None:
    addresses = sorted({form.address for form in public.forms})
    for address in addresses:
        for body in RAW:
            public.send("POST", address, body)
        for body in PARTS:
            public.send("POST", address, body, "multipart/form-data; boundary=x")
        for kind in KINDS:
            public.send("POST", address, b"question=x", kind)
        for body in JSON_BODIES:
            public.send("POST", address, body, "application/json")


@pytest.mark.proof
def test_a_form_with_one_odd_answer_is_answered(public: Public) -> None:
    for form in public.forms:
        for turn, name in enumerate(form.values):
            # Every value with every field takes half a minute: each field gets a third, the next one another third.
            for value in ODD[turn % 3 :: 3]:
                changed = form.values | {name: [value]}
                public.send("POST", form.address, urlencode(changed, doseq=True).encode())


@pytest.mark.proof
def test_calls_with_bodies_of_any_shape_are_answered(public: Public) -> None:
    for method, address in public.calls:
        for body in JSON_BODIES if method == "POST" else ():
            public.send(method, address, body, "application/json")
        for kind in KINDS if method == "POST" else ():
            public.send(method, address, b"{}", kind)


@pytest.mark.proof
def test_addresses_and_queries_of_any_shape_are_answered(public: Public) -> None:
    reads = [address for method, address in public.calls if method == "GET"]
    names = (
        "from",
        "to",
        "meetingType",
        "advisor",
        "page",
        "taal",
        "slot",
        "vanaf",
        "thema",
        "next",
        "cursor",
    )
    for address in (*public.pages, *reads):
        bare = address.partition("?")[0]
        for value in ODD:
            odd = quote_from_bytes(value.encode()[:2000])
            query = "&".join(f"{name}={odd}" for name in names)
            public.send("GET", f"{bare}?{query}")
    for value in (*ODD, "%ED%A0%80", "%00", "%2e%2e%2f" * 50, "%c0%ae"):
        odd = value if value.startswith("%") else quote_from_bytes(value.encode()[:2000], safe="")
        for before in (
            "/",
            "/p/",
            "/v/",
            "/a/",
            "/s/",
            "/afspraak/",
            "/bijeenkomst/",
            "/embed/",
            "/api/v1/pages/",
        ):
            public.send("GET", f"{before}{odd}")


def _spoil(chance: random.Random, values: dict[str, list[str]]) -> bytes:
    """A form in which up to four things are wrong at once."""
    changed = {name: list(each) for name, each in values.items()}
    spoilers: tuple[Callable[[str], object], ...] = (
        lambda name: changed.update({name: [chance.choice(ODD)]}),
        lambda name: changed.update({name: [*changed[name], chance.choice(ODD)]}),
        changed.pop,
        lambda name: changed.update({f"{name}[]": changed[name]}),
        lambda name: changed.update({name: [chr(chance.randrange(1, 0xD7FF)) for _ in range(40)]}),
    )
    for _ in range(chance.randrange(1, 5)):
        if changed:
            chance.choice(spoilers)(chance.choice(sorted(changed)))
    body = bytearray(urlencode(changed, doseq=True).encode())
    for _ in range(chance.choice((0, 0, 0, 3))):
        body[chance.randrange(len(body) or 1) : chance.randrange(len(body) or 1)] = chance.randbytes(2)
    return bytes(body)


@pytest.mark.proof
def test_a_seeded_storm_on_every_form_brings_nothing_down(public: Public) -> None:
    chance = random.Random(SEED)  # noqa: S311 (the same storm tomorrow)
    until, sent = time.monotonic() + 6, 0
    while time.monotonic() < until and sent < 1500:
        form = chance.choice(public.forms)
        public.send("POST", form.address, _spoil(chance, form.values))
        sent += 1
    assert sent > 100
    assert public.send("GET", "/") == 200


TEXTS = st.one_of(st.text(max_size=200), st.sampled_from(ODD[:-1]))
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("question", "name", "email", "start", "meetingType", "topic", "guests", "channel", "phone", "place")


@pytest.mark.proof
@bounds(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS) | TEXTS, JSON_LIKE, max_size=8))
def test_any_json_is_answered(public: Public, told: dict[str, object]) -> None:
    body = json.dumps(told).encode()
    for call in ("enquiries", "bookings", "slots/hold"):
        public.send("POST", f"/api/v1/{call}", body, "application/json")


@pytest.mark.proof
@bounds(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_answers_in_a_form_are_answered(public: Public, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(public.forms))
    answers = data.draw(st.fixed_dictionaries({name: st.lists(TEXTS, max_size=2) for name in form.values}))
    token = {name: each for name, each in form.values.items() if name == "csrf_token"}
    public.send("POST", form.address, urlencode(answers | token, doseq=True, errors="replace").encode())


def test_what_is_too_much_or_too_many_is_refused_at_once(client: FlaskClient) -> None:
    """The quick part, in every run: the limits of TRUST.md on the form that everybody knows."""
    public = Public(client, (), (), ())
    assert public.send("POST", "/vraag", b"question=" + b"x" * (TOO_MUCH + 1)) == 413
    many = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % number for number in range(201)
    )
    assert public.send("POST", "/vraag", many + b"--x--\r\n", "multipart/form-data; boundary=x") == 413
    assert public.send("POST", "/api/v1/enquiries", DEEP, "application/json") in {400, 422}
    assert public.send("POST", "/vraag", b"\xff\xfe=%00", FORM) == 422


@pytest.mark.parametrize(
    ("address", "body", "kind"),
    [
        ("/vraag", PARTS[3], "multipart/form-data; boundary=x"),
        ("/vraag", b'{"question":{"a":[1]}}', "application/json"),
        ("/inloggen", PARTS[4], "multipart/form-data; boundary=x"),
    ],
    ids=["a file where a text belongs", "JSON in place of a form", "a part without a name"],
)
def test_what_is_no_text_is_no_answer(client: FlaskClient, address: str, body: bytes, kind: str) -> None:
    assert Public(client, (), (), ()).send("POST", address, body, kind) == 422
