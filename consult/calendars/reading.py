"""Read one calendar elsewhere: ask, and make busy time of the answer. Knows no database; is called by the worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.calendars import collection
from consult.calendars.troubles import OF_FLAWS, NotRead, Trouble
from consult.people.calendars import CalendarKind
from consult.scheduling.busy import MOST_MEETINGS, busy_periods
from consult.scheduling.lines import Unreadable
from consult.timespan import Span, merge
from consult.web.outgoing_guard import Refused
from consult.web.outgoing_http import Answer, Outgoing, Rules, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.calendars.sealing import Access

LONGEST_MARK = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What tells one copy from another: the marks the other side gave, and the hash of what was read."""

    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A good answer. ``busy`` is None when it says that the copy we have is still the right one."""

    copy: Copy
    busy: tuple[Span, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A calendar to read. ``zone`` is for one that names none; ``own_domain`` marks invites of ours in it, and what
    ``own_address`` declined takes no time.
    """

    kind: CalendarKind
    access: Access
    zone: str
    own_domain: str
    own_address: str


def read(source: Source, between: Span, rules: Rules, known: Copy) -> Reading:
    """The busy time within ``between``, unless the other side, or the hash, says that ``known`` still holds.

    Raises:
        NotRead: no connection, no answer that we may believe, or a calendar that cannot be followed exactly.
    """
    try:
        answer = send(_question(source, between, known), rules)
    except Refused as refused:
        raise NotRead(refused.fault) from None
    if answer.status == 304 and known.content_hash is not None:
        return Reading(known, None)
    _keep_to_status(source, answer)
    copy = Copy(
        etag=_mark(answer, "ETag"),
        last_modified=_mark(answer, "Last-Modified"),
        content_hash=hashlib.sha256(answer.body).hexdigest(),
    )
    if copy.content_hash == known.content_hash:
        return Reading(copy, None)
    is_collection = source.kind == CalendarKind.CALDAV
    parts = collection.objects(answer.body) if is_collection else (answer.body,)
    return Reading(copy, _busy(parts, source, between))


def _question(source: Source, between: Span, known: Copy) -> Outgoing:
    access = source.access
    secrets = access.sign_in
    if source.kind == CalendarKind.CALDAV:
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        body = collection.question(between)
        return Outgoing(url=access.address, method="REPORT", headers=headers, secrets=secrets, body=body)
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    asked = {name: mark for name, mark in marks.items() if mark}
    headers = {"Accept": "text/calendar, */*;q=0.1", **asked}
    return Outgoing(url=access.address, headers=headers, secrets=secrets)


def _keep_to_status(source: Source, answer: Answer) -> None:
    """Raise NotRead for an answer that means no."""
    if answer.status in {401, 403}:
        raise NotRead(Trouble.SIGN_IN)
    if answer.status in {404, 410}:
        raise NotRead(Trouble.GONE)
    if answer.status != (207 if source.kind == CalendarKind.CALDAV else 200):
        raise NotRead(Trouble.STATUS)


def _mark(answer: Answer, name: str) -> str | None:
    """A header to give back next time; one that no table or header can hold is left out."""
    mark = answer.headers.get(name, "").strip()
    return mark if 0 < len(mark) <= LONGEST_MARK and mark.isascii() and mark.isprintable() else None


def _busy(parts: Sequence[bytes], source: Source, between: Span) -> tuple[Span, ...]:
    if len(parts) > MOST_MEETINGS:
        raise NotRead(Trouble.TOO_MANY)
    own = [address for address in (source.own_address, source.access.username) if address]
    try:
        return merge(
            span
            for raw in parts
            for span in busy_periods(
                raw, between, zone=source.zone, own_uid_domain=source.own_domain, own_addresses=own
            )
        )
    except Unreadable as unreadable:
        raise NotRead(OF_FLAWS.get(unreadable.flaw, Trouble.UNREADABLE)) from None
