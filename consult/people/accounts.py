"""Who can sign in, and as what. The shape is what Flask-Security asks for."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor

account_role = Table(
    "account_role",
    Model.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class RoleName(StrEnum):
    """What somebody may do: answer and talk; keep pages, rules and team; run the machine."""

    ADVISOR = "advisor"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"


class Role(Model, RoleMixin):
    """One of ``RoleName``."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class Account(Model, UserMixin):
    """A colleague who can sign in; the address is kept in lower case.

    ``totp_secret`` is sealed, and ``totp_counter`` the half minute of the last code that was used. ``link_hash`` is of
    a link that sets the password once. ``weekly_figures``: whether a coordinator gets the figures by mail.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    weekly_figures: Mapped[bool] = mapped_column(default=True, server_default=text("(true)"))
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # (a mapped list in place of a plain one)
        secondary=account_role, lazy="selectin"
    )
    advisor: Mapped[Advisor | None] = relationship(lazy="joined")
