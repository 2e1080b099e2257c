"""Contact pages with their block, and the questions that come in through them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor, Contact, Organisation, Topic
from consult.sealing.types import FindableText, SealedText


class Channel(StrEnum):
    """How the visitor wants to be answered."""

    EMAIL = "email"
    PHONE = "phone"
    WHATSAPP = "whatsapp"


class EnquiryState(StrEnum):
    """Whose move it is: ours, the visitor's, or nobody's; ``HELD`` waits for a look at possible spam."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"
    HELD = "held"


class MessageKind(StrEnum):
    """What an entry of a thread is."""

    VISITOR = "visitor"
    REPLY = "reply"
    NOTE = "note"


class CallResult(StrEnum):
    """What came of calling somebody back: spoken, no answer, or asked to call at another time."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    LATER = "later"


class ContactPage(Model):
    """The page behind the line "can we do something for you?" under an article.

    ``allowed_sites`` are the origins (``https://site.example``) that may show the page in a frame.
    """

    __tablename__ = "contact_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    invitation: Mapped[str] = mapped_column(Text, default="")
    article_url: Mapped[str | None] = mapped_column(String(500))
    handout: Mapped[str | None] = mapped_column(String(200))
    handout_title: Mapped[str | None] = mapped_column(String(200))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"))
    in_order: Mapped[bool] = mapped_column(default=False)
    allowed_sites: Mapped[list[str]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(default=True)
    topic: Mapped[Topic | None] = relationship()
    people: Mapped[list[PageAdvisor]] = relationship(
        order_by="PageAdvisor.position", cascade="all, delete-orphan", back_populates="page"
    )


class PageAdvisor(Model):
    """An advisor on a page, in order, with the channels this page shows for that person."""

    __tablename__ = "page_advisor"

    page_id: Mapped[int] = mapped_column(ForeignKey("contact_page.id", ondelete="CASCADE"), primary_key=True)
    advisor_id: Mapped[int] = mapped_column(
        ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    by_phone: Mapped[bool] = mapped_column(default=True)
    by_whatsapp: Mapped[bool] = mapped_column(default=True)
    by_email: Mapped[bool] = mapped_column(default=True)
    page: Mapped[ContactPage] = relationship(back_populates="people")
    advisor: Mapped[Advisor] = relationship(lazy="joined", innerjoin=True)


class Enquiry(Model):
    """A question from a visitor, from the moment it comes in until it is closed.

    ``decision`` is the routing decision as stored JSON. ``reply_token`` is part of the address that answers to
    our mails come back to. ``form_key`` is the key of the form that made it: the same form makes one enquiry.
    ``first_answer_by`` is ``answer_by`` as it stood when the first answer came, whatever was promised after that.
    At ``due_soon_at`` three quarters of the working time up to ``answer_by`` have passed; None: no promise runs.
    Of an urgent question that several people were told about, ``taken_at`` is when the first of them took it.
    Until ``snoozed_until`` it is out of sight at the desk; what was promised goes on. One with ``merged_into_id`` is
    closed, and what is still written about it goes to that question.
    ``stand_in_for_id`` is the absent advisor in whose place ``advisor`` has it: then nobody becomes the owner of the
    contact by answering.
    Of a held question ``held_for`` lists the signs that held it, and ``spam_at`` is when somebody judged it spam.
    """

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    reply_token: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=EnquiryState.OPEN)
    channel: Mapped[str] = mapped_column(String(10))
    question: Mapped[str] = mapped_column(SealedText())
    name: Mapped[str] = mapped_column(String(128))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(FindableText(20))
    reachable: Mapped[str | None] = mapped_column(SealedText(200))
    organisation_name: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("contact_page.id", ondelete="SET NULL"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    wanted_advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    stand_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    urgent: Mapped[bool] = mapped_column(default=False)
    needs: Mapped[str | None] = mapped_column(SealedText(500))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    first_answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("enquiry.id", ondelete="SET NULL"), index=True
    )
    held_for: Mapped[str | None] = mapped_column(String(100))
    spam_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    advisor: Mapped[Advisor | None] = relationship(foreign_keys=[advisor_id])
    topic: Mapped[Topic | None] = relationship()
    page: Mapped[ContactPage | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    merged_into: Mapped[Enquiry | None] = relationship(
        remote_side="Enquiry.id", foreign_keys=[merged_into_id]
    )
    messages: Mapped[list[Message]] = relationship(order_by="Message.at", cascade="all, delete-orphan")

    __table_args__ = (
        Index(None, "advisor_id", "state", "answer_by"),
        Index(None, "state", "answer_by"),
        Index(None, "organisation_id", "asked_at"),
        Index(None, "contact_id", "asked_at"),
    )


class Message(Model):
    """A later entry of the thread: what the visitor added, what an advisor answered, or a note among advisors."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(SealedText())
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mail.id", ondelete="SET NULL"))
    advisor: Mapped[Advisor | None] = relationship()

    __table_args__ = (Index(None, "enquiry_id", "at"),)


class CallAttempt(Model):
    """One time that somebody was called back; of ``LATER`` the window that was agreed for the next time."""

    __tablename__ = "call_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), index=True)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(SealedText())
    window_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    window_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RuleVersion(Model):
    """The routing rules as they stood from one saving to the next, as JSON in order; never changed afterwards.

    ``digest`` tells two lists with the same number apart. ``undo_of`` is the version whose rules these are again.
    """

    __tablename__ = "rule_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    saved_by: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undo_of: Mapped[int | None]


class RuleDraft(Model):
    """The rules as one coordinator is changing them, until they are saved; nothing is decided by them.

    ``based_on`` is the version that was changed (0: none). A rule that was never saved has an id below zero.
    """

    __tablename__ = "rule_draft"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    based_on: Mapped[int]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    undo_of: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormerSlug(Model):
    """A name that a contact page had in addresses; whoever comes with it is sent on to the page."""

    __tablename__ = "former_slug"

    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("contact_page.id", ondelete="CASCADE"), index=True)


class HandoutCount(Model):
    """The views and downloads of one page's hand-out on one day (a date in the firm's zone); nothing about who."""

    __tablename__ = "handout_count"

    page_id: Mapped[int] = mapped_column(ForeignKey("contact_page.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
