"""Put an entry into a question's thread; the same form makes one entry, however often it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.contact.models import Enquiry, Message, MessageKind

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor


def add_message(
    session: DbSession,
    enquiry: Enquiry,
    kind: MessageKind,
    text: str,
    *,
    form_key: str,
    now: datetime,
    advisor: Advisor | None = None,
) -> tuple[Message, bool]:
    """The entry that this form made, and whether it is new."""
    known = session.scalar(select(Message).where(Message.form_key == form_key))
    if known is not None:
        return known, False
    message = Message(
        enquiry_id=enquiry.id,
        form_key=form_key,
        kind=kind,
        body=text,
        at=now,
        advisor_id=advisor.id if advisor else None,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        return session.scalars(select(Message).where(Message.form_key == form_key)).one(), False
    return message, True
