"""The portrait that an advisor uploaded: stored in the database, so that every web process can show it.

``Advisor.portrait`` is then the address of the picture here, which holds a fingerprint of it; a browser may keep it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model
from consult.people.pictures import read_picture

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.people.models import Advisor

PATH = "/portret/"


class Portrait(Model):
    """The bytes of one advisor's picture, cleaned; ``fingerprint`` names them in addresses."""

    __tablename__ = "portrait"

    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(32), index=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)


def set_portrait(session: DbSession, advisor: Advisor, uploaded: bytes) -> None:
    """Let this be the advisor's portrait, in place of an earlier one.

    Raises:
        NotAPicture, WrongSize: see ``consult.people.pictures``.
    """
    picture = read_picture(uploaded)
    fingerprint = hashlib.sha256(picture.content).hexdigest()[:32]
    session.merge(
        Portrait(
            advisor_id=advisor.id,
            fingerprint=fingerprint,
            media_type=picture.media_type,
            content=picture.content,
        )
    )
    advisor.portrait = f"{PATH}{fingerprint}"
    session.flush()


def remove_portrait(session: DbSession, advisor: Advisor) -> None:
    """Forget the portrait; initials are shown instead. Twice is once."""
    session.execute(delete(Portrait).where(Portrait.advisor_id == advisor.id))
    advisor.portrait = None
    session.flush()


def portrait_named(session: DbSession, fingerprint: str) -> Portrait | None:
    """The picture with this fingerprint."""
    return session.scalars(select(Portrait).where(Portrait.fingerprint == fingerprint).limit(1)).first()
