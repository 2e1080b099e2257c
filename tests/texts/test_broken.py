"""What can be wrong with the places in a text, and on which line that is told."""

from __future__ import annotations

import pytest

from consult.outbox.texts.grammar import Fault, Problem, problems
from consult.outbox.texts.kinds import Said
from consult.outbox.texts.registry import of_key

RECEIVED = of_key("enquiry-received.visitor")
ASSIGNED = of_key("enquiry-assigned.colleague")
GOOD = "Dag {naam},\n\n{belofte}\n\n{vraag}\n\n{knop}"
SUBJECT = "Uw vraag {nummer}"


def test_a_text_with_everything_in_its_place_is_good() -> None:
    assert RECEIVED
    assert problems(RECEIVED, Said(SUBJECT, GOOD)) == ([], [])


@pytest.mark.parametrize(
    ("sentence", "body", "expected"),
    [
        (
            "a place that does not exist",
            GOOD + "\nBel {nummmer}",
            Problem(Fault.UNKNOWN, 8, "nummmer", "nummer"),
        ),
        (
            "a place with a capital",
            GOOD.replace("{naam}", "{Naam}"),
            Problem(Fault.UNKNOWN, 1, "Naam", "naam"),
        ),
        (
            "a place with blanks",
            GOOD.replace("{naam}", "{ naam }"),
            Problem(Fault.UNKNOWN, 1, " naam ", "naam"),
        ),
        ("an empty place", GOOD + "\n{}", Problem(Fault.UNKNOWN, 8, "", None)),
        ("a place of another mail", GOOD + "\n{ritme}", Problem(Fault.UNKNOWN, 8, "ritme", None)),
        (
            "a place with a field, as in a program",
            GOOD + "\n{naam.x}",
            Problem(Fault.UNKNOWN, 8, "naam.x", "naam"),
        ),
        ("a brace that is not closed", GOOD + "\n\nDag {naam", Problem(Fault.LOOSE, 9)),
        ("a brace that is not opened", "Dag naam},\n" + GOOD, Problem(Fault.LOOSE, 1)),
        ("a place in two lines", GOOD + "\n{na\nam}", Problem(Fault.LOOSE, 8)),
        ("braces in braces", GOOD + "\n{{naam}}", Problem(Fault.LOOSE, 8)),
        ("the button lost", GOOD.replace("\n\n{knop}", ""), Problem(Fault.MISSING, 5, "knop")),
        ("the promise lost", GOOD.replace("{belofte}", "Tot snel."), Problem(Fault.MISSING, 7, "belofte")),
        (
            "words beside the button",
            GOOD.replace("{knop}", "Klik {knop}"),
            Problem(Fault.NOT_ALONE, 7, "knop"),
        ),
        ("the button twice", GOOD + "\n{knop}", Problem(Fault.TWICE, 8, "knop")),
        (
            "a place in the address of a link",
            GOOD + "\n\nKijk\n[hier](https://x.example/{nummer})",
            Problem(Fault.IN_LINK, 10),
        ),
        (
            "a place in the title of a link",
            GOOD + '\n\n[hier](https://x.example "{nummer}")',
            Problem(Fault.IN_LINK, 9),
        ),
        ("a place in a bare address", GOOD + "\n\n<https://x.example/{nummer}>", Problem(Fault.IN_LINK, 9)),
    ],
)
def test_what_is_wrong_is_told_with_its_line(sentence: str, body: str, expected: Problem) -> None:
    assert RECEIVED
    subject, found = problems(RECEIVED, Said(SUBJECT, body))
    assert (subject, found[0]) == ([], expected), sentence


@pytest.mark.parametrize(
    ("sentence", "subject", "fault"),
    [
        ("what a stranger typed as a name", "Dag {naam}", Fault.NOT_IN_SUBJECT),
        ("a part of the template", "{knop}", Fault.NOT_IN_SUBJECT),
        ("a place that does not exist", "Vraag {numer}", Fault.UNKNOWN),
        ("a loose brace", "Vraag {nummer", Fault.LOOSE),
    ],
)
def test_a_subject_names_only_what_is_ours(sentence: str, subject: str, fault: Fault) -> None:
    assert RECEIVED
    assert [each.fault for each in problems(RECEIVED, Said(subject, GOOD))[0]] == [fault], sentence


def test_a_colleague_may_read_a_name_in_a_subject() -> None:
    assert ASSIGNED
    said = Said("{naam}, vraag {nummer} is voor u", "{bijzonderheden}\n{knop}")
    assert problems(ASSIGNED, said) == ([], [])
