"""The keys that seal what people wrote, and the form in which a sealed text stands in the database.

A stored text is plain, or ``STX name sign token``: the name of a key, how it was sealed, and the sealed text. The name
tells without opening which key a row needs. A plain text that begins with STX itself is marked as such, so that
nobody can write what looks sealed. Without a key everything is stored as it is.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK = "\x02"
NAME_LENGTH = 8
# The name under which a plain text stands that begins with the mark.
NO_KEY = "-" * NAME_LENGTH
# In place of a first key: nothing is sealed any more, and what is sealed is still read.
PLAIN = "plain"
# A comparison asks for the text under each key, and plain.
MOST_KEYS = 3
FRESH, SAME = ":", "~"


class Unreadable(Exception):
    """A sealed text cannot be opened; the text is one line that names the key it needs, and nothing else."""


@dataclass(frozen=True, slots=True)
class Key:
    """``fresh`` seals the same text differently each time; ``same`` always alike, so that it can be looked up."""

    name: str
    fresh: Fernet
    same: AESSIV


@dataclass(frozen=True, slots=True)
class Keyring:
    """``writes`` seals; None: nothing is sealed. ``reads`` are all keys by name, the writing one among them."""

    writes: Key | None
    reads: Mapping[str, Key]

    @property
    def front(self) -> str:
        """What a text begins with that is stored as this ring would store it now; empty when it writes plain."""
        return f"{MARK}{self.writes.name}" if self.writes else ""

    def seal(self, text: str, *, findable: bool = False) -> str:
        """The text to store; ``findable`` gives the same each time. An empty text stays empty."""
        return _stored(text, self.writes, findable=findable)

    def open(self, stored: str) -> str:
        """The text that was stored.

        Raises:
            Unreadable: its key is not among ours, or it was damaged.
        """
        if not stored.startswith(MARK):
            return stored
        name, sign, token = stored[1 : NAME_LENGTH + 1], stored[NAME_LENGTH + 1 :][:1], stored[10:]
        if name == NO_KEY:
            return token
        key = self.reads.get(name)
        if key is None:
            raise Unreadable(f"a text is sealed with key {name}: add that key to CONSULT_ENCRYPTION_KEYS")
        try:
            if sign == SAME:
                return key.same.decrypt(base64.urlsafe_b64decode(token), None).decode()
            return key.fresh.decrypt(token).decode()
        except (InvalidToken, InvalidTag, ValueError):
            raise Unreadable(f"a text that was sealed with key {name} is damaged") from None

    def spelling(self, text: str, number: int) -> str:
        """How a findable text is stored: 0 plain, 1 under the first key, and so on; plain when there is no such key."""
        keys = [None, *self.reads.values()]
        return _stored(text, keys[number] if number < len(keys) else None, findable=True)


NO_KEYS = Keyring(None, {})


def keyring(texts: Sequence[str]) -> Keyring:
    """The keys as an operator gave them: the first one writes, all read; ``plain`` first writes plain.

    Raises:
        ValueError: one of them is no key, or there are too many.
    """
    given = list(texts)
    writes_plain = given[:1] == [PLAIN]
    keys = [_key(each) for each in given[writes_plain:]]
    if len(keys) > MOST_KEYS:
        raise ValueError(
            f"holds more than {MOST_KEYS} keys: type consult encryption rotate, and leave out the old"
        )
    return Keyring(keys[0] if keys and not writes_plain else None, {key.name: key for key in keys})


def fresh_key() -> str:
    """A key for an operator to keep: 32 random bytes in base64."""
    return Fernet.generate_key().decode()


def _key(text: str) -> Key:
    try:
        secret = base64.urlsafe_b64decode(text)
        box = Fernet(text)
    except ValueError:
        raise ValueError("holds something that is no key: type consult encryption key to make one") from None
    name = hmac.digest(secret, b"consult: name of a key", "sha256").hex()[:NAME_LENGTH]
    return Key(name, box, AESSIV(hmac.digest(secret, b"consult: findable texts", "sha512")))


def _stored(text: str, key: Key | None, *, findable: bool) -> str:
    if not text:
        return text
    if key is None:
        return f"{MARK}{NO_KEY}{FRESH}{text}" if text.startswith(MARK) else text
    if findable:
        sealed = base64.urlsafe_b64encode(key.same.encrypt(text.encode(), None)).decode()
        return f"{MARK}{key.name}{SAME}{sealed}"
    return f"{MARK}{key.name}{FRESH}{key.fresh.encrypt(text.encode()).decode()}"
