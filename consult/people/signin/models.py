"""What is kept of signing in: who is in where, by what else than a password, and what was begun and not ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class SignIn(Model):
    """Somebody signed in, in one browser: only the SHA-256 of the key in its cookie is kept.

    ``proved_at`` is when this person last proved who it is; None while the second step is still to come.
    ``seen_at`` is about when something was last sent from there; pages that are only looked at leave no trace.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    network: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(80))

    __table_args__ = (Index(None, "account_id", "created_at"),)


class RecoveryCode(Model):
    """A code that stands in for the telephone once; only its SHA-256 is kept, and a used one is gone."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)


class Passkey(Model):
    """A key pair of which the other half is in somebody's telephone, computer or security key (WebAuthn).

    ``credential`` is the name that device gave it, in base64url; ``handle`` is what the device knows the account by: 64
    random bytes, the same for all passkeys of an account. ``sign_count`` only grows, or is always 0.
    """

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    handle: Mapped[str] = mapped_column(String(90))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderLink(Model):
    """Who an account is at the provider of OpenID Connect: by issuer and subject, never by address or name."""

    __tablename__ = "provider_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))


class Purpose(StrEnum):
    """What a ticket is for; it is good for nothing else."""

    PASSKEY_IN = "passkey_in"
    PASSKEY_STEP = "passkey_step"
    PASSKEY_NEW = "passkey_new"
    PROVIDER = "provider"
    PASSWORD = "password"  # noqa: S105 (a purpose)
    ADDRESS = "address"


class Ticket(Model):
    """Something that was begun in a browser or by a mail, and is ended once: only the SHA-256 of its key is kept.

    ``data`` is what the end is held against: a challenge, a state and a nonce, an address to prove.
    """

    __tablename__ = "sign_in_ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
