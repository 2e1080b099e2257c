"""A mail as a person can compare it: who, what subject, the words, and the calendar object line by line.

What is drawn by lot gets a name of its own, in order of appearance.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

    from consult.outbox.models import OutgoingMail
    from tests.outgoing.scenes import Scene

RANDOM = re.compile(r"(?<![0-9A-Za-z_-])(?:[0-9a-f]{32}|[0-9A-Za-z_-]{43})(?![0-9A-Za-z_-])")


def parsed(mail: OutgoingMail) -> EmailMessage:
    """The mail as the standard library reads it."""
    return message_from_bytes(mail.raw, policy=policy.default)


def calendar_of(mail: OutgoingMail) -> tuple[str, bytes] | None:
    """The method that the MIME part names, and the bytes of the calendar object; None without one."""
    for part in parsed(mail).walk():
        if part.get_content_type() == "text/calendar":
            raw = part.get_payload(decode=True)
            assert isinstance(raw, bytes)
            return str(part.get_param("method")), raw
    return None


def words_of(mail: OutgoingMail) -> str:
    """The plain text."""
    body = parsed(mail).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def shown(scene: Scene) -> str:
    """Every mail of a scene, step by step."""
    told = []
    for step, mails in scene.steps:
        told.append(f"===== {step} =====\n")
        told += [_shown(mail) for mail in mails] or ["(no mail)\n"]
    names: dict[str, str] = {}
    return RANDOM.sub(lambda found: names.setdefault(found[0], f"RANDOM-{len(names) + 1}"), "\n".join(told))


def _shown(mail: OutgoingMail) -> str:
    message = parsed(mail)
    lines = [f"----- {mail.event} -----"]
    lines += [f"{name}: {message[name]}" for name in ("From", "To", "Subject", "Date")]
    lines += ["", *(line.rstrip() for line in words_of(mail).strip().splitlines())]
    found = calendar_of(mail)
    if found is not None:
        unfolded = found[1].decode().replace("\r\n ", "").split("\r\n")
        zone = (
            slice(unfolded.index("BEGIN:VTIMEZONE"), unfolded.index("END:VTIMEZONE") + 1)
            if ("BEGIN:VTIMEZONE" in unfolded)
            else slice(0, 0)
        )
        del unfolded[zone]
        lines += ["", f"[text/calendar; method={found[0]}]", *unfolded[:-1]]
    return "\n".join([*lines, ""])
