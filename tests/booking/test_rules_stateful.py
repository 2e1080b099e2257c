"""Any history of booking, moving, cancelling, keeping and approving: nothing ever overlaps, offered is bookable."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from consult.availability import minute_of
from consult.booking import approving, holds, services
from consult.booking.models import Booking, BookingState, BusyPeriod
from consult.booking.offering import Wish, offer
from consult.booking.placing import SlotTaken
from consult.database import db
from consult.settings import load
from tests.booking.scene import DAY, TEN, Scene
from tests.support import rows
from tests.support.apps import running

if TYPE_CHECKING:
    from datetime import datetime

moments = st.integers(0, 48).map(lambda quarter: TEN - timedelta(hours=2) + quarter * timedelta(minutes=15))
passing = st.integers(1, 20).map(lambda minutes: timedelta(minutes=minutes))


class History(RuleBasedStateMachine):
    """One advisor, and everything that people do to that person's time, on a copy of a migrated database."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.kept = 0
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "consult.sqlite3"
        shutil.copyfile(self.template, path)
        settings = load(
            {},
            instance=Path(self.folder.name),
            database_url=f"sqlite:///{path}",
            secret_key="s" * 32,
            testing=True,
        )
        self.app = running(settings)
        self.context = self.app.__enter__().app_context()
        self.context.push()
        self.scene = Scene(db.session, settings)  # type: ignore[arg-type]  # (the scoped session)

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()
        self.app.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(
        before=st.sampled_from([0, 30]), after=st.sampled_from([0, 10]), step=st.sampled_from([15, 30]),
        per_day=st.sampled_from([None, 2, 4]), approval=st.booleans(), notice=st.sampled_from([0, 240]),
    )  # fmt: skip
    def with_rules(
        self, before: int, after: int, step: int, per_day: int | None, approval: int, notice: int
    ) -> None:
        kind = self.scene.kind
        kind.buffer_before_minutes, kind.buffer_after_minutes, kind.step_minutes = before, after, step
        kind.per_day, kind.approval, kind.notice_minutes, kind.per_visitor = (
            per_day,
            approval,
            notice,
            None,
        )
        rows.create_absence(db.session, self.scene.rik, TEN + timedelta(hours=5), TEN + timedelta(hours=6))  # type: ignore[arg-type]  # (the scoped session)
        db.session.commit()

    def offered(self, at: datetime, **wish: object) -> bool:
        asked = Wish(self.scene.kind, (self.scene.rik.id,), **wish)  # type: ignore[arg-type]  # (as given)
        return at in {
            slot.start for slot in offer(db.session, asked, at.date(), at.date(), now=self.scene.now)
        }

    def talks(self) -> list[Booking]:
        return list(db.session.scalars(select(Booking).where(Booking.state != BookingState.CANCELLED)))

    @rule(at=moments, keep=st.booleans())
    def book(self, at: datetime, keep: int) -> None:
        expected, key = self.offered(at), f"key-of-{self.scene.number:012d}"
        try:
            if keep:
                holds.hold(
                    db.session, Wish(self.scene.kind, (self.scene.rik.id,)), at, key, now=self.scene.now
                )
            one = f"bezoeker{self.scene.number}@gemeente.example"
            self.scene.book(at, hold_key=key if keep else None, email=one)
        except SlotTaken as refused:
            others = [slot.start for slot in refused.alternatives]
        else:
            others = []
            assert expected, "booked and not offered"
            expected = False
        assert not expected, "offered and not bookable"
        assert all(self.offered(other) for other in others)
        db.session.commit()

    @rule(at=moments)
    def keep(self, at: datetime) -> None:
        expected, wish = self.offered(at), Wish(self.scene.kind, (self.scene.rik.id,))
        self.kept += 1
        try:
            holds.hold(db.session, wish, at, f"another-key-{self.kept:08d}", now=self.scene.now)
        except SlotTaken:
            assert not expected
        else:
            assert expected
        db.session.commit()

    @rule(at=moments, which=st.integers(0, 9))
    def move_somewhere(self, at: datetime, which: int) -> None:
        if not (talks := self.talks()):
            return
        talk = talks[which % len(talks)]
        expected = self.offered(at, without_booking=talk.id) or at == talk.starts_at
        try:
            services.move(db.session, talk, at, actor=services.VISITOR, **self.scene.when)
        except SlotTaken:
            assert not expected
        except services.TooLate:
            assert self.scene.now > talk.starts_at - services.MOVE_UNTIL
        else:
            assert expected
        db.session.commit()

    @precondition(lambda self: bool(self.talks()))
    @rule(nth=st.integers(0, 99), which=st.integers(0, 9))
    def move_to_what_is_offered(self, nth: int, which: int) -> None:
        talk = self.talks()[which % len(self.talks())]
        free = services.other_moments(db.session, talk, TEN.date(), TEN.date(), **self.scene.when)
        if free and self.scene.now <= talk.starts_at - services.MOVE_UNTIL:
            at = free[nth % len(free)].start
            services.move(db.session, talk, at, actor=services.VISITOR, **self.scene.when)
            assert talk.starts_at == at
            db.session.commit()

    @rule(nth=st.integers(0, 99))
    def book_what_is_offered(self, nth: int) -> None:
        wish = Wish(self.scene.kind, (self.scene.rik.id,))
        free = offer(db.session, wish, TEN.date(), TEN.date(), now=self.scene.now)
        if free:
            one, wanted = f"bezoeker{self.scene.number}@gemeente.example", free[nth % len(free)].start
            assert self.scene.book(wanted, email=one).starts_at == wanted
            db.session.commit()

    @rule(which=st.integers(0, 9), approve=st.booleans())
    def end_or_approve(self, which: int, approve: int) -> None:
        if talks := self.talks():
            talk = talks[which % len(talks)]
            if approve and self.scene.now < talk.starts_at:
                approving.approve(db.session, talk, actor=self.scene.actor, **self.scene.when)
            elif self.scene.now < talk.ends_at:
                services.cancel(db.session, talk, reason=None, actor=services.VISITOR, **self.scene.when)
            db.session.commit()

    @rule(passed=passing)
    def time_passes(self, passed: timedelta) -> None:
        self.scene.now = min(self.scene.now + passed, rows.NOW + DAY)
        approving.release_overdue(db.session, **self.scene.when)
        db.session.commit()

    @invariant()
    def nothing_overlaps_and_every_talk_has_its_time(self) -> None:
        taken = db.session.scalars(select(BusyPeriod).order_by(BusyPeriod.start_minute)).all()
        assert all(earlier.end_minute <= later.start_minute for earlier, later in pairwise(taken))
        of_talks = {row.booking_id: (row.start_minute, row.end_minute) for row in taken if row.booking_id}
        kind = self.scene.kind
        assert of_talks == {
            talk.id: (
                minute_of(talk.starts_at) - kind.buffer_before_minutes,
                minute_of(talk.ends_at) + kind.buffer_after_minutes,
            )
            for talk in self.talks()
        }
        db.session.rollback()


def test_any_history_keeps_the_two_laws(sqlite_template: Path) -> None:
    History.template = sqlite_template
    run_state_machine_as_test(History, settings=how(max_examples=10, stateful_step_count=18, deadline=None))
