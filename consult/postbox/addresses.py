"""Which addresses are ours, and what of a mail's headers says where it was sent.

Knows the shape ``name+TOKEN@domain`` and the shape of our Message-IDs; not what a token names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.settings import Settings

LONGEST_TOKEN = 64


@dataclass(frozen=True)
class Own:
    """Our addresses: the general one, and ``name+TOKEN@domain``. Case means nothing in either."""

    general: str
    domain: str

    @classmethod
    def of(cls, settings: Settings) -> Own:
        """Those of the settings."""
        return cls(settings.mail_from, settings.answer_domain)

    @property
    def name(self) -> str:
        """What stands before the plus."""
        return self.general.rpartition("@")[0]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        name, domain = re.escape(self.name), re.escape(self.domain)
        return re.compile(
            rf"(?<![^\s<>,;:\"']){name}\+([a-z0-9-]{{1,{LONGEST_TOKEN}}})@{domain}(?![a-z0-9.-])",
            re.IGNORECASE,
        )

    @cached_property
    def message_id(self) -> re.Pattern[str]:
        """The Message-IDs that the outbox makes."""
        return re.compile(rf"<[0-9a-f]{{32}}@{re.escape(self.domain)}>", re.IGNORECASE)

    def tokens(self, text: str) -> tuple[str, ...]:
        """Every token in a text with addresses, in order, each once."""
        return tuple(dict.fromkeys(found.lower() for found in self._pattern.findall(text)))

    def token(self, address: str) -> str | None:
        """The token of one bare address; None when there is none."""
        found = self._pattern.fullmatch(address.strip())
        return found.group(1).lower() if found else None

    def is_general(self, address: str) -> bool:
        """Whether it is the address without a token, as it stands or at the domain of answers."""
        return address.strip().lower() in {self.general.lower(), f"{self.name}@{self.domain}".lower()}

    def includes(self, address: str) -> bool:
        """Whether mail from this address comes from ourselves."""
        return self.is_general(address) or self.token(address) is not None
