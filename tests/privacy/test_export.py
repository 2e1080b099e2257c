"""Whoever asks gets everything that is kept, in files that other programs read, and no key to any door."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy import func, select, update

from consult.activity.models import Activity
from consult.booking.models import Invitation
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.privacy.export import export_person
from tests.privacy import scene
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("visitor_was_here")


def test_all_that_is_kept_and_the_talks_as_calendar_files(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        found = export_person(session, scene.ADDRESS, actor="advisor:1", settings=settings, now=rows.NOW)
        doors = [
            *session.scalars(select(Enquiry.reply_token)),
            *session.scalars(select(Invitation.reply_token)),
        ]
    with zipfile.ZipFile(io.BytesIO(found.as_zip())) as archive:
        names = archive.namelist()
        told = archive.read("gegevens.json").decode()
        calendars = [Calendar.from_ical(archive.read(name)) for name in names if name.endswith(".ics")]
    assert len(calendars) == 6
    assert {str(each.events[0]["SUMMARY"]) for each in calendars} >= {"Kennissessie: het wijkgesprek"}
    said = ("vraagt", "belde", "zegt", "sliep", "schrijft", "wil later")
    assert all(f"{scene.NAME} {each}" in told for each in said)
    assert f"over {scene.NAME}" in told
    assert not any(door in told for door in doors)
    document = json.loads(told)
    assert document["enquiry"][0]["phone"] == "+31612345678"
    assert {"booking", "seat", "contact", "message", "call_attempt", "proposal"} <= document.keys()
    assert document["mailToYou"][0]["text"]
    assert "bureau.example" not in json.dumps(document["mailToYou"])


def test_it_is_written_down_that_it_was_handed_over_and_not_to_whom(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        for address in ("niemand@gemeente.example", scene.ADDRESS.upper()):
            export_person(session, address, actor="advisor:1", settings=settings, now=rows.NOW)
        (row,) = session.scalars(select(Activity).where(Activity.what == "privacy.exported"))
        assert (row.actor, row.why, row.data) == ("advisor:1", None, {"talks": 5})


def test_somebody_unknown_gets_an_empty_document(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        found = export_person(session, "wie@gemeente.example", actor="x", settings=settings, now=rows.NOW)
        assert found.document.keys() == {"address", "madeAt", "by"}
        assert found.calendars == {}


def test_a_guest_gets_the_talks_it_was_asked_to(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        found = export_person(session, "gast@gemeente.example", actor="x", settings=settings, now=rows.NOW)
        assert len(found.document["invitedTo"]) == 1
        assert scene.ADDRESS not in json.dumps(found.document["invitedTo"])


def test_mail_whose_text_is_gone_is_still_told(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        session.execute(update(OutgoingMail).values(raw=b""))
        found = export_person(session, scene.ADDRESS, actor="x", settings=settings, now=rows.NOW)
        mails = session.scalar(select(func.count()).where(OutgoingMail.recipient == scene.ADDRESS))
        assert [each["text"] for each in found.document["mailToYou"]] == [""] * (mails or 0)
