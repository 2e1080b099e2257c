"""The inbox: one view at a time, with what is asked of it in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.desk import items
from consult.desk.guard import Colleague, page
from consult.desk.inbox import queries
from consult.desk.inbox.counting import counts
from consult.desk.inbox.queries import View
from consult.web.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

# The colleagues' questions are named by who has them.
NAMES_ADVISOR = frozenset({View.TEAM, View.ALL})


@dataclass(frozen=True, slots=True)
class Pages:
    """What the ``pagination`` macro shows."""

    number: int
    total: int
    previous_href: str | None
    next_href: str | None


@page("/vragen")
def inbox(who: Colleague) -> str:
    """One view of the inbox; view, search and page stand in the address."""
    view, search, number = _asked_for()
    now = clock.now()
    listed = queries.inbox(db.session, who, view, search=search, number=number)
    return render_template(
        "desk/inbox.html",
        view=view,
        search=search,
        tabs=_tabs(who, view, search),
        items=[items.inbox_item(row, now, name_advisor=view in NAMES_ADVISOR) for row in listed.rows],
        pages=_pages(listed, lambda other: _inbox_href(view, search, other)),
        everywhere=_inbox_href(View.ALL, search),
        label=_labels()[view],
    )


def _asked_for() -> tuple[View, str, int]:
    asked = request.args.get("weergave", "")
    view = View(asked) if asked in set(View) else View.MINE
    search = clean(request.args.get("zoek", ""))[:100]
    return view, search, max(1, request.args.get("bladzijde", 1, type=int))


def _labels() -> dict[View, str]:
    return {
        View.MINE: gettext("Mijn vragen"),
        View.NOBODY: gettext("Van niemand"),
        View.TEAM: gettext("Team"),
        View.WAITING: gettext("Wacht op klant"),
        View.DONE: gettext("Klaar"),
        View.ALL: gettext("Alles"),
    }


def _tabs(who: Colleague, chosen: View, search: str) -> list[dict[str, Any]]:
    found = counts(who)
    return [
        {
            "label": label,
            "href": _inbox_href(view, search),
            "current": view is chosen,
            "count": found.get(view, 0),
        }
        for view, label in _labels().items()
    ]


def _inbox_href(view: View, search: str, number: int = 1) -> str:
    return url_for(
        "desk.inbox",
        weergave=view.value,
        zoek=search or None,
        bladzijde=number if number > 1 else None,
    )


def _pages(listed: queries.Listed, href: Callable[[int], str]) -> Pages:
    number, total = listed.number, listed.total
    return Pages(
        number,
        total,
        href(number - 1) if number > 1 else None,
        href(number + 1) if number < total else None,
    )
