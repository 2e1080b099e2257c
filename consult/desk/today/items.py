"""The talks that wait for something, as lines on Vandaag."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import url_for
from flask_babel import gettext

from consult.desk.items import AgendaItem, stamp
from consult.desk.today import queries
from consult.desk.today.queries import Waits
from consult.desk.today.silence import silent_organisations
from consult.web import current, dates

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.desk.guard import Colleague
    from consult.desk.today.queries import TalkRow


def sections(session: DbSession, who: Colleague, *, now: datetime) -> list[tuple[str, list[AgendaItem]]]:
    """Title and lines of each part about talks; a part without lines is not shown."""
    today = dates.local_date(now, current.settings().timezone)
    found = queries.waiting(session, who, today=today, now=now)
    return [
        (
            gettext("Botst met een agenda"),
            [_item(row, "") for row in found[Waits.CLASH]]
            + [
                _item(row, gettext("Bijeenkomst"), leads_to="group_session")
                for row in found[Waits.SESSION_CLASH]
            ],
        ),
        (gettext("Te bevestigen"), [_item(row, _until(row), "pending") for row in found[Waits.APPROVAL]]),
        (gettext("Voorstellen"), [_item(row, _asked_for(row)) for row in found[Waits.PROPOSAL]]),
        (
            gettext("Antwoorden op uitnodigingen"),
            [_item(row, "", "declined") for row in found[Waits.DECLINED]],
        ),
        (gettext("Op te volgen"), [_item(row, "") for row in found[Waits.FOLLOW_UP]]),
        (gettext("Gesprekken zonder uitkomst"), [_item(row, "") for row in found[Waits.NO_OUTCOME]]),
    ]


def _item(row: TalkRow, more: str, badge: str | None = None, *, leads_to: str = "booking") -> AgendaItem:
    moment = dates.moment(row.starts_at, row.ends_at, current.settings().timezone, current.language())
    return AgendaItem(
        href=_page(row, leads_to),
        time=None,
        title=row.name,
        detail=" · ".join(filter(None, (more, moment))),
        badge=badge,
    )


def _page(row: TalkRow, leads_to: str) -> str:
    if leads_to == "group_session":
        return url_for("desk.group_session", slug=row.reference)
    return url_for("desk.booking", reference=row.reference)


def _until(row: TalkRow) -> str:
    return gettext("bevestig vóór %(moment)s", moment=stamp(row.at)) if row.at else ""


def _asked_for(row: TalkRow) -> str:
    return gettext("liever %(moment)s", moment=stamp(row.at)) if row.at else ""


class UrgentLine(NamedTuple):
    """A line with the number of its question, so that it need not stand in two parts."""

    reference: str
    item: AgendaItem


def urgent_lines(session: DbSession, who: Colleague) -> list[UrgentLine]:
    """What cannot wait and is for whoever is first."""
    return [
        UrgentLine(
            reference,
            AgendaItem(
                href=url_for("desk.urgent_enquiry", reference=reference),
                time=None,
                title=name,
                detail=gettext("Wie deze vraag neemt, heeft hem. Beloofd: %(moment)s", moment=stamp(at)),
                badge="urgent",
            ),
        )
        for reference, name, at in queries.urgent_for_all(session, who)
    ]


def silent_lines(session: DbSession, who: Colleague, *, now: datetime) -> list[AgendaItem]:
    """The organisations of this advisor that nobody spoke to for long, with the way to what was said before."""
    if who.advisor is None:
        return []
    return [
        AgendaItem(
            href=url_for("desk.inbox", weergave="alles", zoek=silent.name),
            time=None,
            title=silent.name,
            detail=gettext("laatste contact: %(when)s", when=stamp(silent.last_at))
            if silent.last_at
            else gettext("nog nooit contact"),
            badge=None,
        )
        for silent in silent_organisations(session, who.advisor.id, now=now)
    ]
