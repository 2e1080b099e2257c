"""One meeting in a CalDAV collection: put there, changed or taken out, and never twice (RFC 4791 5.3).

What the owner's own calendar program already holds under the same UID is left to that program, which hears every
change by mail. Knows no database; is called by the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from consult.calendars import collection
from consult.calendars.models import WritingState
from consult.calendars.troubles import NotRead, Trouble
from consult.scheduling.stored import sequence_of
from consult.web.outgoing_guard import Refused
from consult.web.outgoing_http import Answer, Outgoing, send

if TYPE_CHECKING:
    from consult.calendars.sealing import Access
    from consult.web.outgoing_http import Rules

LONGEST_ETAG = 255
# Some servers give no mark; any version of what we wrote is then as good.
ANY = "*"


class _Changed(Exception):
    """Somebody else was there since we last looked: what we knew of it holds no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting in a collection. ``state`` and ``etag`` are what we know of it from before."""

    access: Access
    uid: str
    state: WritingState
    etag: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it stands now."""

    state: WritingState
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class _There:
    is_ours: bool
    etag: str
    sequence: int


def write(entry: Entry, raw: bytes, rules: Rules) -> Outcome:
    """Let the collection hold these bytes, unless its owner's program looks after this meeting itself.

    Raises:
        NotRead: the server is not reached, does not let us in, or refuses.
    """
    if entry.etag is not None:
        try:
            return _put(entry, raw, entry.etag, rules)
        except _Changed:
            pass
    there = _find(entry, rules)
    try:
        if there is None:
            # An owner who threw away an own copy knows what to do with the next mail about it.
            is_theirs = entry.state is WritingState.THEIRS
            return Outcome(WritingState.THEIRS) if is_theirs else _put(entry, raw, None, rules)
        if not there.is_ours:
            return Outcome(WritingState.THEIRS)
        if there.sequence >= (sequence_of(raw, entry.uid) or 0):
            return Outcome(WritingState.WRITTEN, there.etag)
        return _put(entry, raw, there.etag, rules)
    except _Changed:
        raise NotRead(Trouble.STATUS) from None


def remove(entry: Entry, rules: Rules) -> None:
    """Take out what we wrote, and nothing else.

    Raises:
        NotRead: as ``write`` does.
    """
    if entry.state is WritingState.THEIRS:
        return
    etag = entry.etag
    if etag is not None and _deleted(entry, etag, rules):
        return
    there = _find(entry, rules)
    if there is not None and there.is_ours and not _deleted(entry, there.etag, rules):
        raise NotRead(Trouble.STATUS)


def address_of(entry: Entry) -> str:
    """Where our own copy stands: a name that follows from the UID, so that a lost answer is found again."""
    base = entry.access.address
    return urljoin(base if base.endswith("/") else f"{base}/", _name(entry.uid))


def _name(uid: str) -> str:
    return f"consult-{sha256(uid.encode()).hexdigest()[:32]}.ics"


def _put(entry: Entry, raw: bytes, etag: str | None, rules: Rules) -> Outcome:
    condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
    answer = _asked(
        Outgoing(
            url=address_of(entry),
            method="PUT",
            headers={"Content-Type": "text/calendar; charset=utf-8", **condition},
            secrets=entry.access.sign_in,
            body=raw,
        ),
        rules,
    )
    if answer.status in {404, 409, 412}:
        raise _Changed
    _keep_to_status(answer, {200, 201, 204})
    return Outcome(WritingState.WRITTEN, _mark(answer.headers.get("ETag", "")))


def _deleted(entry: Entry, etag: str, rules: Rules) -> bool:
    """Whether it is gone; False when it was changed since."""
    answer = _asked(
        Outgoing(
            url=address_of(entry),
            method="DELETE",
            headers={"If-Match": etag},
            secrets=entry.access.sign_in,
        ),
        rules,
    )
    if answer.status == 412:
        return False
    _keep_to_status(answer, {200, 202, 204, 404, 410})
    return True


def _find(entry: Entry, rules: Rules) -> _There | None:
    """What the collection holds under this UID; our own copy before any other."""
    question = Outgoing(
        url=entry.access.address,
        method="REPORT",
        headers={"Depth": "1", "Content-Type": "application/xml; charset=utf-8"},
        secrets=entry.access.sign_in,
        body=collection.question_for(entry.uid),
    )
    answer = _asked(question, rules)
    if answer.status in {404, 410}:
        raise NotRead(Trouble.GONE)
    _keep_to_status(answer, {207})
    found = [
        _There(_is_ours(each.href, entry.uid), _mark(each.etag), sequence)
        for each in collection.held(answer.body)
        if (sequence := sequence_of(each.raw, entry.uid)) is not None
    ]
    return max(found, key=lambda each: each.is_ours, default=None)


def _is_ours(href: str, uid: str) -> bool:
    return unquote(urlsplit(href).path).rpartition("/")[2] == _name(uid)


def _asked(outgoing: Outgoing, rules: Rules) -> Answer:
    try:
        return send(outgoing, rules)
    except Refused as refused:
        raise NotRead(refused.fault) from None


def _keep_to_status(answer: Answer, good: set[int]) -> None:
    if answer.status == 401:
        raise NotRead(Trouble.SIGN_IN)
    if answer.status in {403, 405}:
        raise NotRead(Trouble.READ_ONLY)
    if answer.status not in good:
        raise NotRead(Trouble.STATUS)


def _mark(etag: str) -> str:
    etag = etag.strip()
    return etag if 0 < len(etag) <= LONGEST_ETAG and etag.isascii() and etag.isprintable() else ANY
