"""The same call twice gives the same answer: Idempotency-Key on every POST."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from consult.api.models import IdempotentAnswer
from consult.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from consult.database import DbSession

KEPT = timedelta(hours=24)
LONGEST_KEY = 255

Answer = tuple[dict[str, Any], int]


def once(session: DbSession, work: Callable[[], Answer], *, now: datetime) -> Answer:
    """Do the work, or give the answer that this key got before.

    Raises:
        Problem: 422 when the key was used for another body, 409 when the first call is still running.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return work()
    if len(key) > LONGEST_KEY:
        raise Problem(400, gettext("De Idempotency-Key is te lang."))
    route = hashlib.sha256(request.path.encode()).hexdigest()
    body = hashlib.sha256(request.get_data()).hexdigest()
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now - KEPT))
    kept = session.scalar(
        select(IdempotentAnswer).where(IdempotentAnswer.key == key, IdempotentAnswer.route == route)
    )
    if kept is not None:
        if kept.body_hash != body:
            raise Problem(422, gettext("Deze Idempotency-Key is al gebruikt voor een andere aanroep."))
        return kept.answer, kept.status
    answer, status = work()
    session.add(
        IdempotentAnswer(key=key, route=route, body_hash=body, status=status, answer=answer, created_at=now)
    )
    try:
        session.flush()
    except IntegrityError:
        raise Problem(409, gettext("Dezelfde aanroep wordt al verwerkt. Probeer het zo opnieuw.")) from None
    return answer, status
