"""Who helped somebody before helps again: owners of contacts and organisations, through hand-overs and absences."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.contact import continuity
from consult.contact.handing_over import NoNote, NoReason, hand_over, hand_to_stand_in
from consult.contact.models import Enquiry, Message
from consult.contact.services import reply
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor, Organisation, Topic
from consult.routing.codes import StepName
from consult.routing.decision import Decision
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings

pytestmark = pytest.mark.usefixtures("firm")
UTRECHT = "GM0344"


@pytest.fixture
def people(session: DbSession, firm: None) -> dict[str, Advisor]:
    """The advisors by first name."""
    return {advisor.first_name: advisor for advisor in session.scalars(select(Advisor))}


def step(enquiry: Enquiry) -> tuple[str | None, StepName]:
    return (
        enquiry.advisor.first_name if enquiry.advisor else None,
        Decision.from_json(enquiry.decision).step,
    )


def answer(session: DbSession, settings: Settings, enquiry: Enquiry, advisor: Advisor) -> None:
    key = f"answer-{enquiry.id}-{advisor.id}"
    reply(session, enquiry, advisor, "Begin klein.", form_key=key, settings=settings, now=rows.NOW)


def test_who_answers_first_gets_the_next_question_too(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    first = rows.ask(session, settings, advisor_id=people["Sam"].id).enquiry
    before = rows.ask(session, settings, email="joke@gemeente.example").enquiry
    assert step(before)[1] != StepName.CONTINUITY_CONTACT, "nobody answered yet"
    answer(session, settings, first, people["Sam"])
    assert step(rows.ask(session, settings).enquiry) == ("Sam", StepName.CONTINUITY_CONTACT)


def test_a_colleague_who_helps_out_once_keeps_nobody(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Sam"].id).enquiry
    answer(session, settings, enquiry, people["Rik"])
    assert enquiry.contact is not None
    assert enquiry.contact.owner_id is None


def test_a_hand_over_takes_the_contact_along_and_is_counted(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Sam"].id).enquiry
    answer(session, settings, enquiry, people["Sam"])
    hand_over(
        session,
        enquiry,
        people["Noor"],
        by=people["Sam"],
        why="Noor kent de wijk.",
        note="Joke wil volgende week verder.",
        settings=settings,
        now=rows.NOW,
    )
    assert step(rows.ask(session, settings).enquiry) == ("Noor", StepName.CONTINUITY_CONTACT)
    day = timedelta(days=1)
    assert continuity.switches(session, since=rows.NOW - day, until=rows.NOW + day) == 1
    assert session.scalars(select(Message.body).where(Message.kind == "note")).all() == [
        "Joke wil volgende week verder."
    ]
    told = session.scalars(
        select(OutgoingMail.recipient).where(OutgoingMail.event == "enquiry-handed-over")
    ).all()
    assert told == ["joke@gemeente.example"]


@pytest.mark.parametrize(
    ("why", "note", "refusal"), [(" ", "Joke belt.", NoReason), ("Sam is ziek.", "\n", NoNote)]
)
def test_a_hand_over_without_a_reason_or_a_note_is_refused(
    session: DbSession,
    settings: Settings,
    people: dict[str, Advisor],
    why: str,
    note: str,
    refusal: type[Exception],
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Sam"].id).enquiry
    said: dict[str, Any] = {"why": why, "note": note, "settings": settings, "now": rows.NOW}
    with pytest.raises(refusal):
        hand_over(session, enquiry, people["Rik"], by=people["Sam"], **said)
    assert enquiry.advisor_id == people["Sam"].id


def test_somebody_elses_contact_stays_with_that_colleague(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    rows.create_contact(session, "joke@gemeente.example", owner_id=people["Mirte"].id)
    enquiry = rows.ask(session, settings, advisor_id=people["Sam"].id).enquiry
    hand_over(
        session,
        enquiry,
        people["Rik"],
        by=people["Sam"],
        why="Druk.",
        note="Belt graag.",
        settings=settings,
        now=rows.NOW,
    )
    assert enquiry.contact is not None
    assert enquiry.contact.owner_id == people["Mirte"].id


def test_a_stand_in_answers_and_becomes_nobodys_owner(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    people["Noor"].topics = list(people["Rik"].topics)
    away_until = rows.NOW + timedelta(days=2)
    rows.create_absence(session, people["Rik"], rows.NOW, away_until, stand_in=people["Noor"])
    topic = session.scalars(select(Topic).where(Topic.name == "Polarisatie")).one()
    people["Noor"].weight = 0
    page = rows.create_page(session, "van-rik", advisors=[people["Rik"]], topic=topic)
    enquiry = rows.ask(session, settings, page_id=page.id).enquiry
    assert (enquiry.advisor, enquiry.stand_in_for_id) == (people["Noor"], people["Rik"].id)
    answer(session, settings, enquiry, people["Noor"])
    later = rows.ask(session, settings, page_id=page.id, now=away_until + timedelta(hours=1)).enquiry
    assert step(later) == ("Rik", StepName.PAGE)


def test_the_contact_stays_with_who_is_away_whatever_the_stand_in_does(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    enquiry = rows.ask(session, settings, advisor_id=people["Rik"].id).enquiry
    answer(session, settings, enquiry, people["Rik"])
    when: dict[str, Any] = {"settings": settings, "now": rows.NOW}
    hand_to_stand_in(session, enquiry, people["Noor"], by=people["Rik"], why="Verlof.", **when)
    hand_over(session, enquiry, people["Sam"], by=people["Noor"], why="Te druk.", note="Belt graag.", **when)
    answer(session, settings, enquiry, people["Sam"])
    assert enquiry.contact is not None
    assert enquiry.contact.owner_id == people["Rik"].id
    day = timedelta(days=1)
    assert continuity.switches(session, since=rows.NOW - day, until=rows.NOW + day) == 0
    hand_over(session, enquiry, people["Rik"], by=people["Sam"], why="Rik is terug.", **when)
    assert enquiry.stand_in_for_id is None


@pytest.mark.both_databases
def test_the_owner_of_a_topic_goes_before_the_owner_of_the_organisation(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    topic = session.scalars(select(Topic).where(Topic.name == "Inclusie")).one()
    organisation = rows.create_organisation(
        session, "Lutjebroek", domain="lutjebroek.example", owner_id=people["Rik"].id
    )
    for _twice in range(2):
        continuity.set_topic_owner(
            session, organisation.id, topic.id, people["Sam"], actor="advisor:1", now=rows.NOW
        )
    changes = select(func.count()).where(Activity.what == "organisation.owner_set")
    assert session.scalar(changes) == 1
    about_inclusion = rows.ask(session, settings, email="a@lutjebroek.example", topic_id=topic.id).enquiry
    assert step(about_inclusion) == ("Sam", StepName.CONTINUITY_ORGANISATION_TOPIC)
    assert step(rows.ask(session, settings, email="b@lutjebroek.example").enquiry) == (
        "Rik",
        StepName.CONTINUITY_ORGANISATION,
    )
    continuity.set_topic_owner(session, organisation.id, topic.id, None, actor="advisor:1", now=rows.NOW)
    later = rows.ask(
        session, settings, email="c@lutjebroek.example", topic_id=None, advisor_id=None, page_id=None
    )
    assert step(later.enquiry) == ("Rik", StepName.CONTINUITY_ORGANISATION)


@pytest.mark.parametrize(
    ("email", "typed"),
    [("ambtenaar@utrecht.nl", None), ("iemand@provider.example", "gemeente Utrecht")],
    ids=["by the domain of the municipality", "by its name as typed"],
)
def test_a_municipality_is_recognised_and_made_once(
    session: DbSession, settings: Settings, email: str, typed: str | None
) -> None:
    asked = [rows.ask(session, settings, email=f"{n}{email}", organisation=typed).enquiry for n in range(2)]
    (made,) = session.scalars(select(Organisation)).all()
    assert (made.code, made.name, made.province) == (UTRECHT, "Utrecht", "Utrecht")
    assert {each.organisation_id for each in asked} == {made.id}


def test_a_municipality_that_is_there_under_another_domain_is_found_by_its_code(
    session: DbSession, settings: Settings, people: dict[str, Advisor]
) -> None:
    known = rows.create_organisation(session, "Utrecht (stad)", code=UTRECHT, owner_id=people["Sam"].id)
    enquiry = rows.ask(session, settings, email="ambtenaar@utrecht.nl").enquiry
    assert enquiry.organisation_id == known.id
    assert step(enquiry) == ("Sam", StepName.CONTINUITY_ORGANISATION)
