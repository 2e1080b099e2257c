"""Whether what people wrote stands in the database as the keys say that it should, and whether it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.database import Model, db, looking_only
from consult.sealing.standing import PLAIN, census
from consult.sealing.types import front_of

if TYPE_CHECKING:
    from consult.sealing.keys import Keyring

OFF = "off: what people write is stored as it is"


def state(ring: Keyring) -> tuple[bool, str, str]:
    """Whether all is well, what is found, and the mend; counts every row. Needs the app context."""
    with looking_only(), db.engine.connect() as connection:
        counted = census(connection, Model.metadata)
    keys = {name: number for name, number in counted.items() if name != PLAIN}
    if foreign := sorted(keys.keys() - ring.reads.keys()):
        texts = sum(keys[name] for name in foreign)
        cause = f"{texts} texts are sealed with keys that are not set ({', '.join(foreign)})"
        return False, cause, "add those keys to CONSULT_ENCRYPTION_KEYS, behind the first one"
    if ring.writes is None:
        left = sum(keys.values())
        return (
            (False, f"off, and {left} texts are sealed yet", "consult encryption off")
            if left
            else (True, OFF, "")
        )
    left = sum(counted.values()) - keys.get(ring.writes.name, 0)
    if left:
        return False, f"{left} texts are plain or under an earlier key", "consult encryption rotate"
    return True, f"all texts are under key {ring.writes.name}", ""


def missing_key(ring: Keyring) -> str | None:
    """The key that the newest question needs and that is not set; None when it can be read. One row is looked at."""
    enquiry = Model.metadata.tables["enquiry"]
    newest = select(front_of(enquiry.c.question)).order_by(enquiry.c.id.desc()).limit(1)
    with looking_only(), db.engine.connect() as connection:
        name = str(connection.scalar(newest) or "")[1:]
    return name if name.strip("-") and name not in ring.reads else None
