"""The same call twice gives the same answer: Idempotency-Key on every POST.

What is kept of an answer is sealed with a key that follows from the Idempotency-Key, the body and the secret of the
installation. The first two are kept as hashes only, so the database alone opens no private link that an answer holds.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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
    from consult.settings import Settings

KEPT = timedelta(hours=24)
KEY = re.compile("[!-~]{1,255}")
PURPOSE = b"consult: kept answers"

Answer = tuple[dict[str, Any], int]


def once(
    session: DbSession, work: Callable[[], Answer], *, by: str, settings: Settings, now: datetime
) -> Answer:
    """Do the work, or give the answer that this key got before. ``by`` is who calls: keys of others do not count.

    Raises:
        Problem: 400 for a key that is none, 422 when it was used for another body, 409 when the first call still runs.
    """
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return work()
    if not KEY.fullmatch(sent):
        raise Problem(400, gettext("Een Idempotency-Key is 1 tot 255 tekens zonder spaties en accenten."))
    secret = f"{by}\n{sent}".encode()
    key = hashlib.sha256(secret).hexdigest()
    route = hashlib.sha256(request.path.encode()).hexdigest()
    body = hmac.digest(secret, request.get_data(), "sha256").hex()
    box = _box(secret + bytes.fromhex(body), settings)
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now - KEPT))
    kept = session.scalar(
        select(IdempotentAnswer).where(IdempotentAnswer.key == key, IdempotentAnswer.route == route)
    )
    if kept is not None:
        if kept.body_hash != body:
            raise Problem(422, gettext("Deze Idempotency-Key is al gebruikt voor een andere aanroep."))
        return _opened(kept, box), kept.status
    answer, status = work()
    sealed = _sealed(answer, box)
    session.add(
        IdempotentAnswer(key=key, route=route, body_hash=body, status=status, answer=sealed, created_at=now)
    )
    try:
        session.flush()
    except IntegrityError:
        raise Problem(409, gettext("Dezelfde aanroep wordt al verwerkt. Probeer het zo opnieuw.")) from None
    return answer, status


def _sealed(answer: dict[str, Any], box: MultiFernet) -> dict[str, Any]:
    """What is stored; the number stands open, so that erasing somebody finds the answers about that person."""
    text = box.encrypt(json.dumps(answer).encode()).decode()
    about = answer.get("reference") or (request.view_args or {}).get("reference")
    return {"reference": about, "sealed": text}


def _opened(kept: IdempotentAnswer, box: MultiFernet) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(box.decrypt(kept.answer["sealed"]))
    except InvalidToken:
        # The installation has another secret since; the work was done, and its answer cannot be told again.
        raise Problem(409, gettext("Deze aanroep is al verwerkt.")) from None
    return answer


def _box(secret: bytes, settings: Settings) -> MultiFernet:
    newest_first = reversed(settings.signing_keys())
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    hmac.digest(hmac.digest(key.encode(), PURPOSE, "sha256"), secret, "sha256")
                )
            )
            for key in newest_first
        ]
    )
