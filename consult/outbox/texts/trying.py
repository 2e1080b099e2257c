"""Send somebody a text as it was typed, with invented people in it, before anybody else gets it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select

from consult.outbox.models import OutgoingMail
from consult.outbox.services import Mailing, queue
from consult.outbox.texts.kinds import Said

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.texts.kinds import FirmText
    from consult.settings import Settings


def send_trial(
    session: DbSession,
    text: FirmText,
    said: Said,
    language: str,
    receiver: tuple[int, str, str],
    *,
    form_key: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Queue the mail for one account (``receiver``: its id, name and address); the subject says that it is a trial.

    The same words under the same ``form_key`` go once, as long as one at a time tries for an account.

    Raises:
        ValueError: a page shows this text, no mail.
    """
    if text.event is None:
        raise ValueError("a text on a page is not sent")
    account_id, name, address = receiver
    marks = "\0".join((form_key, str(account_id), text.key, language, said.subject, said.body))
    number = hashlib.sha256(marks.encode()).hexdigest()[:32]
    sent = select(OutgoingMail.id).where(OutgoingMail.message_id.startswith(f"<{number}@"))
    if session.scalar(sent) is not None:
        return
    trial = Said(gettext("Proef: %(subject)s", subject=said.subject), said.body)
    mailing = Mailing(
        event=text.event,
        about=("account", account_id),
        to_name=name,
        to_address=address,
        from_name=settings.firm_name,
        language=language,
        number=number,
        context=dict(text.sample),
    )
    queue(session, mailing, settings=settings, now=now, own={(text.key, language): trial})
