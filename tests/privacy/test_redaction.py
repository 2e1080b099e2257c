"""One passage leaves a question wherever it stands, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult.activity.models import Activity
from consult.activity.services import record
from consult.contact.models import Enquiry, Message
from consult.outbox.models import OutgoingMail
from consult.postbox import services as postbox
from consult.postbox.models import IncomingMail
from consult.postbox.outcome import Judged
from consult.privacy.redaction import TooShort, redact
from tests.privacy.test_erasure import in_tables
from tests.support import rows

if TYPE_CHECKING:
    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox

PRIVATE = "Wout <Bakker>, BSN 123456782"


@pytest.mark.both_databases
def test_it_leaves_thread_mail_and_history_and_the_mail_still_arrives(
    transaction: Transaction, settings: Settings, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
        asked = rows.ask(session, settings, question=f"Kunt u iets doen voor {PRIVATE}? Graag snel.")
        number = asked.enquiry.id
        said = f"Het gaat om wout\n<bakker>, bsn  123456782. Meer niet. {'Dit ook. ' * 20}"
        session.add(Message(enquiry_id=number, form_key="m", kind="note", body=said, at=rows.NOW))
        record(session, ("enquiry", number), "enquiry.assigned", actor="advisor:1", now=rows.NOW, why=PRIVATE)
        raw = f"From: joke@gemeente.example\r\n\r\n{PRIVATE}\r\n".encode()
        (came,) = postbox.receive(session, raw, token="t", settings=settings, now=rows.NOW)
        session.flush()
        came.subject_kind, came.subject_id = "enquiry", number
        postbox.settle(came, "handled", Judged.VISITOR_TEXT, now=rows.NOW, text=f"Over {PRIVATE}!")
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == number)).all()
        ids = sorted(each.message_id for each in mails)
    with transaction() as session:
        assert redact(session, ("enquiry", number), PRIVATE, actor="advisor:1", now=rows.NOW) >= 4
    with transaction() as session:
        assert in_tables(session, "Bakker", "123456782") == {}
        question = session.scalars(select(Enquiry.question)).one()
        assert question == "Kunt u iets doen voor [weggelaten]? Graag snel."
        assert session.scalars(select(Message.body)).one().startswith("Het gaat om [weggelaten]. Meer niet.")
        assert session.scalars(select(IncomingMail.text)).one() == "Over [weggelaten]!"
        last = session.scalars(select(Activity).order_by(Activity.id.desc()).limit(1)).one()
        assert (last.what, last.why) == ("enquiry.redacted", None)
        session.execute(update(OutgoingMail).values(next_attempt_at=rows.NOW))
        again = redact(session, ("enquiry", number), PRIVATE, actor="advisor:1", now=rows.NOW)
        assert again == 0
    deliver_mail()
    arrived = [each.message for each in mailbox.deliveries]
    assert sorted(each["Message-ID"] for each in arrived) == ids
    texts = [
        part.get_content()
        for each in arrived
        for part in each.walk()
        if part.get_content_maintype() == "text"
    ]
    assert any("[weggelaten]" in each for each in texts)
    assert not any("Bakker" in each or "123456782" in each for each in texts)


def test_what_is_too_short_would_hit_everything(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        rows.create_advisor(session)
        enquiry = rows.ask(session, settings).enquiry
        with pytest.raises(TooShort):
            redact(session, ("enquiry", enquiry.id), " d e ", actor="advisor:1", now=rows.NOW)
