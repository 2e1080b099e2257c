"""What can happen to a talk, a series and a group session, acted out once: every mail that leaves about it.

Names are as nasty as people make them, the talk moves over the autumn change of the clock and the series over that of
spring.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from consult.activity.services import SYSTEM, VISITOR, advisor_actor
from consult.booking import approving, clashes, handing_over, proposals, reminders, services
from consult.booking.answers import take_answer
from consult.booking.groups import changing, seats
from consult.booking.groups import round as group_round
from consult.booking.models import InviteeRole, Place
from consult.booking.series import notices
from consult.booking.series import services as series_services
from consult.outbox.models import OutgoingMail
from consult.postbox.outcome import Arrived
from consult.scheduling.reader import read
from consult.scheduling.recurrence import Frequency
from consult.timespan import Span
from tests.postbox.letters import calendar
from tests.support import group_rows, rows, series_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.settings import Settings

NASTY = 'Jan "de"; Vries, \\Noord é’ 🙂'
JAN, BAS = "jan@gemeente.example", "bas@gemeente.example"
LONG = ('Kennissessie; over "wijken", \\ en é’ 🙂 ' * 10)[:300].strip()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# A Tuesday in summer time, six days before the clock goes back, and one in winter time before it goes forward.
AUTUMN = datetime(2026, 10, 20, 8, tzinfo=UTC)
SPRING = datetime(2027, 3, 9, 9, tzinfo=UTC)


@dataclass
class Scene:
    """Rik, Sam and Mirte, one kind of talk, and a clock that goes on by a minute with every step."""

    session: DbSession
    settings: Settings
    language: str
    now: datetime
    steps: list[tuple[str, list[OutgoingMail]]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Hire everybody."""
        self.rik = rows.create_advisor(self.session, "Rik “X” de Wit")
        self.sam = rows.create_advisor(self.session, "Sam Bos")
        self.mirte = rows.create_advisor(self.session, "Mirte Smit")
        self.kind = rows.create_meeting_type(
            self.session, horizon_days=90, per_visitor=None, places=[Place.VIDEO, Place.OFFICE]
        )

    @property
    def when(self) -> dict[str, Any]:
        """What every service wants to know."""
        return {"settings": self.settings, "now": self.now}

    def step(self, name: str) -> None:
        """What was queued since the last step belongs to this one."""
        self.session.flush()
        found = [
            mail
            for mail in self.session.scalars(
                select(OutgoingMail).options(undefer(OutgoingMail.raw)).order_by(OutgoingMail.id)
            )
            if mail.id not in self.seen
        ]
        self.seen |= {mail.id for mail in found}
        self.steps.append((name, found))
        self.now += MINUTE

    def book(self, at: datetime, **params: Any) -> Booking:
        """Jan plans a talk with Rik and brings Bas."""
        usual = {
            "name": NASTY,
            "email": JAN,
            "language": self.language,
            "place": Place.OFFICE,
            "location": "Plein 1; zaal 2, Zaandam",
            "note": "Onrust in de wijk",
            "guests": (BAS,),
        }
        advisors = params.pop("advisors", [self.rik])
        return rows.book(
            self.session, self.settings, self.kind, advisors, at, now=self.now, **usual | params
        ).booking

    def answered(self, booking: Booking, role: str, method: str, at: datetime | None = None) -> None:
        """The calendar of somebody invited writes to us."""
        invitation = next(each for each in booking.invitations if each.role == role)
        text = calendar(
            booking.uid,
            "DECLINED" if method == "REPLY" else "TENTATIVE",
            method=method,
            attendee=invitation.address,
            sequence=booking.sequence,
            start=at,
        )
        (answer,) = read(text.encode())
        mail = Arrived(len(self.steps), f"key-{len(self.steps)}", invitation.reply_token, "", "", self.now)
        assert take_answer(self.session, mail, answer, **self.when)


