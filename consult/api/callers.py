"""Which program calls: the key in ``Authorization: Bearer``, what it may do, and in whose name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g, request
from flask_babel import gettext

from consult import clock
from consult.api.problems import Problem
from consult.database import db
from consult.people.keys.services import Scope, find_key, key_actor
from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from consult.people.keys.models import ApiKey

BEARER = "bearer "
REALM = 'Bearer realm="consult"'


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a key that works; ``advisor_id`` is in whose name it acts, None: of whoever has it."""

    key_id: int
    scopes: frozenset[str]
    advisor_id: int | None
    per_minute: int
    used_on: date | None

    @property
    def actor(self) -> str:
        """How the trail names it."""
        return key_actor(self.key_id)

    def may_act_on(self, advisor_ids: Collection[int | None]) -> bool:
        """Whether it may act on what these advisors have: its own advisor's, or anybody's when it has none."""
        return self.advisor_id is None or self.advisor_id in advisor_ids


def caller() -> Caller | None:
    """Who calls; None without a key, and with one that does not work. Looked up once in a request."""
    if "api_caller" not in g:
        text = _sent()
        found = find_key(db.session, text, today=today()) if text else None
        g.api_caller = _known(found) if found is not None else None
    known: Caller | None = g.api_caller
    return known


def let_in(of_key: Collection[Scope], *, public: bool) -> Caller | None:
    """Who may go on: a program with one of these scopes, any program when there are none, and everybody if ``public``.

    Raises:
        Problem: 401 for a key that does not work or is missing, 403 for one that opens something else.
    """
    known = caller()
    if known is None and (not public or request.headers.get("Authorization")):
        told = gettext("Deze aanroep vraagt een API-sleutel die geldig is.")
        raise Problem(401, told, headers={"WWW-Authenticate": REALM})
    if known is not None and of_key and not known.scopes.intersection(of_key):
        names = " ".join(sorted(of_key))
        challenge = f'{REALM}, error="insufficient_scope", scope="{names}"'
        told = gettext("Deze API-sleutel mag dit niet. Nodig is: %(scopes)s.", scopes=names)
        raise Problem(403, told, headers={"WWW-Authenticate": challenge})
    return known


def today() -> date:
    """The day in the firm's zone."""
    return dates.local_date(clock.now(), current.settings().timezone)


def _sent() -> str:
    """The key that came along; empty for none."""
    header = request.headers.get("Authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""


def _known(key: ApiKey) -> Caller:
    return Caller(key.id, frozenset(key.scopes), key.advisor_id, key.per_minute, key.used_on)
