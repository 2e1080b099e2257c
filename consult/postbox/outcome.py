"""What the postbox hands to a feature and what it gets back. Features above implement ``Correspondent``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.postbox.bounces import Bounce
    from consult.scheduling.reader import Answer
    from consult.settings import Settings


class Judged(StrEnum):
    """What a mail was judged to be; kept with it, and put into words by whoever shows it."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DELEGATED = "delegated"
    OLD_ANSWER = "old-answer"
    KNOWN_ANSWER = "known-answer"
    UNKNOWN_ATTENDEE = "unknown-attendee"
    PROPOSAL = "proposal"
    REFRESH = "refresh"
    ANSWER = "answer"
    VISITOR_TEXT = "visitor-text"
    ADVISOR_TEXT = "advisor-text"
    ADVISOR_NOTE = "advisor-note"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    OWN = "own"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that was opened: who wrote it (in small letters, unproven), to which token, and the key that makes it one.

    ``key`` is at most 64 characters and the same for every delivery of the mail.
    """

    id: int
    key: str
    token: str | None
    sender: str
    sender_name: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a feature made of a mail: the subject it belongs to, and what a person should read of it.

    With ``left`` a person has to look: nothing was done with it, for the reason in that code.
    """

    subject: tuple[str, int]
    judged: Judged
    text: str | None = None
    left: str | None = None


class Correspondent(Protocol):
    """A feature that mail can be about. Every function flushes and never commits; a second call with the same mail
    changes nothing. None as an answer means: this mail is not about mine.
    """

    kind: str

    def locate(self, session: DbSession, token: str, *, settings: Settings) -> int | None:
        """The id of the subject that a token names."""

    def take_text(
        self, session: DbSession, mail: Arrived, text: str, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """A person wrote ``text`` to a token of mine."""

    def take_answer(
        self, session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """A calendar answered, to a token of mine or without any token."""

    def take_bounce(
        self, session: DbSession, lost: OutgoingMail, bounce: Bounce, *, settings: Settings, now: datetime
    ) -> None:
        """A mail of mine (``lost.subject_kind`` is my kind) did not arrive, for the first time that we hear of it."""
