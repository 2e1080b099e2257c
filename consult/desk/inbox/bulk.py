"""One act on several questions at once: each is held and judged by itself, and what may not be done is left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.activity.services import advisor_actor
from consult.contact import services as contact
from consult.contact.handing_over import AlreadyClosed, NoNote, NoReason, SameAdvisor
from consult.contact.models import EnquiryState
from consult.contact.teams import NobodyThere, choose_in_team
from consult.contact.tending.snoozing import NotToCome, snooze
from consult.contact.tending.spam import mark_spam, not_spam
from consult.desk import services
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.desk.guard import Colleague
    from consult.settings import Settings

AT_MOST = 50
# What one question can have against the act; the others go on.
LEFT = (AlreadyClosed, NoNote, NoReason, SameAdvisor, NobodyThere, NotToCome)


class Act(StrEnum):
    """What can be done with several questions."""

    CLOSE = "afronden"
    SNOOZE = "uitstellen"
    HAND_OVER = "overdragen"
    SPAM = "spam"
    NOT_SPAM = "geen-spam"


class Refused(Exception):
    """This question is not for this person to act on, or cannot be acted on like this."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to do; ``receiver`` is the number of an advisor or ``team-`` with that of a team."""

    act: Act
    until: datetime | None = None
    receiver: str = ""
    why: str = ""
    note: str = ""


def carry_out(
    session: DbSession,
    who: Colleague,
    references: Iterable[str],
    order: Order,
    *,
    settings: Settings,
    now: datetime,
) -> tuple[str, ...]:
    """Do it to each of these questions, at most fifty; gives the numbers of those it was done to."""
    done = []
    for reference in tuple(dict.fromkeys(references))[:AT_MOST]:
        enquiry = services.enquiry_held(session, reference)
        if enquiry is None:
            continue
        try:
            with session.begin_nested():
                _do(session, who, enquiry, order, settings=settings, now=now)
        except (Refused, *LEFT):
            continue
        done.append(reference)
    return tuple(done)


def receiver_of(
    session: DbSession, enquiry: Enquiry, receiver: str, *, by: Advisor, now: datetime
) -> Advisor:
    """The advisor that a choice of the list means; of a team, the one whose turn it is.

    Raises:
        NobodyThere: there is no such advisor at work, or nobody in the team.
    """
    kind, _, number = receiver.rpartition("-")
    if not number.isdecimal() or len(number) > 9:
        raise NobodyThere
    if kind == "team":
        return choose_in_team(session, int(number), enquiry, actor=advisor_actor(by.id), now=now)
    found = session.get(Advisor, int(number))
    if found is None or not found.active:
        raise NobodyThere
    return found


def _do(
    session: DbSession, who: Colleague, enquiry: Enquiry, order: Order, *, settings: Settings, now: datetime
) -> None:
    advisor = who.advisor
    if advisor is None or not who.may_act_for(enquiry.advisor_id):
        raise Refused
    actor = advisor_actor(advisor.id)
    if order.act is Act.NOT_SPAM:
        not_spam(session, enquiry, actor=actor, now=now)
    elif enquiry.state == EnquiryState.HELD:
        raise Refused
    elif order.act is Act.CLOSE:
        contact.close(session, enquiry, actor=actor, now=now)
    elif order.act is Act.SPAM:
        mark_spam(session, enquiry, actor=actor, now=now)
    elif order.act is Act.SNOOZE:
        snooze(session, enquiry, order.until or now, actor=actor, now=now)
    else:
        to = receiver_of(session, enquiry, order.receiver, by=advisor, now=now)
        given = {"why": order.why, "note": order.note}
        contact.hand_over(session, enquiry, to, by=advisor, **given, settings=settings, now=now)
