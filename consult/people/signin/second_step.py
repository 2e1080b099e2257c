"""The second step: a code of six digits from an app on the telephone (TOTP, RFC 6238), or a recovery code.

A code is taken once. The secret is sealed with a key that follows from the secret key of the installation; earlier
keys still open. Knows no page.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from markupsafe import Markup
from passlib.exc import TokenError  # type: ignore[import-untyped]  # (libpass tells no types)
from passlib.totp import TOTP  # type: ignore[import-untyped]  # (libpass tells no types)
from sqlalchemy import delete, exists, or_, select, update

from consult.people.accounts import Account
from consult.people.signin.keeping import hashed
from consult.people.signin.models import RecoveryCode
from consult.people.signin.passkeys import keeping as passkeys

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.signin.models import SignIn
    from consult.settings import Settings

SEALING = b"consult: second step of signing in"
RECOVERY_CODES = 10
# The code before and the one after are taken too: clocks differ.
WINDOW_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs: a drawing to scan, or the key to type over."""

    drawing: Markup
    key: str


def new_secret(account: Account, sign_in: SignIn, settings: Settings) -> bytes:
    """The secret that is offered in this sign-in: 160 bits, the same on each look and another after it was taken."""
    since = account.totp_since.isoformat() if account.totp_since else ""
    what = f"{account.id} {sign_in.key_hash} {since}".encode()
    return hmac.digest(_key(settings.signing_keys()[-1]), what, "sha1")


def enrolment(account: Account, secret: bytes, settings: Settings) -> Enrolment:
    """How an app learns the secret."""
    import segno

    totp = TOTP(key=secret, format="raw")
    address = totp.to_uri(label=account.email, issuer=settings.firm_name.replace(":", " "))
    drawing = segno.make(address, error="m").svg_inline(scale=5, light="#fff")
    return Enrolment(Markup(drawing), totp.pretty_key(sep=" "))  # noqa: S704 (segno draws it, of numbers only)


def enrol(
    session: DbSession, account: Account, secret: bytes, typed: str, *, settings: Settings, now: datetime
) -> bool:
    """Ask this secret's codes from now on, once somebody typed one of them; gives whether it fitted."""
    counter = _counter(secret, typed, now)
    if counter is None:
        return False
    account.totp_secret = _box(settings).encrypt(secret).decode()
    account.totp_counter, account.totp_since = counter, now
    session.flush()
    return True


def accept(session: DbSession, account: Account, typed: str, *, settings: Settings, now: datetime) -> bool:
    """Whether this is a code of the telephone that was not used before, nor any after it; it is used now."""
    try:
        secret = _box(settings).decrypt(account.totp_secret or "")
    except InvalidToken:
        return False
    counter = _counter(secret, typed, now)
    if counter is None:
        return False
    is_later = or_(Account.totp_counter.is_(None), Account.totp_counter < counter)
    used = (
        update(Account)
        .where(Account.id == account.id, is_later)
        .values(totp_counter=counter)
        .returning(Account.id)
    )
    return bool(session.execute(used).all())


def accept_recovery(session: DbSession, account: Account, typed: str) -> bool:
    """Whether this is a recovery code of this account; it is gone now."""
    code = hashed("".join(typed.split()).replace("-", "").lower())
    used = delete(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.code_hash == code)
    return bool(session.execute(used.returning(RecoveryCode.id)).all())


def new_recovery_codes(session: DbSession, account: Account) -> tuple[str, ...]:
    """Ten new codes in place of the earlier ones; only hashes are kept, so they cannot be shown twice."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hashed(code)) for code in codes)
    session.flush()
    return tuple("-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes)


def has_recovery_codes(session: DbSession, account: Account) -> bool:
    """Whether this account has a code left."""
    return bool(session.scalar(select(exists().where(RecoveryCode.account_id == account.id))))


def forget(session: DbSession, account: Account) -> None:
    """The telephone is lost or replaced: the next sign-in sets up another, where a second step is required.

    A passkey was most likely on it, so those go too.
    """
    account.totp_secret = account.totp_counter = account.totp_since = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    passkeys.forget(session, account)


def _counter(secret: bytes, typed: str, now: datetime) -> int | None:
    """The number of the half minute that the code is of."""
    try:
        match = TOTP(key=secret, format="raw").match("".join(typed.split()), time=now, window=WINDOW_SECONDS)
    except (TokenError, ValueError):
        return None
    return int(match.counter)


def _key(signing_key: str) -> bytes:
    return hmac.digest(signing_key.encode(), SEALING, "sha256")


def _box(settings: Settings) -> MultiFernet:
    newest_first = reversed(settings.signing_keys())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(key))) for key in newest_first])
