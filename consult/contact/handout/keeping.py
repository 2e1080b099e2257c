"""Put a hand-out on a contact page, replace it, take it away, and say what there is. Writes no history.

A file that came with the installation lies under static/ and is named in ``ContactPage.handout``; one that was
uploaded lies in the database and goes before it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from consult.contact.handout.formats import PDF, recognised, safe_name
from consult.contact.handout.models import HandoutFile

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from consult.contact.models import ContactPage
    from consult.database import DbSession


class Overtaken(Exception):
    """Another file stands there than the one that was seen."""


@dataclass(frozen=True, slots=True)
class Handout:
    """What there is to hand out; ``size`` in bytes, ``mark`` differs when the file does."""

    name: str
    size: int
    mark: str
    stored_at: datetime | None = None

    @property
    def extension(self) -> str:
        """The kind of file as people call it: ``PDF``."""
        return self.name.rpartition(".")[2].upper()

    @property
    def can_be_read_here(self) -> bool:
        """Whether a browser shows it by itself."""
        return self.name.endswith(f".{PDF.extension}")


def handout_of(session: DbSession, page: ContactPage, folder: Path) -> Handout | None:
    """The hand-out of a page; ``folder`` is that of static files. The bytes themselves are not read."""
    found = session.execute(
        select(HandoutFile.name, HandoutFile.size, HandoutFile.fingerprint, HandoutFile.stored_at).where(
            HandoutFile.page_id == page.id
        )
    ).one_or_none()
    if found is not None:
        return Handout(*found)
    path = folder / page.handout if page.handout else None
    if path is None or not path.is_file():
        return None
    return Handout(path.name, path.stat().st_size, str(page.handout))


def put_handout(
    session: DbSession,
    page: ContactPage,
    name: str,
    content: bytes,
    *,
    seen: str,
    folder: Path,
    now: datetime,
) -> HandoutFile:
    """Let this file be the hand-out of the page, in place of the one marked ``seen`` (empty: there was none).

    Raises:
        NotAHandout: see ``consult.contact.handout.formats``.
        Overtaken: somebody else put another file there.
    """
    kind = recognised(content)
    _same(session, page, seen, folder)
    session.execute(delete(HandoutFile).where(HandoutFile.page_id == page.id))
    file = HandoutFile(
        page_id=page.id,
        name=safe_name(name, kind.extension),
        media_type=kind.media_type,
        size=len(content),
        fingerprint=hashlib.sha256(content).hexdigest(),
        stored_at=now,
        content=content,
    )
    session.add(file)
    page.handout = None
    session.flush()
    return file


def remove_handout(session: DbSession, page: ContactPage, *, seen: str, folder: Path) -> None:
    """Let the page hand out nothing; how often it was opened stays. Twice is once.

    Raises:
        Overtaken: somebody else put another file there.
    """
    _same(session, page, seen, folder)
    session.execute(delete(HandoutFile).where(HandoutFile.page_id == page.id))
    page.handout = None
    session.flush()


def _same(session: DbSession, page: ContactPage, seen: str, folder: Path) -> None:
    there = handout_of(session, page, folder)
    if there is not None and there.mark != seen:
        raise Overtaken
