"""What an advisor is told about the mail itself: one of ours came back, or an answer was not sent on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.outbox.services import Mailing, queue

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.people.models import Advisor
    from consult.settings import Settings


@dataclass(frozen=True, slots=True)
class Loss:
    """A mail that came back, the number of what it is about, and the page of that at the desk."""

    mail: OutgoingMail
    reference: str
    link: str


def mail_bounced(
    session: DbSession, loss: Loss, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Tell that a mail did not arrive; never by a mail to the very address that does not work."""
    if loss.mail.recipient.lower() == advisor.email.lower():
        return
    context = {"reference": loss.reference, "link": loss.link}
    about = (loss.mail.subject_kind, loss.mail.subject_id)
    _tell(session, "mail-bounced", about, advisor, context, settings=settings, now=now)


def answer_not_sent(
    session: DbSession,
    about: tuple[str, int],
    advisor: Advisor,
    context: dict[str, str],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Tell an advisor that an answer by mail was kept as a note: ``context`` has reference, link and a ``why`` code.

    ``why`` is "not-yours" or "no-address".
    """
    _tell(session, "answer-not-sent", about, advisor, context, settings=settings, now=now)


def _tell(
    session: DbSession,
    event: str,
    about: tuple[str, int],
    advisor: Advisor,
    context: dict[str, str],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    mailing = Mailing(
        event=event,
        about=about,
        to_name=advisor.name,
        to_address=advisor.email,
        from_name=settings.firm_name,
        language=settings.locale,
        context={"name": advisor.first_name, **context},
    )
    queue(session, mailing, settings=settings, now=now)
    session.flush()
