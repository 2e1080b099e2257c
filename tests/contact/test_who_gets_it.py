from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.people.accounts import RoleName
from consult.people.models import Advisor, Contact, Topic
from consult.people.signin import create_account
from consult.routing.codes import Selection, StepName
from consult.routing.decision import Decision
from tests.support import rows

if TYPE_CHECKING:
    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]


@pytest.fixture
def people(session: DbSession, firm: None) -> dict[str, Advisor]:
    """The advisors by first name."""
    return {advisor.first_name: advisor for advisor in session.scalars(select(Advisor))}


def page_id(session: DbSession, slug: str) -> int:
    from consult.contact.services import page_by_slug

    page = page_by_slug(session, slug)
    assert page is not None
    return page.id


def told(enquiry: Enquiry) -> tuple[str | None, StepName, Selection]:
    decision = Decision.from_json(enquiry.decision)
    assert decision.advisor_id == enquiry.advisor_id
    return (enquiry.advisor.first_name if enquiry.advisor else None, decision.step, decision.selection)


def test_the_visitors_own_choice_decides(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(
        session, settings, advisor_id=people["Sam"].id, page_id=page_id(session, "inclusie")
    ).enquiry
    assert told(enquiry) == ("Sam", StepName.CHOICE, Selection.ONLY_ONE)


def test_a_page_shares_its_questions_among_its_advisors(session: DbSession, settings: Settings) -> None:
    counted: Counter[str | None] = Counter()
    for number in range(12):
        enquiry = rows.ask(
            session,
            settings,
            page_id=page_id(session, "inclusie"),
            email=f"{number}@gemeente.example",
            now=rows.NOW + timedelta(minutes=number),
        ).enquiry
        name, step, _selection = told(enquiry)
        assert step == StepName.PAGE
        counted[name] += 1
    assert counted == {"Mirte": 3, "Sam": 3, "Noor": 3, "Rik": 3}


def test_a_topic_finds_who_knows_it(session: DbSession, settings: Settings) -> None:
    topic = session.scalars(select(Topic.id).where(Topic.slug == "polarisatie")).one()
    assert told(rows.ask(session, settings, topic_id=topic).enquiry) == (
        "Rik",
        StepName.TOPIC,
        Selection.ONLY_ONE,
    )


def test_who_is_away_is_stood_in_for(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    people["Noor"].topics = list(people["Rik"].topics)
    rows.create_absence(
        session, people["Rik"], rows.NOW, rows.NOW + timedelta(days=2), stand_in=people["Noor"]
    )
    enquiry = rows.ask(session, settings, page_id=page_id(session, "polarisatie")).enquiry
    assert told(enquiry) == ("Noor", StepName.PAGE, Selection.STAND_IN)
    assert Decision.from_json(enquiry.decision).stand_in_for == people["Rik"].id


def test_what_fits_nobody_ends_with_the_fallback(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    for advisor in people.values():
        advisor.capacity = 0
    assert told(rows.ask(session, settings).enquiry)[:2] == ("Noor", StepName.FALLBACK)


def test_a_firm_with_nobody_keeps_the_question(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    for advisor in people.values():
        advisor.active = False
    enquiry = rows.ask(session, settings).enquiry
    assert told(enquiry)[0] is None
    assert Decision.from_json(enquiry.decision).alarm is not None
    assert session.scalars(select(OutgoingMail.event)).all() == ["enquiry-received"]


def test_the_coordinators_hear_at_once_of_a_question_that_nobody_could_get(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    coordinator = {RoleName.COORDINATOR}
    create_account(session, "anna@bureau.example", "een lang wachtwoord", coordinator, now=rows.NOW)
    for advisor in people.values():
        advisor.active = False
    enquiry = rows.ask(session, settings).enquiry
    (mail,) = session.scalars(select(OutgoingMail).where(OutgoingMail.event == "enquiry-nobody"))
    assert mail.subject_id == enquiry.id
    assert b"anna@bureau.example" in mail.raw
    assert b"wijkgesprek" not in mail.raw


def test_who_knows_a_contact_keeps_the_contact(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    rows.create_contact(session, "joke@gemeente.example", owner_id=people["Sam"].id)
    enquiry = rows.ask(
        session, settings, email="Joke@Gemeente.example", page_id=page_id(session, "inclusie")
    ).enquiry
    assert told(enquiry) == ("Sam", StepName.CONTINUITY_CONTACT, Selection.ONLY_ONE)


def test_who_knows_an_organisation_hears_its_new_people(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    rows.create_organisation(session, "Utrecht", domain="utrecht.example", owner_id=people["Mirte"].id)
    enquiry = rows.ask(session, settings, email="nieuw@utrecht.example").enquiry
    assert told(enquiry) == ("Mirte", StepName.CONTINUITY_ORGANISATION, Selection.ONLY_ONE)
    by_name = rows.ask(session, settings, email="x@provider.example", organisation="gemeente utrecht").enquiry
    assert told(by_name)[0] == "Mirte"


def test_questions_that_arrive_at_once_all_get_a_number_and_an_advisor(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    """Eight people of one town hall press the button together; one of them, who is new here, twice in two windows."""
    start = threading.Barrier(8)

    def press(number: int) -> str:
        start.wait()
        with transaction() as session:
            asked = rows.ask(
                session, settings, email=f"{number % 7}@utrecht.example", form_key=f"window-{number}"
            )
            return asked.enquiry.reference

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(press, range(8)))
    assert references == {f"C-2026-{number:04d}" for number in range(1, 9)}
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 7
        assert session.scalars(select(Enquiry.id).where(Enquiry.advisor_id.is_(None))).all() == []


def test_one_form_that_arrives_eight_times_at_once_is_one_question_and_one_mail_each(
    app: Flask, transaction: Transaction, settings: Settings
) -> None:
    start = threading.Barrier(8)

    def press(_number: int) -> str:
        start.wait()
        with transaction() as session:
            return rows.ask(session, settings, form_key="the same").enquiry.reference

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(8))) == {"C-2026-0001"}
    with transaction() as session:
        events = session.scalars(select(OutgoingMail.event)).all()
        assert sorted(events) == ["enquiry-assigned", "enquiry-received"]
