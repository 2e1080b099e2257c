"""Which tables tell something about a visitor, and which columns of those do not.

What is not named here as a code is taken for something that a person wrote, and is erased: a new column is safe until
somebody decides otherwise. A new table must be named here; a test finds the one that is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, LargeBinary, String

from consult.database import Model
from consult.sealing.types import plain_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Column, Table

# Kind of subject → its table. Everything about a person hangs on a row of one of these.
SUBJECTS: Mapping[str, str] = {
    "enquiry": "enquiry",
    "booking": "booking",
    "seat": "seat",
    "series": "talk_series",
    "contact": "contact",
}
# Rows that stay for the statistics, without a person: table → the columns that hold codes and numbers of ours.
KEPT: Mapping[str, frozenset[str]] = {
    "enquiry": frozenset({"reference", "state", "channel", "language", "held_for"}),
    "message": frozenset({"kind"}),
    "call_attempt": frozenset({"result"}),
    "booking": frozenset({"reference", "uid", "state", "place", "language", "outcome"}),
    "invitation": frozenset({"role", "language", "participation"}),
    "proposal": frozenset({"by", "state"}),
    "seat": frozenset({"state", "language"}),
    "talk_series": frozenset({"uid", "state", "frequency", "zone"}),
    "busy_period": frozenset(),
}
# Rows that go as a whole with the subject that they name by kind and number.
GOING = frozenset({"outgoing_mail", "incoming_mail", "personal_link", "webhook_delivery"})
# Only this long after a call does its answer exist; those about a person are found by the number in them.
ANSWERS = "idempotent_answer"
# Only added to: the texts go, the row stays (consult.privacy.trail).
TRAIL = "activity"
# Tables that hold nothing of a visitor but tell of a colleague, and what.
COLLEAGUES: Mapping[str, str] = {
    "absence": "when an advisor is away",
    "account": "who signs in",
    "account_role": "what an account may do",
    "advisor": "who advises",
    "advisor_topic": "what an advisor advises about",
    "api_key": "hashes of the keys of programs, with the names that colleagues gave them",
    "busy_calendar": "addresses of advisors' own calendars",
    "date_override": "hours of an advisor",
    "feed_address": "hashes of addresses for advisors' calendars",
    "foreign_busy": "when an advisor's own calendar is taken, without what for",
    "organisation": "organisations, of which most are municipalities, and whose they are",
    "own_rules": "how much rest and notice advisors want",
    "page_advisor": "who stands on a page",
    "passkey": "public keys with which a colleague signs in, and the names given to them",
    "portrait": "pictures of advisors",
    "provider_link": "who a colleague is at the provider of OpenID Connect",
    "recovery_code": "hashes of codes with which a colleague signs in without a telephone",
    "rule_draft": "routing rules that a coordinator is changing",
    "rule_version": "routing rules, and who saved them",
    "saved_reply": "texts of the firm and its advisors",
    "session_host": "which advisor hosts",
    "sign_in": "in which browser and from which network a colleague signed in",
    "sign_in_ticket": "what a colleague began at a sign-in and did not end yet, for minutes",
    "team_member": "who is in which team",
    "text_version": "texts of the firm, and who saved them",
    "topic_owner": "which advisor knows an organisation for a topic",
    "webhook": "addresses of other programs, and who gave them",
    "working_hours": "hours of an advisor",
    "written_meeting": "numbers and marks of what was written into an advisor's own calendar",
}
# Tables that tell of nobody, and what they hold instead.
NOBODY: Mapping[str, str] = {
    "article_watch": "whether articles still lead to our pages",
    "contact_page": "texts of the firm",
    "erasure": "which rows were erased, by number",
    "former_slug": "earlier names of pages",
    "group_session": "texts of the firm",
    "handout_count": "numbers per day",
    "handout_file": "files of the firm",
    "heartbeat": "names of our own processes",
    "holiday_setting": "days on which the firm works",
    "meeting_type": "texts of the firm",
    "reference_counter": "the last number given out",
    "role": "names of roles and what each may do",
    "team": "names of teams",
    "topic": "texts of the firm",
    "trail_opening": "nothing, outside a transaction that erases",
    "webhook_attempt": "when something was told to another program, and with which status",
}
OTHERS: Mapping[str, str] = {**COLLEAGUES, **NOBODY}


def tables() -> Mapping[str, Table]:
    """Every table there is, by name."""
    return Model.metadata.tables


def texts(table: Table) -> list[Column[object]]:
    """The columns that can hold words, as text, JSON or bytes."""
    return [each for each in table.columns if isinstance(plain_type(each), (String, JSON, LargeBinary))]


def written(table: Table) -> list[Column[object]]:
    """The columns that hold, or may hold, what a person wrote."""
    kept = KEPT.get(table.name, frozenset())
    return [each for each in texts(table) if each.name not in kept]


def children(kind: str) -> Iterable[tuple[Table, Column[object]]]:
    """The tables whose rows belong to a subject of this kind, each with the column that says to which.

    A reference that the database empties when the subject goes (SET NULL) does not make a row belong to it.
    """
    root = SUBJECTS[kind]
    for table in tables().values():
        if table.name in SUBJECTS.values():
            continue
        for key in table.foreign_keys:
            if key.target_fullname == f"{root}.id" and key.ondelete == "CASCADE":
                yield table, key.parent


def named_by_kind() -> Iterable[Table]:
    """The tables whose rows name their subject by kind and number, the trail and our own list left out."""
    for table in tables().values():
        if {"subject_kind", "subject_id"} <= set(table.columns.keys()) and table.name not in {
            TRAIL,
            "erasure",
        }:
            yield table


def unclassified() -> set[str]:
    """Tables of which this register does not say what they tell about a visitor."""
    known = {*SUBJECTS.values(), *KEPT, *GOING, *OTHERS, ANSWERS, TRAIL}
    hanging = {table.name for kind in SUBJECTS for table, _column in children(kind)}
    return set(tables()) - known - hanging - {table.name for table in named_by_kind()}