def talk(scene: Scene) -> None:
    """One talk from its planning to its end."""
    booking = scene.book(AUTUMN.replace(day=23, hour=12))
    scene.step("planned")
    services.move(scene.session, booking, AUTUMN.replace(day=27, hour=13), actor=VISITOR, **scene.when)
    scene.step("moved over the change of the clock")
    handing_over.change_place(
        scene.session, booking, Place.VIDEO, None, actor=advisor_actor(scene.rik.id), **scene.when
    )
    scene.step("another place")
    to = AUTUMN.replace(day=28, hour=10)
    scene.answered(booking, InviteeRole.VISITOR, "COUNTER", to)
    scene.step("a calendar proposes another moment")
    proposals.decline(
        scene.session,
        proposals.open_proposals(scene.session, booking)[0],
        reason='Dan niet; "sorry", \\ 🙂',
        actor=advisor_actor(scene.rik.id),
        **scene.when,
    )
    scene.step("that does not suit")
    scene.answered(booking, InviteeRole.GUEST, "COUNTER", to)
    scene.step("a guest's calendar proposes another moment")
    scene.answered(booking, InviteeRole.GUEST, "REPLY")
    scene.step("a guest's calendar says no")
    for role in (InviteeRole.VISITOR, InviteeRole.GUEST, InviteeRole.ADVISOR):
        scene.answered(booking, role, "REFRESH")
        scene.step(f"the calendar of the {role} asks again")
    handing_over.hand_over(
        scene.session, booking, scene.sam, by=scene.rik, why="Vakantie", freely=True, **scene.when
    )
    scene.step("handed over")
    scene.answered(booking, InviteeRole.VISITOR, "REPLY")
    scene.step("the visitor's calendar says no")
    scene.now = booking.starts_at - HOUR * 23
    reminders.remind(scene.session, **scene.when)
    scene.step("a day before")
    services.cancel(scene.session, booking, reason="Ziek; helaas, 🙂", actor=VISITOR, **scene.when)
    scene.step("cancelled")


def asked(scene: Scene) -> None:
    """Talks that wait for approval: approved, turned down, forgotten."""
    scene.kind.approval = True
    first = scene.book(AUTUMN.replace(day=23, hour=12))
    scene.step("asked for")
    approving.approve(scene.session, first, actor=advisor_actor(scene.rik.id), **scene.when)
    scene.step("approved")
    second = scene.book(AUTUMN.replace(day=27, hour=13))
    scene.step("asked for again")
    approving.decline(
        scene.session, second, reason="Te vroeg", actor=advisor_actor(scene.rik.id), **scene.when
    )
    scene.step("turned down")
    third = scene.book(AUTUMN.replace(day=29, hour=13))
    scene.step("asked for once more")
    assert third.approve_by
    scene.now = third.approve_by + MINUTE
    approving.release_overdue(scene.session, **scene.when)
    scene.step("nobody answered")


def hosts(scene: Scene) -> None:
    """A talk that two advisors hold together; one of them is replaced."""
    scene.kind.host_ids = [scene.rik.id, scene.sam.id]
    booking = scene.book(AUTUMN.replace(day=23, hour=12), advisors=[scene.rik, scene.sam], guests=())
    scene.step("planned with both")
    services.move(scene.session, booking, AUTUMN.replace(day=27, hour=13), actor=VISITOR, **scene.when)
    scene.step("moved")
    clashes.tell_of_clashes(scene.session, [booking.id], scene.sam.id, **scene.when)
    scene.step("the calendar of one of them says busy")
    place = next(each for each in booking.invitations if each.role == InviteeRole.HOST)
    handing_over.give_place(
        scene.session, place, scene.mirte, by=scene.sam, why="Ziek", freely=True, **scene.when
    )
    scene.step("another host")
    services.cancel(scene.session, booking, reason=None, actor=VISITOR, **scene.when)
    scene.step("cancelled")


