"""Mail through the whole postbox, into the database and to the talk it is about: damaged by chance, and in time."""

from __future__ import annotations

import random
import time
import tracemalloc
from threading import Event
from typing import TYPE_CHECKING

from consult.booking.models import Booking
from consult.postbox.models import ArrivalState
from tests.postbox.conftest import TALK_AT
from tests.postbox.letters import JOKE, SHAPES, address, bounce, calendar, letter

if TYPE_CHECKING:
    from tests.postbox.conftest import Firm

SETTLED = {ArrivalState.HANDLED, ArrivalState.UNREADABLE, ArrivalState.IGNORED}
SEEDS = [
    b"\x00", b"\xff\xfe", b"\r\n\r\n", b"--b1--", b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n", b"METHOD:COUNTER\r\n",
    b"DTSTART:99999999T999999Z\r\n", b"SEQUENCE:-1\r\n", b"charset=idna", b"=?utf-8?q?=0D=0A?=", b"\x1b$B", b"UID:\r\n",
    b"RECURRENCE-ID:20261120T090000Z\r\n", b"ATTENDEE:mailto:\r\n", b"COMMENT:" + b"a" * 3000 + b"\r\n", "🙂".encode(),
]  # fmt: skip


def whole(firm: Firm) -> list[bytes]:
    """Mails as they should be, about this firm's talk and question."""
    to = address(firm.tokens["visitor"])
    objects = (
        calendar(firm.uid, "DECLINED", comment="Nee"),
        calendar(firm.uid, method="COUNTER", start=TALK_AT.replace(day=23)),
        calendar(firm.uid, method="REFRESH"),
    )
    mails = [shape(each, to) for shape in SHAPES.values() for each in objects]
    mails += [
        letter("Graag dinsdag.", to=address(firm.enquiry_token)),
        bounce("<x@y>", to=to, invite=objects[0]),
    ]
    return mails


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The same mail after up to four mishaps on the way."""
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        mishap = chance.randrange(5)
        if mishap == 0:
            raw = raw[:at]
        elif mishap == 1:
            raw = raw[:at] + chance.choice(SEEDS) + raw[at:]
        elif mishap == 2:
            raw = raw[:at] + raw[min(end, at + 40) :]
        elif mishap == 3:
            raw = raw[:end] + raw[at:end][:4000] + raw[end:]
        elif at < len(raw):
            raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    return raw


def test_whatever_comes_is_kept_and_settled_and_moves_nothing(firm: Firm) -> None:
    chance = random.Random(20261120)  # noqa: S311 (mishaps, not secrets)
    mails = [damaged(raw, chance) for _ in range(8) for raw in whole(firm)]
    taken = set()
    tracemalloc.start()
    for number, raw in enumerate(mails):
        firm.postbox.take_in(raw, address(firm.tokens["visitor"]) if number % 3 else None)
        taken.add(raw)
    firm.postbox.open_waiting(Event())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024
    stored = firm.stored()
    assert len(stored) >= len(taken) // 2, "only repetitions are not stored again"
    assert {mail.state for mail in stored} <= SETTLED
    assert [mail.error for mail in stored if mail.attempts] == [], "nothing failed by a fault of ours"
    with firm.transaction() as session:
        booking = session.get_one(Booking, firm.booking_id)
        assert (booking.starts_at, booking.state) == (TALK_AT, "confirmed")
    assert {who for _, who in firm.told()} <= {"rik@bureau.example", JOKE}


def test_a_mail_is_taken_in_and_opened_within_fifty_milliseconds(firm: Firm) -> None:
    spent = []
    for number, raw in enumerate(whole(firm)):
        began = time.process_time()
        firm.postbox.take_in(raw.replace(b"<one@", b"<%d@" % number))
        firm.postbox.open_waiting(Event())
        spent.append(time.process_time() - began)
    # The first one reads templates and prepares statements; others use this machine as well.
    assert sorted(spent)[len(spent) // 2] < 0.05
    assert {mail.state for mail in firm.stored()} <= SETTLED
