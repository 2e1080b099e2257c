"""Every code that is written down about a question or a talk has words at the desk."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import consult
from consult.desk.event_words import SENTENCES, TELLERS, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

CODE = re.compile(r"(booking|enquiry|contact)\.[a-z_-]+")
# A code stands in a call that writes down; end_talk and note hand theirs on to record.
WRITERS = frozenset({"record", "end_talk", "note", "_note"})
NAMES = {1: "Rik de Wit", 2: "Sam Bos"}


def written() -> Iterator[str]:
    for path in Path(consult.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", None) in WRITERS:
                for given in call.args:
                    code = given.value if isinstance(given, ast.Constant) else None
                    if isinstance(code, str) and CODE.fullmatch(code):
                        yield code


def test_every_code_that_is_written_down_has_words() -> None:
    assert set(written()) - SENTENCES.keys() - TELLERS.keys() == set()


@pytest.mark.parametrize(
    ("what", "actor", "data", "why", "said"),
    [
        ("booking.created", "visitor", {}, None, "De bezoeker heeft het gesprek gepland."),
        ("booking.approved", "advisor:1", {}, None, "Rik de Wit heeft het gesprek bevestigd."),
        (
            "enquiry.closed",
            "key:3",
            {"in_name_of": 1},
            None,
            "Een programma, namens Rik de Wit, heeft de vraag afgerond.",
        ),
        ("enquiry.closed", "key:3", {}, None, "Een programma heeft de vraag afgerond."),
        ("booking.cancelled", "advisor:9", {}, None, "Een oud-collega heeft het gesprek afgezegd."),
        ("booking.answered", "guest", {"participation": "DECLINED"}, None, "Een genodigde komt niet."),
        (
            "booking.answered",
            "visitor",
            {"participation": "IN-PROCESS"},
            None,
            "De bezoeker heeft geantwoord.",
        ),
        (
            "booking.answered_old",
            "system",
            {"participation": "ACCEPTED"},
            None,
            "Antwoord op het oude moment: De genodigde komt.",
        ),
        (
            "booking.moved",
            "visitor",
            {"before": "2026-11-19T10:00:00+00:00"},
            None,
            "De bezoeker heeft het gesprek verzet. Het was op 19 nov 2026, 11.00.",
        ),
        (
            "booking.place_changed",
            "advisor:1",
            {"before": "phone"},
            None,
            "Rik de Wit heeft de plek veranderd. Het was telefonisch.",
        ),
        (
            "booking.handed_over",
            "advisor:1",
            {"advisor": 2, "before": 1},
            "Vakantie",
            "Rik de Wit heeft het gesprek overgedragen aan Sam Bos. Reden: Vakantie",
        ),
        ("enquiry.let_through", "account:3", {}, None, "Een coördinator heeft de vraag doorgelaten."),
        ("enquiry.bounced", "system", {}, None, "Een mail over deze vraag kwam niet aan."),
    ],
)
def test_what_happened_is_told_in_words(
    app: Flask, what: str, actor: str, data: dict[str, object], why: str | None, said: str
) -> None:
    with app.test_request_context("/"):
        assert sentence(what, actor, data, why, NAMES) == said