def series(scene: Scene) -> None:
    """A weekly series over the change of the clock; single talks move, go to a colleague and are cancelled."""
    scene.kind.series = True
    first = scene.book(SPRING.replace(day=16))
    scene.step("first talk")
    planned = series_rows.plan(
        scene.session, scene.settings, first, Frequency.WEEKLY, 4, now=scene.now
    ).series
    scene.step("series planned")
    talks = planned.talks
    services.move(scene.session, talks[2], talks[2].starts_at + HOUR, actor=VISITOR, **scene.when)
    scene.step("one talk moved")
    services.cancel(scene.session, talks[1], reason="Vrij", actor=VISITOR, **scene.when)
    scene.step("one talk cancelled")
    handing_over.hand_over(
        scene.session, talks[3], scene.sam, by=scene.rik, why="Vakantie", freely=True, **scene.when
    )
    scene.step("one talk handed over")
    series_services.extend(scene.session, planned, 2, form_key="more", actor=VISITOR, **scene.when)
    scene.step("extended")
    series_services.end_after(scene.session, planned, planned.talks[3], actor=VISITOR, **scene.when)
    scene.step("ended early")
    scene.now = planned.talks[3].starts_at - HOUR * 24 * 6
    notices.tell_of_ends(scene.session, **scene.when)
    scene.step("a week before the end")
    series_services.cancel_all(scene.session, planned, reason="Klaar; dank, 🙂", actor=VISITOR, **scene.when)
    scene.step("cancelled")


def group(scene: Scene) -> None:
    """A group session over the change of the clock, with a waiting list."""
    planned = group_rows.plan(
        scene.session,
        scene.settings,
        (scene.rik,),
        title=LONG[:200],
        title_en=LONG[:200],
        starts_at=SPRING.replace(day=25, hour=13),
        now=scene.now,
        capacity=1,
        handout="handouts/wijk.pdf",
        handout_title="Vijf vragen",
    )
    scene.step("announced")
    given = {"language": scene.language, "now": scene.now}
    one = group_rows.seat(scene.session, scene.settings, planned, "Jan", **given | {"email": JAN})
    scene.step("a seat")
    two = group_rows.seat(scene.session, scene.settings, planned, "Bas", **given)
    scene.step("no seat left")
    later = Span(planned.starts_at + 24 * 5 * HOUR, planned.ends_at + 24 * 5 * HOUR)
    changing.move(scene.session, planned, later, actor=SYSTEM, **scene.when)
    scene.step("moved over the change of the clock")
    seats.give_up(scene.session, one, actor=VISITOR, **scene.when)
    scene.step("given up, and offered to who waits")
    seats.accept(scene.session, two, **scene.when)
    scene.step("taken")
    changing.hand_over(scene.session, planned, scene.rik.id, scene.sam.id, actor=SYSTEM, **scene.when)
    scene.step("another host")
    scene.now = planned.ends_at + MINUTE
    group_round.send_handout(scene.session, planned, **scene.when)
    scene.step("afterwards")


def group_off(scene: Scene) -> None:
    """A group session that is called off."""
    planned = group_rows.plan(
        scene.session, scene.settings, (scene.rik, scene.sam), starts_at=SPRING.replace(day=30), now=scene.now
    )
    group_rows.seat(
        scene.session, scene.settings, planned, "Jan", now=scene.now, language=scene.language, email=JAN
    )
    scene.step("announced, and a seat")
    changing.cancel(scene.session, planned, reason="Storm; \\ “x” 🙂", actor=SYSTEM, **scene.when)
    scene.step("called off")


SCENES: dict[str, tuple[Callable[[Scene], None], datetime]] = {
    "talk": (talk, AUTUMN),
    "asked": (asked, AUTUMN),
    "hosts": (hosts, AUTUMN),
    "series": (series, SPRING),
    "group": (group, SPRING),
    "group-off": (group_off, SPRING),
}


def played(session: DbSession, settings: Settings, name: str, language: str) -> Scene:
    """A scene, acted out."""
    act, begins = SCENES[name]
    scene = Scene(session, settings, language, begins)
    act(scene)
    return scene
