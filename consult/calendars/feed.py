"""The feed of an advisor or a team: which talks stand in it, and how it looks to a calendar that subscribes.

Names no address and no phone number of a visitor: a feed may be passed on. ``mark`` says without building anything
whether a subscriber has the newest one already.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from consult.booking import invites
from consult.booking.groups import invites as group_invites
from consult.booking.groups.models import GroupSession, GroupState, SessionHost
from consult.booking.hosts import held_by
from consult.booking.models import Booking, BookingState, Place
from consult.people.models import Advisor, Team
from consult.scheduling.values import Feed, Meeting, Person, Status
from consult.scheduling.writer import publish
from consult.web.public_urls import desk_booking_url
from consult.web.translating import translator

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from consult.calendars.models import FeedAddress
    from consult.database import DbSession
    from consult.settings import Settings

# Another number makes every subscriber read anew: raise it when the same talks are written in another way.
FORMAT = 1
KEPT_PAST = timedelta(days=365)
KEPT_CANCELLED = timedelta(days=30)
# Rows are let go of once they are written: thousands at once keep Python's collector busy.
AT_A_TIME = 500
STATUS = {
    BookingState.PENDING: Status.TENTATIVE,
    BookingState.CONFIRMED: Status.CONFIRMED,
    BookingState.CANCELLED: Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose feed it is. Several ``advisor_ids`` make it a team's, in which each talk says with whom it is."""

    name: str
    zone: str
    advisor_ids: tuple[int, ...]
    is_team: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What changes when the feed does: an entity tag, and a moment before which it was as it is (in UTC)."""

    etag: str
    last_modified: datetime


def owner_of(session: DbSession, address: FeedAddress, settings: Settings) -> Owner | None:
    """Whose feed this is; None when that advisor does not work here any more."""
    if address.advisor_id is not None:
        advisor = session.get_one(Advisor, address.advisor_id)
        return Owner(advisor.name, advisor.timezone, (advisor.id,), is_team=False) if advisor.active else None
    team = session.get_one(Team, address.team_id)
    members = select(Advisor.id).where(Advisor.active, Advisor.teams.any(id=team.id)).order_by(Advisor.id)
    return Owner(team.name, settings.timezone, tuple(session.scalars(members)), is_team=True)


def mark(session: DbSession, owner: Owner, settings: Settings, *, now: datetime) -> Mark:
    """The mark of the feed as it is now; two statements that add up and read no talk.

    A talk that goes to a colleague leaves no trace here, so the moment is never before the start of today: only the
    entity tag is exact.
    """
    told = [
        session.execute(_talks(owner, now).with_only_columns(func.max(Booking.changed_at), func.count())),
        session.execute(
            _groups(owner, now).with_only_columns(func.max(GroupSession.changed_at), func.count())
        ),
    ]
    rows = [result.one() for result in told]
    parts = [FORMAT, owner, settings.firm_name, settings.base_url, settings.mail_from, settings.locale, *rows]
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    changes = filter(None, (row[0] for row in rows))
    etag = hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:32]
    return Mark(etag, max([today, *changes]).replace(microsecond=0))


def build(session: DbSession, owner: Owner, settings: Settings, *, now: datetime) -> bytes:
    """The feed (METHOD:PUBLISH); the same talks give the same bytes."""
    talks = session.scalars(
        _talks(owner, now)
        .options(joinedload(Booking.advisor), lazyload("*"))
        .order_by(Booking.id)
        .execution_options(yield_per=AT_A_TIME)
    )
    groups = session.scalars(_groups(owner, now).options(lazyload("*")).order_by(GroupSession.id))
    person = Person(owner.name, settings.mail_from)
    meetings = [_of_talk(talk, owner, person, settings) for talk in talks]
    meetings += [_of_group(group, owner, person, settings) for group in groups]
    _ = translator(settings.locale)
    name = _("%(name)s – %(firm)s") % {"name": owner.name, "firm": settings.firm_name}
    return publish(Feed(name=name, owner=person, meetings=tuple(meetings)))


def _talks(owner: Owner, now: datetime) -> Select[Booking]:
    return select(Booking).where(
        held_by(owner.advisor_ids),
        Booking.starts_at > now - KEPT_PAST,
        _is_shown(Booking.state != BookingState.CANCELLED, Booking.cancelled_at > now - KEPT_CANCELLED),
    )


def _groups(owner: Owner, now: datetime) -> Select[GroupSession]:
    hosted = select(SessionHost.group_session_id).where(SessionHost.advisor_id.in_(owner.advisor_ids))
    return select(GroupSession).where(
        GroupSession.id.in_(hosted),
        GroupSession.starts_at > now - KEPT_PAST,
        _is_shown(
            GroupSession.state != GroupState.CANCELLED, GroupSession.cancelled_at > now - KEPT_CANCELLED
        ),
    )


def _is_shown(stands: ColumnElement[bool], cancelled_lately: ColumnElement[bool]) -> ColumnElement[bool]:
    """A cancelled one stays for a while, so that subscribers take it off instead of keeping what they have."""
    return or_(stands, cancelled_lately)


def _of_talk(talk: Booking, owner: Owner, person: Person, settings: Settings) -> Meeting:
    _ = translator(settings.locale)
    words = {"name": talk.name, "advisor": talk.advisor.first_name, "firm": settings.firm_name}
    title = _("%(advisor)s: gesprek met %(name)s") if owner.is_team else _("Gesprek met %(name)s (%(firm)s)")
    is_call = talk.place == Place.PHONE
    link = desk_booking_url(settings, talk.reference)
    return Meeting(
        uid=talk.uid,
        sequence=talk.sequence,
        start=talk.starts_at,
        end=talk.ends_at,
        zone=owner.zone,
        summary=title % words,
        location=_("Telefonisch") if is_call else invites.place_line(talk, settings.locale),
        private_url=link,
        description=_("Alles over deze afspraak: %(link)s") % {"link": link},
        created_at=talk.created_at,
        changed_at=talk.changed_at,
        organizer=person,
        status=STATUS[BookingState(talk.state)],
        language=settings.locale,
    )


def _of_group(group: GroupSession, owner: Owner, person: Person, settings: Settings) -> Meeting:
    return Meeting(
        uid=group.uid,
        sequence=group.sequence,
        start=group.starts_at,
        end=group.ends_at,
        zone=owner.zone,
        summary=group.title_in(settings.locale),
        location=group_invites.place_line(group, settings.locale),
        conference_url=group.conference_url,
        created_at=group.created_at,
        changed_at=group.changed_at,
        organizer=person,
        status=Status.CANCELLED if group.state == GroupState.CANCELLED else Status.CONFIRMED,
        language=settings.locale,
    )
