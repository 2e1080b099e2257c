"""Mail that the demonstration has caught: one file each, the newest ones only. Knows nothing of how it came."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

KEPT = 500
NAME = re.compile(r"[0-9]{8}")


@dataclass(frozen=True)
class CaughtMail:
    """One mail as the server took it; ``number`` names it in addresses."""

    number: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read by the standard library."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def at(self) -> datetime | None:
        """The instant in the Date header (aware); None when there is none to read."""
        try:
            at = parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None
        return at if at.tzinfo else None

    def header(self, name: str) -> str:
        """A header as people read it; empty when it is not there."""
        return str(self.message.get(name, ""))

    def part(self, content_type: str) -> str | None:
        """The text of the first part of this type, such as ``text/html``; None when there is none."""
        for part in self.message.walk():
            if part.get_content_type() == content_type:
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    return payload.decode(part.get_content_charset() or "utf-8", "replace")
        return None


class CaughtMails:
    """The folder of caught mails: one ``.eml`` file each, numbered as they come."""

    def __init__(self, folder: Path, *, kept: int = KEPT) -> None:
        self.folder = folder
        self.kept = kept
        self._lock = threading.Lock()

    def add(self, raw: bytes) -> CaughtMail:
        """Keep a mail; the oldest go when there are more than ``kept``."""
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            numbers = self._numbers()
            number = f"{int(numbers[-1]) + 1 if numbers else 1:08d}"
            path = self.folder / f"{number}.eml"
            fresh = path.with_suffix(".tmp")
            fresh.write_bytes(raw)
            fresh.rename(path)
            for old in numbers[: max(0, len(numbers) + 1 - self.kept)]:
                (self.folder / f"{old}.eml").unlink(missing_ok=True)
        return CaughtMail(number, raw)

    def newest_first(self) -> list[CaughtMail]:
        """All mails that are kept."""
        return [mail for number in reversed(self._numbers()) if (mail := self.get(number))]

    def get(self, number: str) -> CaughtMail | None:
        """One mail; None when it is not, or no longer, there."""
        if not NAME.fullmatch(number):
            return None
        try:
            return CaughtMail(number, (self.folder / f"{number}.eml").read_bytes())
        except FileNotFoundError:
            return None

    def _numbers(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.eml") if NAME.fullmatch(path.stem))
