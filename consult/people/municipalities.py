"""The municipalities of the Netherlands: code, name, province and the domains they mail from.

The list is that of Statistics Netherlands (CBS, "Gemeenten alfabetisch") for 2023 up to and including
2026: 342 municipalities in twelve provinces, with names as CBS writes them. Wijdemeren is due to join
Hilversum on 1 January 2027; whoever maintains ``municipalities.csv`` then takes its row out.

Knows nothing of organisations in the database, and asks nobody whether a domain really receives mail.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("municipalities.csv")
NOT_IN_A_KEY: Final = re.compile(r"[^a-z0-9]+")
PREFIX: Final = re.compile(r"^(gemeente )+")


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality.

    ``code`` is the CBS code ("GM0363"), ``domains`` the domains its staff mail from with the usual one
    first, and ``also_known_as`` the other names people type ("Den Haag" for 's-Gravenhage).
    """

    code: str
    name: str
    province: str
    domains: tuple[str, ...]
    also_known_as: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """The domain its staff usually mail from; empty when nobody is sure."""
        return self.domains[0] if self.domains else ""


@lru_cache(maxsize=1)
def municipalities() -> tuple[Municipality, ...]:
    """All municipalities, in the order of their names; read from the list on first use."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Municipality(
                code=row["code"],
                name=row["name"],
                province=row["province"],
                domains=tuple(row["domains"].split()),
                also_known_as=tuple(row["also_known_as"].split("|")) if row["also_known_as"] else (),
            )
            for row in csv.DictReader(lines)
        )


def normalise(name: str) -> str:
    """The key under which two spellings of one name are equal.

    Accents, capitals, punctuation and a leading "gemeente" do not count; another known name gives the key
    of the official one, so "Den Haag", "'s Gravenhage" and "Gemeente Den Haag" are all "s gravenhage".
    """
    key = _plain(name)
    return _official_keys().get(key, key)


def by_code(code: str) -> Municipality | None:
    """The municipality with this CBS code, or None."""
    return _by_code().get(code.strip().upper())


def by_name(name: str) -> Municipality | None:
    """The municipality with this name in any known spelling, or None; "Bergen" alone is no answer."""
    return _by_key().get(normalise(name))


def by_domain(address_or_domain: str) -> Municipality | None:
    """The municipality that mails from this address or domain, or from a domain above it; None when unknown.

    Nothing is derived from the look of a domain: only what stands in the list counts.
    """
    domain = address_or_domain.strip().rpartition("@")[2].strip().rstrip(".").lower()
    while "." in domain:
        if found := _by_domain().get(domain):
            return found
        domain = domain.partition(".")[2]
    return None


def suggest(typed: str, limit: int = 8) -> tuple[Municipality, ...]:
    """At most ``limit`` municipalities for what somebody typed.

    Names that begin with it come first, then names with a word that begins with it, each in order of name.
    """
    start = _plain(typed)
    if not start:
        return ()
    first: list[Municipality] = []
    second: list[Municipality] = []
    for one in municipalities():
        keys = [_plain(name) for name in (one.name, *one.also_known_as)]
        if any(key.startswith(start) for key in keys):
            first.append(one)
        elif any(f" {start}" in f" {key}" for key in keys):
            second.append(one)
    return tuple((first + second)[:limit])


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return PREFIX.sub("", NOT_IN_A_KEY.sub(" ", letters).strip())


@lru_cache(maxsize=1)
def _official_keys() -> dict[str, str]:
    return {_plain(other): _plain(one.name) for one in municipalities() for other in one.also_known_as}


@lru_cache(maxsize=1)
def _by_key() -> dict[str, Municipality]:
    return {_plain(one.name): one for one in municipalities()}


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Municipality]:
    return {one.code: one for one in municipalities()}


@lru_cache(maxsize=1)
def _by_domain() -> dict[str, Municipality]:
    return {domain: one for one in municipalities() for domain in one.domains}
