"""kill -9 at every point of everything that is written: all or nothing, and the second time makes it whole.

A person presses the button again, a worker starts again: nothing is lost, and nothing is there twice.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.booking import talk_round
from consult.calendars.refreshing import refresh
from consult.calendars.sealing import Access
from consult.calendars.services import add_calendar
from consult.contact.models import Enquiry, EnquiryState
from consult.database import db
from consult.desk.today import digest
from consult.operations.archive import manifest, reading, writing
from consult.outbox.models import OutgoingMail
from consult.people.calendars import CalendarKind
from consult.people.models import Topic
from consult.postbox.imap import Inbox, collect
from consult.postbox.intake import Postbox
from consult.privacy import nightly
from consult.wiring import CORRESPONDENTS
from tests.booking.acts import TEN, own_address, plan
from tests.desk.conftest import NOW, Office
from tests.operations.crashing import AFTER, BEFORE, Act, Crashes
from tests.postbox.imap_server import PASSWORD, USER, ImapServer, imap_server
from tests.postbox.letters import address, letter
from tests.support.foreign_web import ForeignWeb
from tests.support.pages import Visitor
from tests.support.rows import create_topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, MakeSettings, Transaction
    from tests.support.mailbox import Mailbox

pytestmark = [
    pytest.mark.proof,
    pytest.mark.sqlite,
    pytest.mark.timeout(300),
    # The mail server of the tests is a thread, which a fork leaves behind on purpose.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]
DAY = timedelta(days=1)
AGENDA = b"""HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nConnection: close\r\n\r
BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@elders.example\r\nDTSTAMP:20261101T000000Z\r
DTSTART:20261119T090000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(clock=NOW, feed_allow_hosts=("127.0.0.1",))


@pytest.fixture
def office(app: Flask, settings: Settings, transaction: Transaction) -> Office:
    office = Office(app, settings, transaction)
    office.open()
    return office


@pytest.fixture
def crashes(app: Flask, instance: Path, office: Office) -> Crashes:
    """Crashes on the database of this test."""
    assert office.app is app

    def let_go() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    return Crashes(instance / "consult.sqlite3", let_go)


def asking(office: Office) -> Callable[[], object]:
    words = {"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke", "Uw e-mailadres": "joke@gemeente.nl"}
    return Visitor(office.app.test_client()).open("/vraag").form("Verstuur uw vraag").fill(words).submit


def booking(office: Office) -> Callable[[], object]:
    page = Visitor(office.app.test_client()).open(f"/afspraak/rik?slot={TEN}")
    form = page.form("Bevestig de afspraak")
    return form.fill({"Uw naam": "Joke Jansen", "Uw e-mailadres": "joke@gemeente.nl"}).submit


def moving(office: Office) -> Callable[[], object]:
    visitor = Visitor(office.app.test_client())
    form = visitor.open(f"{own_address(plan(visitor))}/verzetten").form("Verzet de afspraak")
    form.values["slot"] = ["2026-11-20T09:00:00Z"]
    return form.submit


def cancelling(office: Office) -> Callable[[], object]:
    visitor = Visitor(office.app.test_client())
    return visitor.open(f"{own_address(plan(visitor))}/afzeggen").form("Ja, zeg de afspraak af").submit


def handing_over(office: Office) -> Callable[[], object]:
    page = office.enter("rik").open(f"/werkplek/vragen/{office.asked()}")
    form = page.form("Draag over").choose("Sam Bos")
    form.fill({"Reden": "Dit is uw gebied.", "Wat moet uw collega weten?": "Belt graag om negen."})

    def press() -> None:
        with office.transaction() as session:
            still = session.scalars(select(Enquiry.advisor_id)).one() == office.advisor_id(session, "rik")
        # Who presses once more reads that it is a colleague's now, and that nothing has changed.
        form.submit(status=200 if still else 403)

    return press


def answering(office: Office) -> Callable[[], object]:
    page = office.enter("rik").open(f"/werkplek/vragen/{office.asked()}")
    return page.form("Verstuur het antwoord").fill({"Uw antwoord": "Begin klein."}).submit


@pytest.mark.parametrize(
    ("act", "written"),
    [
        pytest.param(asking, "INSERT INTO enquiry", id="a question"),
        pytest.param(booking, "INSERT INTO booking", id="a talk"),
        pytest.param(moving, "UPDATE booking SET", id="a talk that moves"),
        pytest.param(cancelling, "UPDATE booking SET", id="a talk that is cancelled"),
        pytest.param(handing_over, "UPDATE enquiry SET", id="a question that is handed over"),
        pytest.param(answering, "INSERT INTO message", id="an answer"),
    ],
)
def test_the_web_is_killed_and_the_button_is_pressed_again(
    office: Office, crashes: Crashes, act: Callable[[Office], Callable[[], object]], written: str
) -> None:
    # Of a private link only the hash is kept, so who asks once more is given one more.
    crashes.of(Act(act(office), adds="personal_link"))
    assert {f"before {written}", BEFORE, AFTER} <= set(crashes.points)
    assert any("INTO outgoing_mail" in point for point in crashes.points), (
        "what is told is one of the things written"
    )


