"""What stands at the front of a backup: when it was made, of which migration, and what must come out of it."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 1
NAME = "manifest.json"


class NotABackup(Exception):
    """The file is no backup of ours, is damaged, or was made by a newer version; the text says which."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table: how many rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``head`` is the migration; ``tables`` stand in an order in which they can be filled."""

    made_at: str
    head: str
    tables: Mapping[str, Part]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(part.rows for part in self.tables.values())

    def to_json(self) -> bytes:
        """Readable by a person who opens the file."""
        tables = {name: asdict(part) for name, part in self.tables.items()}
        stated = {"format": FORMAT, "madeAt": self.made_at, "head": self.head, "tables": tables}
        return json.dumps(stated, indent=1).encode()


def place(table: str) -> str:
    """Where the rows of a table stand in the file."""
    return f"tables/{table}.jsonl"


def read(path: Path) -> Manifest:
    """What the file says of itself.

    Raises:
        NotABackup: it says nothing that we understand.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            stated: dict[str, Any] = json.loads(archive.read(NAME))
        if stated["format"] != FORMAT:
            raise NotABackup("it was made by another version of consult")
        tables = {str(name): Part(**part) for name, part in stated["tables"].items()}
        return Manifest(str(stated["madeAt"]), str(stated["head"]), tables)
    except OSError as error:
        raise NotABackup(error.strerror or type(error).__name__) from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise NotABackup("it is no backup, or a damaged one") from error
