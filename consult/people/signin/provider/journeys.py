"""A journey to the provider and back: state, nonce and PKCE, kept in the database and used once. Knows no page.

What is asked over the network is asked outside any transaction: a slow provider keeps nobody from writing.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from consult.people.signin import tickets
from consult.people.signin.models import Purpose
from consult.people.signin.provider.discovery import CodeRefused, ProviderAway
from consult.people.signin.provider.id_tokens import TokenRefused, subject_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.signin.provider.discovery import Provider
    from consult.people.signin.tickets import Begun

BACK_WITHIN = timedelta(minutes=10)
SCOPE = "openid"


class Goal(StrEnum):
    """Why somebody is sent to the provider."""

    IN = "in"
    LINK = "link"
    AGAIN = "again"
    INVITED = "invited"


class Failure(StrEnum):
    """Why somebody came back with nothing."""

    AWAY = "away"
    CANCELLED = "cancelled"
    STALE = "stale"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    TAKEN = "taken"


class JourneyFailed(Exception):
    """Nobody was proved; ``why`` is for the page, ``detail`` for the log."""

    def __init__(self, why: Failure, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who came back: who that is at the provider, and what the journey was for."""

    subject: str
    goal: Goal
    account_id: int | None
    next_page: str
    link: str


def begin(
    session: DbSession,
    provider: Provider,
    goal: Goal,
    account_id: int | None,
    *,
    next_page: str,
    link: str = "",
    now: datetime,
) -> tuple[str, str]:
    """Where to send the browser, and the key with which only that browser ends this. Ask ``metadata`` before.

    ``link`` is the token of an invitation, that came by mail.
    """
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.return_url,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    if goal is Goal.AGAIN:
        asked |= {"prompt": "login", "max_age": "0"}
    data = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "goal": goal,
        "next": next_page,
        "link": link,
    }
    key = tickets.begin(session, Purpose.PROVIDER, account_id, data, lasts=BACK_WITHIN, now=now)
    address = provider.metadata(now).authorize
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", key


def came_back(session: DbSession, key: str, told: Mapping[str, str], *, now: datetime) -> Begun:
    """The journey that this browser began, which has ended now; the caller stores that before it asks on.

    Raises:
        JourneyFailed: there is none, it is too late, it was ended before, or another browser's answer came.
    """
    begun = tickets.end(session, Purpose.PROVIDER, key, now=now)
    if begun is None:
        raise JourneyFailed(Failure.STALE, "ticket")
    if not hmac.compare_digest(begun.data["state"].encode(), told.get("state", "").encode()):
        raise JourneyFailed(Failure.STALE, "state")
    return begun


def finish(provider: Provider, begun: Begun, told: Mapping[str, str], *, now: datetime) -> Came:
    """Exchange the code and judge the token; asks the provider.

    Raises:
        JourneyFailed: nobody was proved.
    """
    data, goal = begun.data, Goal(begun.data["goal"])
    if told.get("error"):
        raise JourneyFailed(Failure.CANCELLED if told["error"] == "access_denied" else Failure.WRONG, "error")
    try:
        issuer = told.get("iss") or None
        if issuer not in {provider.issuer} | (set() if provider.metadata(now).names_itself else {None}):
            raise JourneyFailed(Failure.WRONG, "iss of the answer")
        token = provider.exchange(told.get("code", ""), data["verifier"], now)
        subject = subject_of(
            token,
            lambda kid: provider.key(kid, now),
            issuer=provider.issuer,
            client_id=provider.client_id,
            nonce=data["nonce"],
            proved_since=now - BACK_WITHIN if goal is Goal.AGAIN else None,
            now=now,
        )
    except ProviderAway as away:
        raise JourneyFailed(Failure.AWAY, str(away)) from None
    except (CodeRefused, TokenRefused) as refused:
        raise JourneyFailed(Failure.WRONG, str(refused)) from None
    return Came(subject, goal, begun.account_id, data["next"], data["link"])
