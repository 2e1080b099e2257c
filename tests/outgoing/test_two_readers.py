"""The rules of CALENDAR for every message that leaves, on bytes that two programs read which did not write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from tests.engines.scheduling.samples import lines
from tests.outgoing.messages import calendar_of, parsed, words_of
from tests.outgoing.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consult.outbox.models import OutgoingMail
    from tests.outgoing.scenes import Scene

TEAM = ("rik@", "sam@", "mirte@")


@dataclass(frozen=True)
class Message:
    """One mail with a calendar part, as two readers see it."""

    mail: OutgoingMail
    method: str
    raw: bytes
    one: list[Any]
    other: list[Any]

    def lines(self, name: str) -> list[str]:
        """The unfolded lines of its meetings with this property."""
        inside = self.raw.decode().replace("\r\n ", "").partition("BEGIN:VEVENT")[2].split("\r\n")
        return [line for line in inside if line.startswith((f"{name}:", f"{name};"))]


def messages(scene: Scene) -> Iterator[Message]:
    for _, mails in scene.steps:
        for mail in mails:
            found = calendar_of(mail)
            if found is not None:
                method, raw = found
                one = IcsCalendarStream.calendar_from_ics(raw.decode()).events
                yield Message(mail, method, raw, one, vobject.readOne(raw.decode()).vevent_list)


def instant(at: date) -> datetime:
    assert isinstance(at, datetime)
    assert at.tzinfo is not None
    return at.astimezone(UTC)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_two_readers_find_the_same_and_nothing_that_is_not_allowed(
    play: Callable[[str, str], Scene], name: str, language: str
) -> None:
    found = list(messages(play(name, language)))
    assert found
    for message in found:
        _is_well_formed(message)
        _names_its_receiver_only(message)
        _is_read_alike(message)


def _is_well_formed(message: Message) -> None:
    said = lines(message.raw)
    assert f"METHOD:{message.method}" in said
    for once in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE", "SEQUENCE"):
        assert len(message.lines(once)) == len(message.one), once
    statuses = {line.partition(":")[2] for line in message.lines("STATUS")}
    assert statuses == ({"CANCELLED"} if message.method == "CANCEL" else {"CONFIRMED"})
    has_alarm = b"BEGIN:VALARM" in message.raw
    is_colleague = message.mail.recipient.startswith(TEAM)
    assert has_alarm == (is_colleague and message.method == "REQUEST")
    assert ("RSVP=TRUE" in message.lines("ATTENDEE")[0]) == (message.method == "REQUEST")


def _names_its_receiver_only(message: Message) -> None:
    sender = parseaddr(str(parsed(message.mail)["From"]))[1]
    for event in message.one:
        assert [each.uri for each in event.attendees] == [f"mailto:{message.mail.recipient}"]
        assert event.organizer.uri == f"mailto:{sender}"
    told = message.raw.decode() + words_of(message.mail)
    assert "Onrust" not in told, "what it is about stays out of calendars and mails"
    if not message.mail.recipient.startswith(TEAM):
        assert not any(each in message.raw.decode() for each in TEAM)


def _is_read_alike(message: Message) -> None:
    assert len(message.one) == len(message.other)
    for event, same in zip(message.one, message.other, strict=True):
        assert event.uid == same.uid.value
        assert event.summary == same.summary.value
        assert event.location == same.location.value
        assert event.sequence == int(same.sequence.value)
        assert instant(event.dtstart) == instant(same.dtstart.value)
        assert instant(event.dtend) == instant(same.dtend.value)
        assert instant(event.dtstart) < instant(event.dtend)
        assert same.dtstart.value.astimezone(UTC) == instant(event.dtstart)


@pytest.mark.parametrize("name", SCENES)
def test_what_one_person_hears_of_one_meeting_is_newer_every_time(
    play: Callable[[str, str], Scene], name: str
) -> None:
    heard: dict[tuple[str, str, str], tuple[int, datetime, str]] = {}
    for message in messages(play(name, "nl")):
        if message.mail.event.endswith("-resent") or message.method == "DECLINECOUNTER":
            continue
        for event, organizer in zip(message.other, message.lines("ORGANIZER"), strict=True):
            occurrence = str(event.recurrence_id.value) if hasattr(event, "recurrence_id") else ""
            known_by = (message.mail.recipient, event.uid.value, occurrence)
            now = (int(event.sequence.value), event.dtstamp.value, organizer.rpartition("mailto:")[2])
            if known_by in heard:
                sequence, stamp, address = heard[known_by]
                assert now[0] > sequence, known_by
                assert now[1] > stamp, known_by
                assert now[2] == address, "one meeting has one organizer"
            heard[known_by] = now


@pytest.mark.parametrize("name", SCENES)
def test_a_reminder_and_a_question_carry_no_calendar(play: Callable[[str, str], Scene], name: str) -> None:
    for _, mails in play(name, "nl").steps:
        for mail in mails:
            if mail.event.endswith(
                ("-reminder", "-ending", "-requested", "-proposed", "-message", "-handout")
            ):
                is_answer = mail.event == "booking-guest-proposed"
                assert (calendar_of(mail) is not None) == is_answer, mail.event
