"""Meetings and the checks every outgoing calendar object passes, shared by the tests of the writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from consult.scheduling.values import Meeting, Person

START = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
SAID = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
NASTY = 'Jan "de"; Vries, \\Noord é’ 🙂'


def meeting(**more: object) -> Meeting:
    """An invite as it is usual, with what the test wants otherwise."""
    start = more.get("start", START)
    assert isinstance(start, datetime)
    usual: dict[str, object] = {
        "uid": "4f2a@consult.example",
        "sequence": 0,
        "start": START,
        "end": start + timedelta(hours=1),
        "summary": "Gesprek met Rik Scheele (Bureau Voorbeeld)",
        "created_at": SAID,
        "changed_at": SAID,
        "organizer": Person("Rik Scheele", "contact+tok@consult.example"),
        "attendee": Person("Jan de Vries", "jan@zaanstad.example"),
    }
    return Meeting(**(usual | more))  # type: ignore[arg-type] # the test names the fields


def lines(raw: bytes) -> list[str]:
    """The content lines, unfolded, after checking what holds for every object (RFC 5545 3.1)."""
    assert raw.endswith(b"\r\n")
    physical = raw.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in physical)
    assert not any(b"\n" in line or b"\r" in line for line in physical)
    for line in physical:
        line.decode("utf-8")
    unfolded = raw.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    for once in ("VERSION:2.0", "PRODID:-//consult//agenda//NL", "BEGIN:VCALENDAR", "END:VCALENDAR"):
        assert unfolded.count(once) == 1
    return unfolded
