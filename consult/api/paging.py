"""A list in pages: where the next one begins is told in the answer and in the Link header (RFC 8288).

A page begins after the last row of the one before, so that what comes in meanwhile shifts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import g, request, url_for
from pydantic import Field

from consult.api.payloads.base import Links
from consult.api.schemas import Incoming

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute

    from consult.database import DbSession

Row = TypeVar("Row")
PAGE, MOST = 25, 100


class Paged(Incoming):
    """How much of a list, and from where: ``cursor`` is taken out of the link to the next page."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None


def page_of(
    session: DbSession,
    query: Select[Row],
    number: InstrumentedAttribute[int],
    asked: Paged,
    *,
    newest_first: bool = False,
) -> tuple[list[Row], Links]:
    """The rows of this page in order of ``number``, and the links; the Link header follows from them."""
    if asked.cursor is not None:
        after = int(asked.cursor)
        query = query.where(number < after if newest_first else number > after)
    order = number.desc() if newest_first else number
    found = list(session.scalars(query.order_by(order).limit(asked.limit + 1)).unique())
    rows = found[: asked.limit]
    more = len(found) > len(rows)
    links = Links(self=_here(), next=_here(cursor=str(getattr(rows[-1], number.key))) if more else None)
    g.api_links = links
    return rows, links


def link_header() -> str | None:
    """The Link header of this answer; None when it is no page of a list, or the only one."""
    links: Links | None = g.get("api_links")
    if links is None:
        return None
    known = {"self": links.self, "next": links.next}
    return ", ".join(f'<{href}>; rel="{name}"' for name, href in known.items() if href)


def _here(**changed: Any) -> str:
    """The address of this request, with some of its query changed."""
    query = request.args.to_dict() | changed
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **query})
