"""Questions as they go out: what a visitor gets back, and what colleagues see of one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from consult.api.payloads.base import Links, Outgoing, Utc
from consult.api.payloads.sites import AdvisorOut
from consult.contact.models import Channel  # noqa: TC001 (pydantic reads it)
from consult.outbox.models import MailState  # noqa: TC001 (pydantic reads it)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consult.contact.models import Enquiry
    from consult.contact.thread import Entry

OPENING = 200
WHO = {"visitor": "visitor", "guest": "visitor", "advisor": "advisor", "account": "advisor", "key": "program"}


class ShownState(StrEnum):
    """Whose move a question is: ours, the visitor's, or nobody's. What waits for a look at spam does not go out."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Asked(Outgoing):
    """A question came in: its number, whose it is, when it will be answered, and its private page."""

    reference: str
    assigned_to: str | None
    answer_by: Utc
    status_url: str


class EnquiryLine(Outgoing):
    """A question in a list; ``opening`` is how it begins."""

    reference: str
    state: ShownState
    channel: Channel
    name: str
    organisation: str | None
    opening: str
    topic: str | None
    advisor: AdvisorOut | None
    urgent: bool
    asked_at: Utc
    answer_by: Utc
    answered_at: Utc | None
    closed_at: Utc | None

    @classmethod
    def of(cls, row: Enquiry) -> EnquiryLine:
        """As it stands now."""
        return cls(**_line(row), opening=row.question[:OPENING])


class EnquiryOut(Outgoing):
    """A question with who asked it and how to answer; ``mergedInto`` is the number of the one it became part of."""

    reference: str
    state: ShownState
    channel: Channel
    name: str
    organisation: str | None
    question: str
    email: str | None
    phone: str | None
    reachable: str | None
    needs: str | None
    language: str
    topic: str | None
    page: str | None
    advisor: AdvisorOut | None
    urgent: bool
    asked_at: Utc
    answer_by: Utc
    answered_at: Utc | None
    closed_at: Utc | None
    snoozed_until: Utc | None
    merged_into: str | None

    @classmethod
    def of(cls, row: Enquiry) -> EnquiryOut:
        """As it stands now."""
        return cls(
            **_line(row),
            question=row.question,
            email=row.email,
            phone=row.phone,
            reachable=row.reachable,
            needs=row.needs,
            language=row.language,
            page=row.page.slug if row.page else None,
            snoozed_until=row.snoozed_until,
            merged_into=row.merged_into.reference if row.merged_into else None,
        )


class EnquiryList(Outgoing):
    """A page of questions, the newest first."""

    enquiries: list[EnquiryLine]
    links: Links


class EntryOut(Outgoing):
    """One entry of a thread. ``by`` is what kind of person or program it is from, ``author`` a name where there is one.

    Of an event, ``text`` is its code, such as ``enquiry.assigned``, and ``why`` its reason. ``mailState`` is that of
    the mail that carries an answer.
    """

    kind: Literal["question", "reply", "note", "call", "event"]
    at: Utc
    by: Literal["visitor", "advisor", "program", "system"]
    author: str | None
    text: str
    why: str | None
    mail_state: MailState | None

    @classmethod
    def of(cls, entry: Entry, names: Mapping[int, str]) -> EntryOut:
        """One entry; ``names`` are those of the advisors by id."""
        by, author = _from(entry, names)
        state = entry.mail_state
        return cls.model_validate(
            {"kind": entry.kind, "at": entry.at, "by": by, "author": author, "text": entry.text}
            | {"why": entry.why, "mail_state": state}
        )


class EntryList(Outgoing):
    """The thread, oldest first."""

    entries: list[EntryOut]


def _line(row: Enquiry) -> dict[str, object]:
    return {
        "reference": row.reference,
        "state": row.state,
        "channel": row.channel,
        "name": row.name,
        "organisation": row.organisation.name if row.organisation else row.organisation_name,
        "topic": row.topic.slug if row.topic else None,
        "advisor": AdvisorOut.of(row.advisor) if row.advisor else None,
        "urgent": row.urgent,
        "asked_at": row.asked_at,
        "answer_by": row.answer_by,
        "answered_at": row.answered_at,
        "closed_at": row.closed_at,
    }


def _from(entry: Entry, names: Mapping[int, str]) -> tuple[str, str | None]:
    if entry.kind != "event":
        return "visitor" if entry.kind == "question" else "advisor", entry.author
    kind, _, number = (entry.author or "").partition(":")
    name = names.get(int(number)) if kind == "advisor" and number.isdecimal() else None
    return WHO.get(kind, "system"), name
