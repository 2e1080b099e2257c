"""The index of the words of questions, which the database keeps by triggers: finding in it.

Holds number, name, address, telephone number, organisation, question and thread, notes included: for the desk only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    Integer,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from consult.contact.models import Enquiry
from consult.contact.search.words import fts5_query, tsquery, words_of

if TYPE_CHECKING:
    from consult.database import DbSession


def holds(session: DbSession, searched: str) -> ColumnElement[bool]:
    """The condition that a question holds all these words; a text without a letter or figure finds nothing."""
    words = words_of(searched)
    if not words:
        return false()
    if session.get_bind().dialect.name == "sqlite":
        found = table("enquiry_search", column("rowid", Integer))
        matches = literal(fts5_query(words))
        return Enquiry.id.in_(
            select(found.c.rowid).where(literal_column("enquiry_search").op("MATCH")(matches))
        )
    kept = table("enquiry_search", column("enquiry_id", Integer), column("words"))
    asked = tsquery(words)
    either = func.to_tsquery("dutch", asked, type_=TSQUERY).op("||")(
        func.to_tsquery("simple", asked, type_=TSQUERY)
    )
    return Enquiry.id.in_(select(kept.c.enquiry_id).where(kept.c.words.op("@@")(either)))
