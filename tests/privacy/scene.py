"""One visitor who left something everywhere: questions, calls, talks, a series, a seat, mail in and out.

``paint`` then writes a canary into every column that the models say can hold words, so that nothing which is there is
forgotten by the tests either.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, LargeBinary, Table, insert, select, update

from consult.booking import proposals
from consult.booking.groups.models import GroupSession
from consult.contact import calls, services
from consult.contact.models import CallResult
from consult.contact.writing.models import Draft
from consult.database import Model
from consult.people.models import Advisor, Contact
from consult.postbox import services as postbox
from consult.privacy.register import ANSWERS, KEPT, OTHERS, texts
from consult.sealing.types import plain_type
from consult.webhooks import services as webhooks
from consult.webhooks.services import NewWebhook
from consult.webhooks.telling import EventName
from tests.support import group_rows, rows, series_rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings

ADDRESS = "kanarie@gemeente.example"
NAME = "Kanarie 4711"
# After every talk that the visitor planned; within the year that things are kept.
LATER = rows.NOW + timedelta(days=90)
# How rows are found again; everything else is painted over.
HANDLES = frozenset({"subject_kind", "purpose", "email", "address_key", "address", "sender", "recipient"})

Snapshot = dict[str, set[tuple[Any, ...]]]


def firm(session: DbSession, settings: Settings) -> None:
    """Rik, Sam, a kind of talk and a group session."""
    rik = rows.create_advisor(session, "Rik de Wit")
    rows.create_advisor(session, "Sam Bos")
    rows.create_meeting_type(session)
    group_rows.plan(session, settings, (rik,))
    address, heard = "https://program.example/", frozenset(EventName)
    new = NewWebhook(form_key="webhook", name="Zaaksysteem", url=address, events=heard)
    webhooks.make(session, new, actor="account:1", settings=settings, now=rows.NOW)


def live(session: DbSession, settings: Settings, address: str = ADDRESS, name: str = NAME) -> None:
    """Let one visitor do everything that leaves a row."""
    rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
    kind = series_rows.sparren(session)
    who: dict[str, Any] = {"name": name, "email": address}
    enquiry = rows.ask(session, settings, phone="+31612345678", question=f"{name} vraagt", **who).enquiry
    at = {"settings": settings, "now": rows.NOW}
    services.add_note(session, enquiry, rik, f"{name} belde", form_key=f"note {name}", now=rows.NOW)
    services.add_visitor_message(session, enquiry, f"{name} zegt", form_key=f"more {name}", **at)
    services.reply(session, enquiry, rik, f"Dag {name}", form_key=f"reply {name}", **at)
    call = calls.NewCall(form_key=f"call {name}", result=CallResult.NO_ANSWER, note=f"{name} sliep")
    calls.record_call(session, enquiry, rik, call, **at)
    session.add(Draft(enquiry_id=enquiry.id, advisor_id=rik.id, kind="reply", body=name, saved_at=rows.NOW))
    day = 0 if address == ADDRESS else 1
    first = rows.NOW + timedelta(days=1, hours=day)
    talk = rows.book(session, settings, kind, [rik], first, note=f"over {name}", **who).booking
    guest = {"guests": ("gast@gemeente.example",)}
    rows.book(session, settings, kind, [rik], first + timedelta(hours=2), **who, **guest)
    proposals.propose(session, talk, first + timedelta(days=1), comment=f"{name} wil later", **at)
    serial = series_rows.first_talk(session, settings, series_rows.FIRST + timedelta(hours=day), **who)
    series_rows.plan(session, settings, serial, count=3, form_key=f"series {name}")
    group = session.scalars(select(GroupSession)).one()
    group_rows.ask_seat(session, settings, group, name, email=address)
    raw = f"From: {address}\r\nMessage-ID: <{day}@gemeente.example>\r\n\r\n{name} schrijft\r\n".encode()
    postbox.receive(session, raw, token=enquiry.reply_token, settings=settings, now=rows.NOW)
    answers = Model.metadata.tables["idempotent_answer"]
    said = {"reference": enquiry.reference, "to": name}
    row = {"key": name, "route": "r", "body_hash": "h", "status": 201, "answer": said}
    session.execute(insert(answers).values(**row, created_at=rows.NOW))
    session.flush()
    assert session.scalars(select(Contact).where(Contact.email == address)).one()
    # What other programs are told is stored at the end of a transaction.
    session.commit()


def snapshot(session: DbSession) -> Snapshot:
    """The keys of every row there is, by table."""
    return {
        table.name: {tuple(row) for row in session.execute(select(*table.primary_key.columns))}
        for table in Model.metadata.sorted_tables
    }


def paint(session: DbSession, before: Snapshot) -> set[str]:
    """Write the canary wherever words fit, in every row that was not there before; gives which columns that were."""
    painted = set()
    # Making a change in the trail needs its key, as erasing does.
    session.execute(insert(Model.metadata.tables["trail_opening"]).values(id=1))
    for table in Model.metadata.sorted_tables:
        if table.name in OTHERS:
            continue
        keys = list(table.primary_key.columns)
        ours = [table.c.role != "advisor"] if table.name == "invitation" else []
        for number, row in enumerate(session.execute(select(*keys).where(*ours)).all()):
            if tuple(row) not in before[table.name]:
                values = _paints(table, number)
                painted |= {f"{table.name}.{name}" for name in values}
                which = [key == value for key, value in zip(keys, row, strict=True)]
                session.execute(update(table).where(*which).values(values))
    session.execute(Model.metadata.tables["trail_opening"].delete())
    return painted


def _paints(table: Table, number: int) -> dict[str, Any]:
    spared = {*HANDLES, *KEPT.get(table.name, ()), *(key.name for key in table.primary_key.columns)}
    spared |= {"activity": {"what", "actor"}, ANSWERS: {"answer"}}.get(table.name, set())
    values: dict[str, Any] = {}
    for column in texts(table):
        if column.name in spared:
            continue
        text = f"{NAME}-{number}"
        if isinstance(plain_type(column), JSON):
            values[column.name] = {"said": text, "deep": [{"said": text}], "count": 3, "code": "page.only"}
        else:
            length = getattr(column.type, "length", None) or 100
            assert length > len(text) or column.name in {"state", "result"}, f"{table.name}.{column.name}"
            values[column.name] = (
                text.encode() if isinstance(plain_type(column), LargeBinary) else text[:length]
            )
    return values
