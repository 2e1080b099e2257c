"""Invented people, moments and addresses with which a text is shown before anybody gets it.

No two values are alike, so that the default can be told from what is filled in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

VISITOR, ADVISOR, COLLEAGUE = "Sanne de Boer", "Rik de Wit", "Mirte Smit"
FIRST_NAME = "Rik"
REFERENCE, TALK_REFERENCE = "C-2026-0412", "A-2026-0187"
PLACE = "Stadhuis Zwolle, kamer 2.14"
LINK = "https://bureau.example/voorbeeld"
BEGINS, ENDS = datetime(2026, 12, 3, 13, tzinfo=UTC), datetime(2026, 12, 3, 13, 30, tzinfo=UTC)
PROPOSED = (datetime(2026, 12, 8, 9, tzinfo=UTC), datetime(2026, 12, 8, 9, 30, tzinfo=UTC))
ANSWER_BY = datetime(2026, 11, 24, 16, tzinfo=UTC)
LAST = datetime(2027, 2, 25, 13, tzinfo=UTC)

TALK = {
    "name": VISITOR,
    "starts_at": BEGINS,
    "ends_at": ENDS,
    "other": ADVISOR,
    "advisors": ADVISOR,
    "took_over": False,
    "visitor": VISITOR,
    "place": PLACE,
    "reference": TALK_REFERENCE,
    "link": LINK,
    "role": "visitor",
    "why": None,
    "planned_by": None,
    "moment": PROPOSED,
    "answer_by": ANSWER_BY,
}
SERIES = {
    "name": VISITOR,
    "other": ADVISOR,
    "visitor": VISITOR,
    "rhythm": "elke week",
    "until_at": LAST,
    "place": PLACE,
    "dates": [(BEGINS, ENDS), PROPOSED],
    "skipped": [],
    "why": None,
    "role": "visitor",
    "link": LINK,
    "extend_link": f"{LINK}/verlengen",
}
SEAT = {
    "name": VISITOR,
    "title": "Kennissessie wijkgesprekken",
    "starts_at": BEGINS,
    "ends_at": ENDS,
    "place": PLACE,
    "called_off": False,
    "session_link": LINK,
    "link": LINK,
    "handout": f"{LINK}.pdf",
    "handout_title": "Vijf vragen voor de wijk",
    "why": None,
    "state": "confirmed",
    "offered_until": "vrijdag 27 november, 14.00 uur",
    "for_host": False,
}
QUESTION = {
    "name": VISITOR,
    "reference": REFERENCE,
    "advisor": SimpleNamespace(name=ADVISOR, first_name=FIRST_NAME, signature=""),
    "answer_by": ANSWER_BY,
    "link": LINK,
    "question": "Hoe begin ik een wijkgesprek?",
    "by_mail": True,
    "answer": "Begin met een rondje langs de sleutelfiguren in de wijk.",
}
DESK = {
    **QUESTION,
    "name": FIRST_NAME,
    "urgent": True,
    "channel": "phone",
    "due": "dinsdag 24 november, 17.00 uur",
    "owner": COLLEAGUE,
    "unowned": False,
    "taker": COLLEAGUE,
    "why": "no-address",
    "waiting": SimpleNamespace(questions=3, late=1, talks=2),
}