def test_a_worker_is_killed_with_mail_taken_sent_and_not_noted(
    office: Office, crashes: Crashes, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    for number in range(3):
        office.asked(email=f"joke{number}@gemeente.example")
    with office.transaction() as session:
        ids = set(session.scalars(select(OutgoingMail.message_id)))

    def later() -> None:
        clock.start_at(NOW + timedelta(minutes=6))
        deliver_mail()

    def look() -> None:
        given = Counter(str(mail.message["Message-ID"]) for mail in mailbox.deliveries)
        assert given.keys() == ids, "nothing is lost"
        assert max(given.values()) <= 2
        assert len({(mail.message["Message-ID"], mail.content) for mail in mailbox.deliveries}) == len(ids)

    crashes.of(Act(deliver_mail, later, mailbox.empty, look))
    assert crashes.points.count("before UPDATE outgoing_mail SET") >= 2, (
        "the lease, and the note that it was sent"
    )


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.mark.dovecot
def test_a_worker_is_killed_while_it_takes_mail_in_and_opens_it(
    office: Office, crashes: Crashes, imap: ImapServer
) -> None:
    reference = office.asked()
    with office.transaction() as session:
        token = session.scalars(select(Enquiry.reply_token).where(Enquiry.reference == reference)).one()
    inbox = Inbox.at(f"imap://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{imap.port}/INBOX")
    postbox = Postbox(office.transaction, CORRESPONDENTS, office.settings, now=lambda: NOW)

    def come_in() -> None:
        imap.empty()
        imap.put(letter("Graag dinsdag.", to=address(token)))

    def take() -> None:
        collect(inbox, postbox, Event())
        postbox.open_waiting(Event())

    def look() -> None:
        assert imap.unseen() == 0

    crashes.of(Act(take, prepare=come_in, look=look))
    assert {"before INSERT INTO incoming_mail", "before INSERT INTO message"} <= set(crashes.points)


def test_a_worker_is_killed_while_it_reads_a_calendar(office: Office, crashes: Crashes) -> None:
    with ForeignWeb({"/a": AGENDA}) as web:
        with office.transaction() as session:
            rik = office.advisor_id(session, "rik")
            access, kind = Access(address=web.url("/a")), CalendarKind.ICS
            actor, settings = "advisor:1", office.settings
            add_calendar(session, rik, kind, access, actor=actor, settings=settings, now=NOW)

        def read(minutes: int) -> None:
            now = NOW + timedelta(minutes=minutes)
            refresh(office.transaction, office.settings, now=lambda: now, stop=Event())

        crashes.of(Act(partial(read, 1), partial(read, 7)))
    assert "before INSERT INTO foreign_busy" in crashes.points


def reminding(office: Office) -> None:
    now = NOW.replace(hour=9) + DAY
    talk_round.run_round(office.transaction, office.settings, now=now)


def morning(office: Office) -> None:
    digest.run_round(office.transaction, office.settings, now=NOW + DAY)


def letting_go(office: Office) -> None:
    with office.app.app_context():
        engine = db.engine
    nightly.run_round(office.transaction, engine, zone="Europe/Amsterdam", now=NOW + 800 * DAY)


@pytest.mark.parametrize(
    ("act", "written"),
    [
        pytest.param(reminding, "UPDATE booking SET", id="reminders"),
        pytest.param(morning, "INSERT INTO activity", id="the morning mail"),
        pytest.param(letting_go, "DELETE FROM", id="retention"),
    ],
)
def test_a_worker_is_killed_in_a_round_and_starts_again(
    office: Office, crashes: Crashes, act: Callable[[Office], None], written: str
) -> None:
    for number, name in enumerate(("rik", "sam", "mirte")):
        office.planned(NOW + DAY + timedelta(hours=number), of=name, email=f"joke{number}@gemeente.example")
        office.asked(of=name)
    with office.transaction() as session:
        if act is letting_go:
            session.execute(update(Enquiry).values(state=EnquiryState.CLOSED, closed_at=NOW))
    crashes.of(Act(partial(act, office)))
    assert [point for point in crashes.points if point.startswith(f"before {written}")]
    assert crashes.points.count(BEFORE) >= 2


def test_a_backup_is_killed_and_is_there_whole_or_not_at_all(
    office: Office, crashes: Crashes, tmp_path: Path
) -> None:
    office.asked()
    to = tmp_path / "backup.zip"

    def back_up() -> None:
        with office.app.app_context(), suppress(FileExistsError):
            writing.write(db.engine, to, now=NOW)
        with office.transaction() as session:
            # Something to see in the database too: the law is about what is in it.
            if session.scalar(select(Topic.id)) is None:
                create_topic(session)

    def look() -> None:
        with office.app.app_context():
            assert manifest.read(to).rows > 0

    crashes.of(Act(back_up, prepare=lambda: to.unlink(missing_ok=True), look=look))
    assert "before a file has its name" in crashes.points


def test_a_restore_is_killed_and_the_database_is_filled_whole_or_stays_empty(
    office: Office, crashes: Crashes, tmp_path: Path
) -> None:
    office.asked()
    to = tmp_path / "backup.zip"
    with office.app.app_context():
        writing.write(db.engine, to, now=NOW)
    crashes.let_go()
    crashes.database.unlink()
    crashes.database.touch()

    def restore() -> None:
        with office.app.app_context(), suppress(reading.NotEmpty):
            reading.restore(db.engine, to, now=NOW)

    crashes.of(Act(restore))
    assert any("INTO enquiry" in point for point in crashes.points)
