"""Sample contact pages, and questions with all that happened to them, told as the services tell it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from consult.activity.models import Activity
from consult.activity.services import SYSTEM, VISITOR, advisor_actor
from consult.contact.models import ContactPage, Enquiry, Message, MessageKind, PageAdvisor
from consult.operations.sample_decisions import enquiry_decision
from consult.operations.sample_rows import Keys, Numbering, Progress, store, store_plain

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.operations.sample.shapes import PlannedEnquiry, PlannedEntry, SamplePlan
    from consult.routing.decision import Decision

# What an advisor writes down after a call; the second is followed by what was said.
NO_ANSWER = "Gebeld. Geen gehoor."
SPOKEN = "Gebeld en gesproken."


def store_pages(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    """Store the contact pages with their advisors in order; an advisor who is not in the plan is left out."""
    pages = plan.content.pages
    rows = [
        {
            "slug": page.slug,
            "title": page.title,
            "intro": page.intro,
            "body": page.body,
            "invitation": page.invitation,
            "handout": page.handout,
            "handout_title": page.handout_title,
            "topic_id": keys.topic[page.topic],
        }
        for page in pages
    ]
    keys.page = dict(zip((page.slug for page in pages), store(session, ContactPage, rows), strict=True))
    people = [
        {"page_id": keys.page[page.slug], "advisor_id": keys.advisor[slug], "position": place}
        for page in pages
        for place, slug in enumerate(page.advisors)
        if slug in keys.advisor
    ]
    store_plain(session, PageAdvisor, people)


def store_enquiries(
    session: DbSession, plan: SamplePlan, keys: Keys, numbering: Numbering, *, progress: Progress
) -> None:
    """Store the questions, their threads and their activity."""
    progress.begin("questions", len(plan.enquiries))
    decisions = [enquiry_decision(plan, one, keys) for one in plan.enquiries]
    rows = [
        _enquiry(plan, one, decision, keys, numbering)
        for one, decision in zip(plan.enquiries, decisions, strict=True)
    ]
    ids = store(session, Enquiry, rows, progress)
    keys.enquiry = {one.number: key for one, key in zip(plan.enquiries, ids, strict=True)}
    messages: list[dict[str, Any]] = []
    activity: list[dict[str, Any]] = []
    for one, decision in zip(plan.enquiries, decisions, strict=True):
        story = _Story(one, decision, keys)
        story.tell_promise(plan.now)
        messages += story.messages
        activity += story.activity
    store_plain(session, Message, messages)
    store_plain(session, Activity, activity)


def _enquiry(
    plan: SamplePlan, one: PlannedEnquiry, decision: Decision, keys: Keys, numbering: Numbering
) -> dict[str, Any]:
    contact = plan.contacts[one.contact]
    organisation = keys.organisation[one.organisation] if one.organisation else None
    return {
        "reference": numbering.reference("C", one.asked_at),
        "form_key": f"sample-{plan.seed}-{one.number}",
        "reply_token": secrets.token_hex(16),
        "state": one.state,
        "channel": one.channel,
        "question": f"{one.subject}\n\n{one.text}",
        "name": contact.name,
        "email": contact.email,
        "phone": None if one.channel == "email" else contact.phone,
        "reachable": one.reachable,
        "organisation_id": organisation,
        "contact_id": keys.contact[one.contact],
        "topic_id": keys.topic[one.topic],
        "page_id": keys.page[one.page] if one.page else None,
        "advisor_id": keys.advisor[one.advisor] if one.advisor else None,
        "wanted_advisor_id": keys.advisor[one.wanted] if one.wanted else None,
        "urgent": one.urgent,
        "needs": one.needs,
        "decision": decision.to_json(),
        "asked_at": one.asked_at,
        "answer_by": one.answer_by,
        "due_soon_at": one.due_soon_at,
        "answered_at": one.answered_at,
        "closed_at": one.closed_at,
    }


class _Story:
    """The rows that one thread leaves: what people wrote, and what happened."""

    def __init__(self, enquiry: PlannedEnquiry, decision: Decision, keys: Keys) -> None:
        self.enquiry = enquiry
        self.decision = decision
        self.keys = keys
        self.messages: list[dict[str, Any]] = []
        self.activity: list[dict[str, Any]] = []
        self._happened(enquiry.asked_at, "enquiry.created", VISITOR, channel=enquiry.channel)
        for entry in enquiry.entries:
            self._tell(entry)

    def tell_promise(self, now: datetime) -> None:
        """What was told about a promise that runs: about history nobody is mailed once more."""
        due_soon_at, answer_by = self.enquiry.due_soon_at, self.enquiry.answer_by
        if due_soon_at is not None and due_soon_at <= now:
            self._happened(due_soon_at, "enquiry.due_soon", SYSTEM)
            if answer_by <= now:
                self._happened(answer_by, "enquiry.overdue", SYSTEM)
                self._happened(answer_by, "enquiry.escalated", SYSTEM)

    def _tell(self, entry: PlannedEntry) -> None:
        match entry.kind:
            case "visitor":
                self._wrote(entry, MessageKind.VISITOR, entry.text)
                self._happened(entry.at, "enquiry.extended", VISITOR)
            case "reply":
                self._wrote(entry, MessageKind.REPLY, entry.text)
                self._happened(entry.at, "enquiry.answered", self._actor(entry))
            case "note":
                self._wrote(entry, MessageKind.NOTE, entry.text)
            case "call_no_answer":
                self._wrote(entry, MessageKind.NOTE, NO_ANSWER)
            case "call_spoken":
                self._wrote(entry, MessageKind.NOTE, f"{SPOKEN} {entry.text}")
                self._happened(entry.at, "enquiry.answered", self._actor(entry))
            case "assigned":
                to = self.keys.advisor[entry.to or ""]
                self._happened(entry.at, "enquiry.assigned", SYSTEM, why=self.decision.reason, advisor=to)
            case "handed_over":
                to, before = self.keys.advisor[entry.to or ""], self.keys.advisor[entry.author]
                actor = self._actor(entry)
                self._happened(entry.at, "enquiry.assigned", actor, why=entry.text, advisor=to, before=before)
            case "closed":
                self._happened(entry.at, "enquiry.closed", self._actor(entry))
            case "snoozed":
                # A reminder that an advisor sets is not part of what happened to the question.
                return

    def _actor(self, entry: PlannedEntry) -> str:
        return advisor_actor(self.keys.advisor[entry.author])

    def _wrote(self, entry: PlannedEntry, kind: MessageKind, text: str) -> None:
        number = self.enquiry.number
        self.messages.append(
            {
                "enquiry_id": self.keys.enquiry[number],
                "form_key": f"sample-{number}-{len(self.messages)}",
                "kind": kind,
                "body": text,
                "at": entry.at,
                "advisor_id": self.keys.advisor.get(entry.author),
            }
        )

    def _happened(self, at: Any, what: str, actor: str, *, why: str | None = None, **data: Any) -> None:
        self.activity.append(
            {
                "at": at,
                "subject_kind": "enquiry",
                "subject_id": self.keys.enquiry[self.enquiry.number],
                "what": what,
                "actor": actor,
                "why": why,
                "data": data,
            }
        )
