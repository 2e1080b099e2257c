"""The address of the inbox: what it asks for, read and written; and what a bulk act tells the page after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import ngettext

from consult.contact.models import Channel
from consult.desk.inbox.bulk import Act
from consult.desk.inbox.queries import Asked
from consult.desk.inbox.views_of import View
from consult.web.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.desk.inbox.queries import Listed

# More numbers than this make an address too long; then the act cannot be undone in one go.
MOST_TO_UNDO = 50


@dataclass(frozen=True, slots=True)
class Pages:
    """What the ``pagination`` macro shows."""

    number: int
    total: int
    previous_href: str | None
    next_href: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done to several questions; ``references`` are those that can be given back."""

    text: str
    left: str
    references: tuple[str, ...]


def asked_for() -> Asked:
    """What the address of this page asks for; what nobody can mean counts as not asked."""
    given = request.args
    view, channel = given.get("weergave", ""), given.get("kanaal", "")
    topic = given.get("thema", "")
    return Asked(
        view=View(view) if view in set(View) else View.MINE,
        search=clean(given.get("zoek", ""))[:100],
        channel=Channel(channel) if channel in set(Channel) else None,
        topic_id=int(topic) if topic.isdecimal() and len(topic) < 9 else None,
        urgent=given.get("haast") == "1",
        late=given.get("te_laat") == "1",
        number=max(1, given.get("bladzijde", 1, type=int)),
    )


def changed(asked: Asked, **change: Any) -> Asked:
    """The same, but for what is named."""
    return replace(asked, **change)


def is_narrowed(asked: Asked) -> bool:
    """Whether anything but the view decides what is listed."""
    return replace(asked, number=1) != Asked(asked.view)


def href(asked: Asked, told: dict[str, Any] | None = None, *, endpoint: str = "desk.inbox") -> str:
    """The address that asks for this."""
    return url_for(
        endpoint,
        weergave=asked.view.value,
        zoek=asked.search or None,
        kanaal=asked.channel.value if asked.channel else None,
        thema=asked.topic_id,
        haast="1" if asked.urgent else None,
        te_laat="1" if asked.late else None,
        bladzijde=asked.number if asked.number > 1 else None,
        **(told or {}),
    )


def pages(listed: Listed, asked: Asked) -> Pages:
    """The way to the page before and after this one."""
    number, total = listed.number, listed.total
    return Pages(
        number,
        total,
        href(changed(asked, number=number - 1)) if number > 1 else None,
        href(changed(asked, number=number + 1)) if number < total else None,
    )


def told(act: Act, references: Sequence[str], left: int) -> dict[str, Any]:
    """What the next page is told of an act, for its address."""
    undo = ".".join(references[:MOST_TO_UNDO]) if act is Act.SPAM else None
    return {"gedaan": act.value, "aantal": len(references), "niet": left or None, "vragen": undo or None}


def done() -> Done | None:
    """What this page was told of an act."""
    act, count = request.args.get("gedaan", ""), request.args.get("aantal", 0, type=int)
    if act not in set(Act) or not 0 <= count <= MOST_TO_UNDO:
        return None
    left = request.args.get("niet", 0, type=int)
    references = tuple(filter(None, request.args.get("vragen", "")[:2000].split(".")))
    not_done = (
        ngettext("%(num)s vraag kan dit niet.", "%(num)s vragen kunnen dit niet.", left) if left > 0 else ""
    )
    return Done(_said(Act(act), count), not_done, references)


def _said(act: Act, count: int) -> str:
    return {
        Act.CLOSE: ngettext("%(num)s vraag is afgerond.", "%(num)s vragen zijn afgerond.", count),
        Act.SNOOZE: ngettext("%(num)s vraag is uitgesteld.", "%(num)s vragen zijn uitgesteld.", count),
        Act.HAND_OVER: ngettext("%(num)s vraag is overgedragen.", "%(num)s vragen zijn overgedragen.", count),
        Act.SPAM: ngettext("%(num)s vraag staat bij spam.", "%(num)s vragen staan bij spam.", count),
        Act.NOT_SPAM: ngettext("%(num)s vraag is terug.", "%(num)s vragen zijn terug.", count),
    }[act]
