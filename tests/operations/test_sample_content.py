from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from xml.etree import ElementTree as ET

import phonenumbers
import pytest

from consult.booking.models import BookingState, Participation, Place
from consult.contact.models import Channel, EnquiryState, MessageKind
from consult.operations.sample import shapes
from consult.operations.sample.content import content
from consult.operations.sample.handout import handout

if TYPE_CHECKING:
    from consult.operations.sample.content import SampleAdvisor

STATIC = Path(__file__).parents[2] / "static"


def everything_written() -> list[str]:
    texts = content()
    spoken = [*texts.notes, *texts.follow_ups, *texts.hand_overs, *texts.needs, *texts.reachable]
    lists = [*texts.replies.values(), *texts.talks.values(), *texts.places.values()]
    pages = [text for page in texts.pages for text in (page.title, page.intro, page.body, page.invitation)]
    questions = [text for question in texts.questions for text in (question.subject, question.text)]
    return [*spoken, *pages, *questions, *(text for many in lists for text in many)]


def test_there_are_sixty_different_questions_of_two_to_five_sentences() -> None:
    questions = content().questions
    assert len(questions) == 60
    assert len({question.text for question in questions}) == 60
    assert len({question.subject for question in questions}) == 60
    for question in questions:
        assert 2 <= len(re.findall(r"[.?!](?:\s|$)", question.text)) <= 5, question.subject
        assert "\n" not in question.text


def test_threads_have_enough_to_say_without_repeating_themselves() -> None:
    texts = content()
    replies = [text for many in texts.replies.values() for text in many]
    assert len(set(replies)) == len(replies) >= 40
    assert len(set(texts.notes)) == len(texts.notes) >= 25
    assert len(set(texts.follow_ups)) == len(texts.follow_ups) >= 15
    assert set(texts.replies) == {"algemeen", *(topic.slug for topic in texts.topics)}


def test_no_text_holds_an_address_a_number_or_a_link_of_a_person() -> None:
    for text in everything_written():
        assert "@" not in text
        assert not re.search(r"\d{6,}|\+31|06[- ]?\d", text), text
        for host in re.findall(r"https?://([^/\s]+)", text):
            assert host.endswith(("example.nl", "example.org"))


def test_everything_that_is_named_exists() -> None:
    texts = content()
    topics = {topic.slug for topic in texts.topics}
    advisors = {advisor.slug for advisor in texts.advisors}
    assert len(topics) == len(advisors) == 6
    assert {question.topic for question in texts.questions} == topics
    assert {member for team in texts.teams for member in team.members} == advisors
    assert {page.topic for page in texts.pages} <= topics
    assert {slug for page in texts.pages for slug in page.advisors} <= advisors
    assert {slug for rule in texts.absences for slug in (rule.advisor, rule.stand_in)} <= advisors
    assert all(rule.advisor != rule.stand_in for rule in texts.absences)
    assert {place for kind in texts.meeting_types for place in kind.places} == set(get_args(shapes.Place))
    for topic in topics:
        assert any(topic in advisor.topics for advisor in texts.advisors), topic


def test_one_page_has_one_advisor_and_a_handout_and_the_other_has_four() -> None:
    first, second = content().pages
    assert len(first.advisors) == 1
    assert first.handout is not None
    assert (STATIC / first.handout).is_file()
    assert len(second.advisors) == 4
    for page in content().pages:
        assert page.invitation
        assert page.body.count("\n\n") >= 5


@pytest.mark.parametrize("advisor", content().advisors, ids=lambda advisor: advisor.slug)
def test_an_advisor_is_complete_and_reachable_at_nobody_real(advisor: SampleAdvisor) -> None:
    assert advisor.email == f"{advisor.slug}@example.nl"
    number = phonenumbers.parse(advisor.phone)
    assert phonenumbers.is_valid_number_for_region(number, "NL")
    assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    assert advisor.name.startswith(advisor.first_name)
    assert advisor.about
    for block in advisor.hours:
        assert block.starts < block.ends
    for one, other in pairwise(sorted(advisor.hours, key=lambda block: (block.weekday, block.starts))):
        assert one.weekday < other.weekday or one.ends <= other.starts


def test_no_two_advisors_work_the_same_week() -> None:
    weeks = [advisor.hours for advisor in content().advisors]
    assert len(set(weeks)) == len(weeks)


@pytest.mark.parametrize("advisor", content().advisors, ids=lambda advisor: advisor.slug)
def test_a_portrait_is_a_small_drawing_that_needs_nothing_else(advisor: SampleAdvisor) -> None:
    drawing = (STATIC / advisor.portrait).read_bytes()
    assert len(drawing) < 4096
    root = ET.fromstring(drawing)  # noqa: S314 - our own file
    assert root.get("viewBox") == "0 0 160 160"
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == f"Portret van {advisor.first_name}"
    assert not re.search(rb"<script|<style|<image|href|style=|\son\w+=", drawing)


def test_the_handout_in_static_is_the_one_that_the_text_makes() -> None:
    page = content().pages[0]
    assert page.handout is not None
    assert (STATIC / page.handout).read_bytes() == handout()


def test_the_handout_is_a_pdf_whose_table_points_at_its_objects() -> None:
    made = handout()
    assert made.startswith(b"%PDF-1.7\n")
    assert made.endswith(b"%%EOF\n")
    table = int(made.rsplit(b"startxref\n", 1)[1].split()[0])
    assert made[table:].startswith(b"xref\n0 8\n")
    starts = [int(line.split()[0]) for line in made[table:].split(b"trailer")[0].splitlines()[3:]]
    assert len(starts) == 7
    for number, start in enumerate(starts, start=1):
        assert made[start:].startswith(b"%d 0 obj\n" % number)
    length = int(re.findall(rb"<</Length (\d+)>>", made)[0])
    stream = made.split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0]
    assert len(stream) == length
    assert b"Vijf vragen bij polarisatie" in stream
    assert stream.count(b"BT") == stream.count(b"ET")


def test_the_handout_stays_on_its_page() -> None:
    heights = [float(height) for height in re.findall(rb"Tf \d+ ([\d.]+) Td", handout())]
    assert min(heights) > 48
    assert max(heights) < 842


def test_the_words_of_a_plan_are_those_that_the_features_store() -> None:
    assert set(get_args(shapes.Channel)) == set(Channel)
    assert set(get_args(shapes.EnquiryState)) == set(EnquiryState) - {EnquiryState.HELD}
    assert set(get_args(shapes.EntryKind)) >= set(MessageKind)
    assert set(get_args(shapes.Place)) == set(Place)
    assert set(get_args(shapes.BookingState)) == set(BookingState)
    assert set(get_args(shapes.Participation)) == set(Participation) - {Participation.DELEGATED}
