from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import Enquiry

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")

EVIL = [
    ("an encoded word with a line break", "=?utf-8?q?Joke=0D=0ABcc:_evil@example.org?="),
    ("an encoded word in base64", "=?utf-8?b?Sm9rZQ0KQmNjOiBldmlsQGV4YW1wbGUub3Jn?="),
    ("a quote that closes the name", 'Joke" <evil@example.org>, "'),
    ("an address for a name", "evil@example.org, Joke"),
    ("right to left, to look like another", "Joke \u202egro.elpmaxe@live\u202c"),
    ("a folded header", "Joke\u2028Bcc: evil@example.org"),
    ("a null and a bell", "Joke\x00\x07Bcc: evil@example.org"),
    ("a tag", "<b>Joke</b><script>alert(1)</script>"),
    ("braces of a template", "{{ firm.phone }}{% raw %}%(name)s {0}"),
    ("a name of 128 letters that are no ASCII", "é" * 128),
    ("nothing but a joiner in an emoji", "👩‍👩‍👧 Joke"),
]


def question(name: str) -> dict[str, str]:
    return {"Uw vraag": "Hoe begin ik?", "Uw naam": name, "Uw e-mailadres": "joke@gemeente.nl"}


@pytest.mark.parametrize("name", [name for _, name in EVIL], ids=[told for told, _ in EVIL])
def test_a_hostile_name_reaches_nobody_else_and_changes_no_header(
    visitor: Visitor, transaction: Transaction, deliver_mail: DeliverMail, mailbox: Mailbox, name: str
) -> None:
    page = visitor.open("/vraag?adviseur=rik").form("Verstuur uw vraag").fill(question(name)).submit()
    assert page.heading == "Wij hebben uw vraag"
    assert "<script>alert" not in page.follow("Bekijk uw vraag").body
    with transaction() as session:
        (kept,) = session.scalars(select(Enquiry.name))
    assert not set("\r\n\x00\x07\u202e\u202c\u2028") & set(kept)
    deliver_mail()
    assert sorted(mail.recipients for mail in mailbox.deliveries) == [
        ("joke@gemeente.nl",),
        ("rik@bureau.example",),
    ]
    mail = mailbox.only("joke@gemeente.nl")
    plain = message_from_bytes(mail.content)
    assert plain["Bcc"] is None
    assert plain["Cc"] is None
    to = mail.message["To"].addresses
    assert [address.addr_spec for address in to] == ["joke@gemeente.nl"]
    assert not set("\r\n\x00\x07\u202e\u2028") & set(to[0].display_name)
    assert "<script>alert" not in mail.part("text/html")


@pytest.mark.parametrize(
    "field", ["Uw naam", "Wanneer bent u bereikbaar?", "Uw organisatie", "Wat heeft u nu nodig?"]
)
def test_a_line_break_in_a_line_is_refused(visitor: Visitor, transaction: Transaction, field: str) -> None:
    form = visitor.open("/vraag").form("Verstuur uw vraag").fill(question("Joke"))
    page = form.fill({field: "een\r\nBcc: evil@example.org"}).submit(status=422)
    assert list(page.errors.values()) == ["Zet dit op één regel."]
    with transaction() as session:
        assert session.scalars(select(Enquiry)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "joke@gemeente.nl\r\nBcc: evil@example.org",
        "joke@gemeente.nl,evil@example.org",
        "joke@gemeente.nl;evil@example.org",
        "Joke <joke@gemeente.nl>",
        '"joke evil"@gemeente.nl',
        "joke@[127.0.0.1]",
        "@gemeente.nl",
        "joke@gemeente..nl",
        "jöke@gemeente.nl",
        "a" * 65 + "@gemeente.nl",
        "joke@" + "a" * 250 + ".nl",
    ],
)
def test_only_one_plain_address_is_an_address(
    visitor: Visitor, transaction: Transaction, address: str
) -> None:
    page = (
        visitor.open("/vraag")
        .form("Verstuur uw vraag")
        .fill(question("Joke") | {"email": address})
        .submit(status=422)
    )
    assert list(page.errors) == ["email"]
    with transaction() as session:
        assert session.scalars(select(Enquiry)).all() == []


@pytest.mark.parametrize(
    ("told", "body", "kind"),
    [
        (
            "bytes that are no UTF-8",
            b"question=%ff%fe&name=%c3%28&channel=email",
            "application/x-www-form-urlencoded",
        ),
        ("half a percent", b"question=%&name=%e", "application/x-www-form-urlencoded"),
        (
            "a thousand fields",
            b"&".join(b"f%d=1" % n for n in range(1000)),
            "application/x-www-form-urlencoded",
        ),
        ("JSON", b'{"question": "?"}', "application/json"),
        (
            "a multipart form without an end",
            b"--x\r\nContent-Disposition: form-data",
            "multipart/form-data; boundary=x",
        ),
        ("a multipart form without a boundary", b"--x", "multipart/form-data"),
        ("a type that is no type", b"question=?", "\x01"),
        ("a character set that is none", b"question=?", "application/x-www-form-urlencoded; charset=no-such"),
        ("nothing", b"", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_form_gets_a_page_and_saves_nothing(
    client: FlaskClient, transaction: Transaction, told: str, body: bytes, kind: str
) -> None:
    answer = client.post("/vraag", data=body, content_type=kind)
    assert 400 <= answer.status_code < 500, told
    assert answer.mimetype == "text/html"
    with transaction() as session:
        assert session.scalars(select(Enquiry)).all() == []


def test_two_hundred_and_one_parts_are_too_many(client: FlaskClient) -> None:
    answer = client.post(
        "/vraag", data={f"f{n}": "1" for n in range(201)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
