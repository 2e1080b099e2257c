"""When an organisation was last in contact: questions, messages and calls count here, talks are handed in.

Knows no talk: whoever asks says when those were. What was put away as spam is no contact, nor is a note among
colleagues or a telephone that rang for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, union_all

from consult.contact.models import CallAttempt, CallResult, Enquiry, EnquiryState, Message, MessageKind

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Select, Subquery


def last_contact(talks: Select[*tuple[Any, ...]], *, of: Select[Any] | None = None) -> Subquery:
    """Organisation id (``id``) and when there last was contact (``at``), of those that ever had any.

    ``talks`` gives an organisation's id (``id``) and when a talk began or will begin (``at``): who has a talk to come
    is not silent. ``of`` narrows to these organisations.
    """
    real = Enquiry.state != EnquiryState.HELD
    asked = select(Enquiry.organisation_id.label("id"), Enquiry.asked_at.label("at")).where(real)
    wrote = select(Enquiry.organisation_id.label("id"), Message.at).join(Enquiry.messages)
    spoke = (
        select(Enquiry.organisation_id.label("id"), CallAttempt.at)
        .join(CallAttempt, CallAttempt.enquiry_id == Enquiry.id)
        .where(CallAttempt.result != CallResult.NO_ANSWER)
    )
    parts = (asked, wrote.where(real, Message.kind != MessageKind.NOTE), spoke, talks)
    narrowed = []
    for part in parts:
        column = part.selected_columns["id"]
        narrowed.append(part.where(column.is_not(None) if of is None else column.in_(of)))
    contacts = union_all(*narrowed).subquery()
    return select(contacts.c.id, func.max(contacts.c.at).label("at")).group_by(contacts.c.id).subquery()
