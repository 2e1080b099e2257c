from __future__ import annotations

import time

import pytest

from consult.postbox.plain_text import from_html, typed

OWN = "Graag dinsdag.\nGroet, Joke"


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(
            "Op wo 18 nov 2026 om 10:00 schreef Rik de Wit <contact+a1@c.nl>:\n\n> Dag Joke\n> Wanneer?\n",
            id="Gmail in Dutch",
        ),
        pytest.param(
            "Op wo 18 nov 2026 om 10:00 schreef Rik de Wit (Bureau Voorbeeld)\n<contact+a1@c.nl>:\n\n> Dag\n",
            id="Gmail in Dutch, wrapped",
        ),
        pytest.param(
            "On Wed, 18 Nov 2026 at 10:00, Rik <a@c.nl> wrote:\n\n> Dear Joke\n", id="Gmail in English"
        ),
        pytest.param(
            "> Op 18 nov 2026, om 10:00 heeft Rik <a@c.nl> het volgende geschreven:\n> \n> Dag\n",
            id="Apple in Dutch",
        ),
        pytest.param(
            "Op 18 nov 2026, om 10:00 heeft Rik <a@c.nl> het volgende geschreven:\n\nDag\n",
            id="Apple, unmarked",
        ),
        pytest.param("On 18 Nov 2026, at 10:00, Rik <a@c.nl> wrote:\n> Dear\n", id="Apple in English"),
        pytest.param("Op 18-11-2026 om 10:00 schreef Rik de Wit:\n> Dag\n", id="Thunderbird in Dutch"),
        pytest.param(
            "Van: Rik de Wit <a@c.nl>\nVerzonden: woensdag 18 november 2026 10:00\nAan: Joke\n"
            "Onderwerp: Uw vraag\n\nDag Joke\n",
            id="Outlook in Dutch",
        ),
        pytest.param(
            "________________________________\nFrom: Rik <a@c.nl>\nSent: Wednesday\nTo: Joke\nSubject: x\n\nDear\n",
            id="Outlook on the web in English",
        ),
        pytest.param(
            "*Van:* Rik\n*Verzonden:* woensdag\n*Aan:* Joke\n*Onderwerp:* x\n\nDag\n",
            id="Outlook through Gmail",
        ),
        pytest.param("-----Oorspronkelijk bericht-----\nVan: Rik\n\nDag\n", id="Outlook, old, in Dutch"),
        pytest.param("-----Original Message-----\nFrom: Rik\n\nDear\n", id="Outlook, old, in English"),
        pytest.param(
            "Verstuurd vanaf mijn iPhone\n\nOp 18 nov 2026 om 10:00 schreef Rik <a@c.nl>:\n\n> Dag\n",
            id="iPhone",
        ),
        pytest.param("-- \nJoke Jansen\nGemeente Utrecht\n", id="a signature"),
    ],
)
def test_the_quoted_mail_and_the_signature_go(below: str) -> None:
    assert typed(f"{OWN}\n\n{below}") == OWN
    assert typed(f"{OWN}\r\n\r\n{below}".replace("\n", "\r\n")) == OWN


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(
            "> Wanneer?\nDinsdag\n> Waar?\nBij ons", "Dinsdag\nBij ons", id="answers between the lines"
        ),
        pytest.param("Op wo 18 nov schreef R <a@c>:\n> Dag\n\nDinsdag", "Dinsdag", id="below the quote"),
        pytest.param("> alleen een citaat", "> alleen een citaat", id="nothing else would be left"),
        pytest.param(
            "Op dinsdag kan ik.\nVan: 9 tot 10 uur", "Op dinsdag kan ik.\nVan: 9 tot 10 uur", id="no quote"
        ),
        pytest.param("Op ons plein:\nkom langs", "Op ons plein:\nkom langs", id="a sentence with a colon"),
        pytest.param("-- \n", "--", id="only a signature line"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_somebody_typed_stays(text: str, kept: str) -> None:
    assert typed(text) == kept


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            "<p>Graag dinsdag.<br>Groet,&nbsp;Joke</p><div class='gmail_quote'>Op d schreef", id="Gmail"
        ),
        pytest.param(
            "<div>Graag dinsdag.</div><div>Groet, Joke</div><div id=divRplyFwdMsg>Van", id="Outlook"
        ),
        pytest.param("<body>Graag dinsdag.<div>Groet, Joke</div><blockquote type='cite'>Dag", id="Apple"),
        pytest.param(
            "<style>p{}</style><script>x()</script><!-- y --><p>Graag dinsdag.</p><p>Groet, Joke</p>",
            id="hidden",
        ),
    ],
)
def test_html_becomes_the_text_that_was_seen(markup: str) -> None:
    assert typed(from_html(markup)).replace("\n\n", "\n") == OWN


def test_html_with_text_below_the_quote_only_is_still_read() -> None:
    assert "Dinsdag" in from_html("<blockquote type=cite>Wanneer?</blockquote><p>Dinsdag</p>")


@pytest.mark.parametrize(
    "piece",
    [
        "<b x=1>",
        "<p>",
        "<!--",
        "<script>",
        "<style",
        "<",
        "&amp;",
        "&#",
        "<a href='",
        "</",
        "<!",
        "\x00<",
        "\n \n",
    ],
)
def test_html_made_to_hurt_is_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    typed(from_html(piece * (256 * 1024 // len(piece))))
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "line",
    [
        "Op a schreef b schreef ",
        "> > > > ",
        "Van: Aan: ",
        "On x wrote ",
        "_" * 40 + "\n",
        "-- --",
        ":\n",
        "Op\n",
    ],
)
def test_text_made_to_hurt_is_read_in_no_time(line: str) -> None:
    started = time.process_time()
    typed(line * (256 * 1024 // len(line)))
    assert time.process_time() - started < 2
