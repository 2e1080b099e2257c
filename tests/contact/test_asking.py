from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult.contact.models import Channel, Enquiry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")

ASK = "Verstuur uw vraag"
WHO = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke Jansen"}
NEEDS_MAIL = "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."
NEEDS_NUMBER = "Vul uw telefoonnummer in."


def stored(transaction: Transaction) -> Sequence[Row[Any]]:
    with transaction() as session:
        return session.execute(select(Enquiry.__table__)).all()


@pytest.mark.parametrize(
    ("channel", "answers", "kept", "said"),
    [
        (
            "Per e-mail",
            {"Uw e-mailadres": "Joke@Gemeente.NL"},
            (Channel.EMAIL, "Joke@gemeente.nl", None, None),
            "U krijgt antwoord op Joke@gemeente.nl.",
        ),
        (
            "Bel mij terug",
            {"Uw telefoonnummer": "06 - 1234 5678", "Wanneer bent u bereikbaar?": "na vieren"},
            (Channel.PHONE, None, "+31612345678", "na vieren"),
            "Wij bellen u op 06 12345678.",
        ),
        (
            "Via WhatsApp",
            {"Uw telefoonnummer": "0031 6 12345678"},
            (Channel.WHATSAPP, None, "+31612345678", None),
            "Wij sturen u een appje op 06 12345678.",
        ),
    ],
)
def test_one_way_to_answer_is_enough(
    visitor: Visitor,
    transaction: Transaction,
    channel: str,
    answers: dict[str, str],
    kept: tuple[Channel, str | None, str | None, str | None],
    said: str,
) -> None:
    page = visitor.open("/vraag").form(ASK).choose(channel).fill(WHO | answers).submit()
    assert page.heading == "Wij hebben uw vraag"
    assert said in page.text
    (enquiry,) = stored(transaction)
    assert (enquiry.channel, enquiry.email, enquiry.phone, enquiry.reachable) == kept
    assert (enquiry.question, enquiry.name, enquiry.state) == ("Hoe begin ik?", "Joke Jansen", "open")


