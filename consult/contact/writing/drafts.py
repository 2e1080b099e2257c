"""Keep what an advisor has typed and not sent, one text of each kind for each question; colleagues never see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from consult.contact.writing.models import Draft, DraftKind

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


def drafts_of(session: DbSession, enquiry_id: int, advisor_id: int) -> dict[str, Draft]:
    """The texts that this advisor has not sent, by kind."""
    query = select(Draft).where(Draft.enquiry_id == enquiry_id, Draft.advisor_id == advisor_id)
    return {each.kind: each for each in session.scalars(query)}


def keep_draft(
    session: DbSession, enquiry_id: int, advisor_id: int, kind: DraftKind, body: str, *, now: datetime
) -> None:
    """Keep this text in place of the one before; an empty text keeps nothing."""
    if not body:
        drop_draft(session, enquiry_id, advisor_id, kind)
        return
    session.merge(
        Draft(enquiry_id=enquiry_id, advisor_id=advisor_id, kind=str(kind), body=body, saved_at=now)
    )
    session.flush()


def drop_draft(session: DbSession, enquiry_id: int, advisor_id: int, kind: DraftKind) -> None:
    """Forget the text: it was sent, or thrown away."""
    session.execute(
        delete(Draft).where(
            Draft.enquiry_id == enquiry_id, Draft.advisor_id == advisor_id, Draft.kind == str(kind)
        )
    )
    session.flush()
