"""Send somebody a text as it was typed, with invented people in it, before anybody else gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

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
    settings: Settings,
    now: datetime,
) -> None:
    """Queue the mail for one account (``receiver``: its id, name and address); the subject says that it is a trial.

    Raises:
        ValueError: a page shows this text, no mail.
    """
    if text.event is None:
        raise ValueError("a text on a page is not sent")
    account_id, name, address = receiver
    trial = Said(gettext("Proef: %(subject)s", subject=said.subject), said.body)
    mailing = Mailing(
        event=text.event,
        about=("account", account_id),
        to_name=name,
        to_address=address,
        from_name=settings.firm_name,
        language=language,
        context=dict(text.sample),
    )
    queue(session, mailing, settings=settings, now=now, own={(text.key, language): trial})
