"""Everything kept of one person, to hand over: a document in JSON and the talks as calendar files.

Written from the tables and the register, so that a column that is added later is handed over too. Internal notes are
in it: they are about the person as well. What only opens doors (tokens, form keys, hashes) is left out.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, func, select

from consult.activity.services import record
from consult.booking.groups.invites import calendar_file as seat_file
from consult.booking.groups.models import Seat
from consult.booking.invites import calendar_file
from consult.booking.models import Booking, InviteeRole
from consult.outbox.message import StoredMessage
from consult.outbox.models import OutgoingMail
from consult.postbox.models import IncomingMail
from consult.privacy.blanking import in_chunks
from consult.privacy.erasure import OFFICE
from consult.privacy.person import Found, of_person
from consult.privacy.register import SUBJECTS, children, named_by_kind, tables
from consult.sealing.types import plain_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement, Table

    from consult.database import DbSession
    from consult.settings import Settings

# What opens a door, or only means something to a machine.
DOORS = frozenset({"form_key", "reply_token", "token", "token_hash", "hold_hash", "content_hash", "decision"})


@dataclass(frozen=True, slots=True)
class Export:
    """What is handed over; ``calendars`` are files by name (``A-2026-0001.ics``)."""

    document: Mapping[str, Any]
    calendars: Mapping[str, bytes]

    def as_json(self) -> bytes:
        """The document, to be read by a person and by a machine."""
        return json.dumps(self.document, ensure_ascii=False, indent=2).encode()

    def as_zip(self) -> bytes:
        """All of it in one file."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("gegevens.json", self.as_json())
            for name, raw in self.calendars.items():
                archive.writestr(f"agenda/{name}", raw)
        return packed.getvalue()


def export_person(session: DbSession, key: str, *, actor: str, settings: Settings, now: datetime) -> Export:
    """What is kept of whoever has this address or number (E.164); mail as such only by address.

    That it was handed over is written down, without the address.
    """
    address = key.strip().lower()
    found = of_person(session, address)
    document: dict[str, Any] = {"address": address, "madeAt": now.isoformat(), "by": settings.firm_name}
    for kind, ids in found.by_kind().items():
        root = tables()[SUBJECTS[kind]]
        document[root.name] = _rows(session, root, ids, "id")
        for table, parent in children(kind):
            document.setdefault(table.name, []).extend(_rows(session, table, ids, parent.name))
        for table in named_by_kind():
            if table.name not in {OutgoingMail.__tablename__, IncomingMail.__tablename__}:
                document.setdefault(table.name, []).extend(
                    _rows(session, table, ids, "subject_id", table.c.subject_kind == kind)
                )
    document["invitedTo"] = _invited(session, address, found)
    document["mailToYou"] = list(_mail_to(session, address))
    document["mailFromYou"] = list(_mail_from(session, address))
    export = Export(
        {key: value for key, value in document.items() if value}, _calendars(session, found, settings)
    )
    if found:
        record(session, OFFICE, "privacy.exported", actor=actor, now=now, talks=len(found.booking))
    session.flush()
    return export


def _rows(
    session: DbSession, table: Table, ids: frozenset[int], column: str, *more: ColumnElement[bool]
) -> list[dict[str, Any]]:
    shown = [
        each
        for each in table.columns
        if each.name not in DOORS and not isinstance(plain_type(each), LargeBinary)
    ]
    found: list[dict[str, Any]] = []
    for chunk in in_chunks(ids):
        rows = session.execute(select(*shown).where(table.c[column].in_(chunk), *more)).mappings()
        found.extend({key: _plain(value) for key, value in row.items() if value is not None} for row in rows)
    return found


def _invited(session: DbSession, address: str, found: Found) -> list[dict[str, Any]]:
    invitation = tables()["invitation"]
    rows = session.execute(
        select(Booking.starts_at, invitation.c.name, invitation.c.participation, invitation.c.comment)
        .join(invitation, invitation.c.booking_id == Booking.id)
        .where(Booking.id.in_(found.guest_in), func.lower(invitation.c.address) == address)
    ).mappings()
    return [{key: _plain(value) for key, value in row.items() if value is not None} for row in rows]


def _mail_to(session: DbSession, address: str) -> Iterator[dict[str, Any]]:
    mails = session.execute(
        select(OutgoingMail.created_at, OutgoingMail.state, OutgoingMail.sender, OutgoingMail.raw)
        .where(func.lower(OutgoingMail.recipient) == address)
        .order_by(OutgoingMail.id)
    )
    for at, state, sender, raw in mails:
        mail = StoredMessage(raw, sender=sender, recipient=address)
        yield {"at": at.isoformat(), "state": state, "subject": mail.subject, "text": mail.body or ""}


def _mail_from(session: DbSession, address: str) -> Iterator[dict[str, Any]]:
    mails = session.execute(
        select(IncomingMail.received_at, IncomingMail.text, IncomingMail.raw)
        .where(func.lower(IncomingMail.sender) == address)
        .order_by(IncomingMail.id)
    )
    for at, text, raw in mails:
        yield {"at": at.isoformat(), "text": text or "", "asItCame": raw.decode(errors="replace")}


def _calendars(session: DbSession, found: Found, settings: Settings) -> dict[str, bytes]:
    files = {}
    for talk in session.scalars(select(Booking).where(Booking.id.in_(found.booking)).order_by(Booking.id)):
        own = next((each for each in talk.invitations if each.role == InviteeRole.VISITOR), None)
        if own is not None:
            files[f"{talk.reference}.ics"] = calendar_file(talk, own, settings, settings.base_url)
    for seat in session.scalars(select(Seat).where(Seat.id.in_(found.seat)).order_by(Seat.id)):
        group = seat.group_session
        files[f"{group.slug}.ics"] = seat_file(group, seat, settings, settings.base_url)
    return files


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