@pytest.mark.parametrize(
    ("told", "channel", "answers", "errors"),
    [
        (
            "an empty form",
            "Per e-mail",
            {},
            {"question": "Vul uw vraag in.", "name": "Vul uw naam in.", "email": NEEDS_MAIL},
        ),
        (
            "spaces are nothing",
            "Per e-mail",
            WHO | {"Uw naam": " \t "},
            {"name": "Vul uw naam in.", "email": NEEDS_MAIL},
        ),
        ("no address", "Per e-mail", WHO, {"email": NEEDS_MAIL}),
        (
            "an address without a dot",
            "Per e-mail",
            WHO | {"Uw e-mailadres": "joke@gemeente"},
            {"email": NEEDS_MAIL},
        ),
        ("two addresses", "Per e-mail", WHO | {"Uw e-mailadres": "a@b.nl, c@d.nl"}, {"email": NEEDS_MAIL}),
        ("no number to call", "Bel mij terug", WHO, {"phone": NEEDS_NUMBER}),
        ("no number to app", "Via WhatsApp", WHO, {"phone": NEEDS_NUMBER}),
        (
            "a mobile number with a digit too few",
            "Via WhatsApp",
            WHO | {"Uw telefoonnummer": "06 1234 567"},
            {"phone": "Dit telefoonnummer klopt niet. Een mobiel nummer heeft 10 cijfers."},
        ),
        (
            "a wrong number that was not even needed",
            "Per e-mail",
            WHO | {"Uw e-mailadres": "joke@gemeente.nl", "Uw telefoonnummer": "12"},
            {"phone": "Dit telefoonnummer klopt niet. Een Nederlands nummer heeft 10 cijfers."},
        ),
        (
            "a name of two lines",
            "Per e-mail",
            WHO | {"Uw naam": "Joke\nBcc: x@y.nl", "Uw e-mailadres": "joke@gemeente.nl"},
            {"name": "Zet dit op één regel."},
        ),
        (
            "a question of 5,120 characters",
            "Per e-mail",
            WHO | {"Uw vraag": "a" * 5120, "Uw e-mailadres": "joke@gemeente.nl"},
            {"question": "Uw vraag is te lang. Haal 120 tekens weg."},
        ),
        (
            "one character too many",
            "Per e-mail",
            WHO | {"Uw vraag": "a" * 5001, "Uw e-mailadres": "joke@gemeente.nl"},
            {"question": "Uw vraag is te lang. Haal 1 teken weg."},
        ),
        (
            "an organisation that cannot be one",
            "Per e-mail",
            WHO | {"Uw organisatie": "x" * 203, "Uw e-mailadres": "joke@gemeente.nl"},
            {"organisation": "De naam van uw organisatie is te lang. Haal 3 tekens weg."},
        ),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    visitor: Visitor,
    transaction: Transaction,
    told: str,
    channel: str,
    answers: dict[str, str],
    errors: dict[str, str],
) -> None:
    page = visitor.open("/vraag").form(ASK).choose(channel).fill(answers).submit(status=422)
    # The title and the summary are checked on every page with mistakes (tests/support/pages.py).
    assert page.errors == errors, told
    form = page.form(ASK)
    for label, typed in answers.items():
        assert form.value(label) == typed.strip(), label
    assert form.values["channel"] == [form._choice(channel)[1]]  # noqa: SLF001 (the value of that radio)
    assert stored(transaction) == []


def test_everything_that_was_typed_survives_a_mistake_elsewhere(
    visitor: Visitor, transaction: Transaction
) -> None:
    everything = {
        "Uw vraag": "Eén <b>vraag</b>\n\nmet regels & tekens “” 🙂",
        "Uw naam": "Zoë d'Hondt-Öz",
        "Uw e-mailadres": "fout",
        "Uw telefoonnummer": "06 12345678",
        "Wanneer bent u bereikbaar?": "na vieren",
        "Uw organisatie": "gemeente Utrecht",
        "Wat heeft u nu nodig?": "vandaag iemand",
    }
    form = visitor.open("/vraag").form(ASK).fill(everything)
    form.choose("Per e-mail", "Inclusie", "Mirte Smit", "Dit heeft haast")
    again = form.submit(status=422).form(ASK)
    for label, typed in (everything | {"Uw telefoonnummer": "+31612345678"}).items():
        assert again.value(label) in {typed, everything[label]}, label
    assert (again.value("topic"), again.value("advisor")) == ("inclusie", "mirte")
    assert again.values["urgent"] == ["y"]
    again.fill({"Uw e-mailadres": "zoe@gemeente.nl"}).submit()
    (enquiry,) = stored(transaction)
    assert enquiry.question == everything["Uw vraag"]
    assert (enquiry.name, enquiry.needs, enquiry.urgent) == ("Zoë d'Hondt-Öz", "vandaag iemand", True)


def test_what_is_needed_now_is_kept_only_when_there_is_a_hurry(
    visitor: Visitor, transaction: Transaction
) -> None:
    form = visitor.open("/vraag").form(ASK).fill(WHO | {"Uw e-mailadres": "joke@gemeente.nl"})
    form.fill({"Wat heeft u nu nodig?": "iemand"}).submit()
    assert stored(transaction)[0].needs is None


def test_a_channel_that_was_never_offered_is_no_channel(visitor: Visitor, transaction: Transaction) -> None:
    form = visitor.open("/vraag").form(ASK).fill(WHO)
    form.values["channel"] = ["fax"]
    assert form.submit(status=422).errors["channel"] == "Kies een van de mogelijkheden."
    assert stored(transaction) == []


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [
        ("/vraag?adviseur=rik", "advisor", "rik"),
        ("/vraag?thema=inclusie", "topic", "inclusie"),
        ("/vraag?adviseur=weg", "advisor", ""),
        ("/vraag?adviseur=onzin&thema=onzin&pagina=onzin", "topic", ""),
    ],
    ids=["the advisor of the link", "the topic of the link", "somebody who left", "nonsense"],
)
def test_the_link_that_led_here_fills_in_what_it_names(
    visitor: Visitor, address: str, field: str, value: str
) -> None:
    assert visitor.open(address).form(ASK).value(field) == value


def test_from_a_page_only_its_own_advisors_can_be_chosen(visitor: Visitor) -> None:
    page = visitor.open("/vraag?pagina=polarisatie")
    assert "U leest “Omgaan met polarisatie”." in page.text
    options = [option.text for option in page.form(ASK)._control("advisor").all("option")]  # noqa: SLF001 (its options)
    assert options == ["Maakt niet uit", "Rik de Wit"]


def test_a_question_from_a_page_remembers_the_page_and_its_topic(
    visitor: Visitor, transaction: Transaction
) -> None:
    form = visitor.open("/vraag?pagina=inclusie").form(ASK)
    form.fill(WHO | {"Uw e-mailadres": "joke@gemeente.nl"}).submit()
    with transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert enquiry.page is not None
        assert enquiry.topic is not None
        assert (enquiry.page.slug, enquiry.topic.slug) == ("inclusie", "inclusie")
