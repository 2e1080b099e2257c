"""Take one passage out of a question or a talk, wherever it stands: thread, mail both ways, history, and what other
programs are told.

The words of the search index follow by themselves: the database keeps that index. Calendar objects are left as they
are, for nothing that a visitor wrote stands in one. Who redacted and when is written down, what is not.
"""

from __future__ import annotations

import html
import re
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Text, and_, bindparam, select, update
from sqlalchemy.types import String

from consult.activity.models import Activity
from consult.activity.services import record
from consult.outbox.models import OutgoingMail
from consult.postbox.models import ArrivalState, IncomingMail
from consult.privacy.blanking import ADDRESSES
from consult.privacy.register import SUBJECTS, children, named_by_kind, tables, written
from consult.privacy.trail import TRAIL, opened
from consult.sealing.types import plain_type

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Table

    from consult.database import DbSession

LEFT_OUT = "[weggelaten]"
LEAST = 3


class TooShort(Exception):
    """So few letters stand everywhere: name the whole of what must go."""


def redact(session: DbSession, subject: tuple[str, int], passage: str, *, actor: str, now: datetime) -> int:
    """Replace ``passage`` by ``[weggelaten]`` in all that belongs to a question or talk; gives in how many places.

    Capitals and the kind of white space make no difference. Mail keeps its Message-ID and its headers.
    After the commit, ``consult.privacy.files.scrub`` takes it out of SQLite's own files too.

    Raises:
        TooShort: fewer than three characters.
    """
    words = passage.split()
    if sum(map(len, words)) < LEAST:
        raise TooShort
    pattern = _pattern(words)
    kind, subject_id = subject
    root = tables()[SUBJECTS[kind]]
    session.flush()
    places = _in_rows(session, root, root.c.id == subject_id, pattern)
    for table, parent in children(kind):
        places += _in_rows(session, table, parent == subject_id, pattern)
    places += _in_history(session, subject, pattern)
    places += _in_sent_mail(session, subject, words) + _in_arrived_mail(session, subject, pattern)
    places += _in_payloads(session, subject, pattern)
    session.expire_all()
    if places:
        record(session, subject, f"{kind}.redacted", actor=actor, now=now, places=places)
        session.flush()
    return places


def without(raw: bytes, words: list[str]) -> bytes:
    """A mail of ours without the passage in its text parts; the same bytes when it is not in there."""
    head, _, _body = raw.partition(b"\r\n\r\n")
    mail = BytesParser(policy=policy.SMTP).parsebytes(raw)
    found = False
    for part in mail.walk():
        if part.get_content_maintype() != "text" or part.get_content_subtype() == "calendar":
            continue
        subtype = part.get_content_subtype()
        pattern = _pattern([html.escape(word) for word in words] if subtype == "html" else words)
        text, count = pattern.subn(LEFT_OUT, part.get_content())
        if count:
            found = True
            part.set_content(text, subtype=subtype, charset="utf-8", cte="quoted-printable")
    if not found:
        return raw
    # Headers are kept as the bytes they were: nothing may read them and write them anew.
    return head + b"\r\n\r\n" + mail.as_bytes().partition(b"\r\n\r\n")[2]


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)


def _in_rows(session: DbSession, table: Table, where: ColumnElement[bool], pattern: re.Pattern[str]) -> int:
    columns = [each for each in written(table) if _is_text(each)]
    if not columns:
        return 0
    places = 0
    keys = list(table.primary_key.columns)
    for row in session.execute(select(*keys, *columns).where(where)).mappings().all():
        changed = {
            each.name: pattern.sub(LEFT_OUT, row[each.name])[: getattr(each.type, "length", None)]
            for each in columns
            if row[each.name] and pattern.search(row[each.name])
        }
        if changed:
            places += len(changed)
            session.execute(
                update(table).where(and_(*(key == row[key.name] for key in keys))).values(changed)
            )
    return places


def _is_text(column: Column[Any]) -> bool:
    if column.primary_key or column.unique or column.name in ADDRESSES:
        return False
    return isinstance(plain_type(column), (Text, String))


def _in_history(session: DbSession, subject: tuple[str, int], pattern: re.Pattern[str]) -> int:
    rows = session.execute(
        select(Activity.id, Activity.why).where(
            Activity.subject_kind == subject[0],
            Activity.subject_id == subject[1],
            Activity.why.is_not(None),
        )
    )
    changed = [
        {"row": row.id, "text": pattern.sub(LEFT_OUT, row.why)} for row in rows if pattern.search(row.why)
    ]
    if changed:
        statement = update(TRAIL).where(TRAIL.c.id == bindparam("row")).values(why=bindparam("text"))  # type: ignore[arg-type]  # (a table)
        with opened(session):
            session.execute(statement, changed)
    return len(changed)


def _in_sent_mail(session: DbSession, subject: tuple[str, int], words: list[str]) -> int:
    places = 0
    mails = session.execute(
        select(OutgoingMail.id, OutgoingMail.raw).where(
            OutgoingMail.subject_kind == subject[0], OutgoingMail.subject_id == subject[1]
        )
    ).all()
    for number, raw in mails:
        if (changed := without(raw, words)) != raw:
            places += 1
            session.execute(update(OutgoingMail).where(OutgoingMail.id == number).values(raw=changed))
    return places


def _in_arrived_mail(session: DbSession, subject: tuple[str, int], pattern: re.Pattern[str]) -> int:
    """What came in was read already: its text loses the passage, its bytes are let go of."""
    places = 0
    mails = session.execute(
        select(IncomingMail.id, IncomingMail.text).where(
            IncomingMail.subject_kind == subject[0],
            IncomingMail.subject_id == subject[1],
            IncomingMail.state != ArrivalState.RECEIVED,
        )
    ).all()
    for number, text in mails:
        found = text is not None and pattern.search(text) is not None
        places += found
        values = {"raw": b""} | ({"text": pattern.sub(LEFT_OUT, text)} if found and text else {})
        session.execute(update(IncomingMail).where(IncomingMail.id == number).values(values))
    return places


def _in_payloads(session: DbSession, subject: tuple[str, int], pattern: re.Pattern[str]) -> int:
    """What is told, or still to be told, to other programs about the subject."""
    places = 0
    for table in named_by_kind():
        about = and_(table.c.subject_kind == subject[0], table.c.subject_id == subject[1])
        for column in (each for each in table.columns if isinstance(plain_type(each), JSON)):
            for number, stored in session.execute(select(table.c.id, column).where(about)).all():
                if (changed := _without_passage(stored, pattern)) != stored:
                    places += 1
                    session.execute(update(table).where(table.c.id == number).values({column.name: changed}))
    return places


def _without_passage(stored: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(stored, dict):
        return {name: _without_passage(each, pattern) for name, each in stored.items()}
    if isinstance(stored, list):
        return [_without_passage(each, pattern) for each in stored]
    return pattern.sub(LEFT_OUT, stored) if isinstance(stored, str) else stored
