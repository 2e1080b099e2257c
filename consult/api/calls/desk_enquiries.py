"""Questions as colleagues see them: list and search, read the thread, and act as at the desk."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult import clock
from consult.activity.services import advisor_actor
from consult.api.desk_schemas import AnswerIn, EnquiriesQuery, HandOverIn, NoteIn, NothingIn
from consult.api.naming import advisor_named, topic_named
from consult.api.operations import ACTS, LOOKS, call
from consult.api.paging import page_of
from consult.api.payloads.enquiries import EnquiryLine, EnquiryList, EnquiryOut, EntryList, EntryOut
from consult.api.problems import Problem, not_found
from consult.contact import services as contact
from consult.contact.handing_over import is_somebodys
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.search.index import holds
from consult.contact.thread import thread
from consult.database import db
from consult.people.models import Advisor
from consult.web import current

if TYPE_CHECKING:
    from sqlalchemy import Select

    from consult.api.callers import Caller
    from consult.api.operations import Asked
    from consult.contact.models import Message


@call("GET", "/enquiries", tag="desk", query=EnquiriesQuery, gives=EnquiryList, scopes=LOOKS, problems=(404,))
def enquiries(asked: Asked[EnquiriesQuery]) -> EnquiryList:
    """Questions, the newest first. ``search`` finds words in the question, its thread and who asked."""
    rows, links = page_of(db.session, _narrowed(asked.given), Enquiry.id, asked.given, newest_first=True)
    return EnquiryList(enquiries=[EnquiryLine.of(each) for each in rows], links=links)


@call("GET", "/enquiries/<reference>", tag="desk", gives=EnquiryOut, scopes=LOOKS, problems=(404,))
def enquiry(asked: Asked[None], reference: str) -> EnquiryOut:
    """One question with who asked it."""
    del asked
    return EnquiryOut.of(_found(reference))


@call("GET", "/enquiries/<reference>/entries", tag="desk", gives=EntryList, scopes=LOOKS, problems=(404,))
def enquiry_entries(asked: Asked[None], reference: str) -> EntryList:
    """The thread of a question, oldest first: what was asked, answered, noted, called and done."""
    del asked
    found = _found(reference)
    names = dict(db.session.execute(select(Advisor.id, Advisor.name)).all())
    return EntryList(entries=[EntryOut.of(each, names) for each in thread(db.session, found)])


@call(
    "POST",
    "/enquiries/<reference>/answers",
    tag="desk",
    body=AnswerIn,
    gives=EntryOut,
    status=201,
    scopes=ACTS,
    problems=(404, 409),
)
def answer_enquiry(asked: Asked[AnswerIn], reference: str) -> EntryOut:
    """Answer by mail, in the name of the advisor; it then is the visitor's move."""
    held, advisor = _to_act_on(asked.key, reference)
    text, key, settings = asked.given.text, token_urlsafe(16), current.settings()
    try:
        made = contact.reply(
            db.session, held, advisor, text, form_key=key, settings=settings, now=clock.now()
        )
    except contact.NoAddress:
        raise Problem(409, gettext("Er is geen mailadres. Bel of app in plaats daarvan.")) from None
    return _entry_of(held, made)


@call(
    "POST",
    "/enquiries/<reference>/notes",
    tag="desk",
    body=NoteIn,
    gives=EntryOut,
    status=201,
    scopes=ACTS,
    problems=(404, 409),
)
def note_enquiry(asked: Asked[NoteIn], reference: str) -> EntryOut:
    """Write something down for colleagues; the visitor never sees it."""
    held, advisor = _to_act_on(asked.key, reference)
    key = token_urlsafe(16)
    made = contact.add_note(db.session, held, advisor, asked.given.text, form_key=key, now=clock.now())
    return _entry_of(held, made)


@call(
    "POST",
    "/enquiries/<reference>/hand-over",
    tag="desk",
    body=HandOverIn,
    gives=EnquiryOut,
    scopes=ACTS,
    problems=(404, 409),
)
def hand_over_enquiry(asked: Asked[HandOverIn], reference: str) -> EnquiryOut:
    """Give the question to another advisor, with the reason and what must be known; both sides are told.

    A question of nobody is given to whoever is named; a key of one advisor takes it for that advisor.
    """
    given = asked.given
    to = advisor_named(given.advisor)
    held = _held(asked.key, reference, taker=to)
    by = _name_used(asked.key, held.advisor) or to
    why, note, settings, now = given.reason, given.note, current.settings(), clock.now()
    try:
        contact.hand_over(db.session, held, to, by=by, why=why, note=note, settings=settings, now=now)
    except contact.SameAdvisor:
        raise Problem(409, gettext("Deze adviseur heeft de vraag al.")) from None
    except contact.AlreadyClosed:
        raise Problem(409, gettext("Deze vraag is al klaar.")) from None
    return EnquiryOut.of(held)


@call(
    "POST",
    "/enquiries/<reference>/close",
    tag="desk",
    body=NothingIn,
    body_may_be_empty=True,
    gives=EnquiryOut,
    scopes=ACTS,
    problems=(404, 409),
)
def close_enquiry(asked: Asked[NothingIn], reference: str) -> EnquiryOut:
    """The question is dealt with. Twice is once."""
    held, advisor = _to_act_on(asked.key, reference)
    contact.close(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    return EnquiryOut.of(held)


@call(
    "POST",
    "/enquiries/<reference>/reopen",
    tag="desk",
    body=NothingIn,
    body_may_be_empty=True,
    gives=EnquiryOut,
    scopes=ACTS,
    problems=(404, 409),
)
def reopen_enquiry(asked: Asked[NothingIn], reference: str) -> EnquiryOut:
    """The question is ours again. Twice is once; one that was merged stays merged."""
    held, advisor = _to_act_on(asked.key, reference)
    contact.reopen(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    return EnquiryOut.of(held)


def _found(reference: str) -> Enquiry:
    """The question; problem 404 when there is none, or it waits for a look at possible spam."""
    found = contact.by_reference(db.session, reference)
    if found is None or found.state == EnquiryState.HELD:
        raise not_found()
    return found


def _held(caller: Caller, reference: str, taker: Advisor | None = None) -> Enquiry:
    """The question, held until the end of the transaction; ``taker`` may have one that nobody has.

    Raises:
        Problem: 404 when there is none, 403 when it is another advisor's.
    """
    found = _found(reference)
    db.session.refresh(found, with_for_update={"of": Enquiry})
    takes = taker is not None and taker.id == caller.advisor_id and not is_somebodys(found)
    if not takes and not caller.may_act_on((found.advisor_id,)):
        raise Problem(403, gettext("Deze vraag is van een andere adviseur."))
    return found


def _to_act_on(caller: Caller, reference: str) -> tuple[Enquiry, Advisor]:
    """The question and in whose name a program acts on it; problem 409 when nobody has it."""
    found = _held(caller, reference)
    advisor = _name_used(caller, found.advisor)
    if advisor is None:
        raise Problem(409, gettext("Deze vraag is nog van niemand. Draag haar eerst over."))
    return found, advisor


def _name_used(caller: Caller, owner: Advisor | None) -> Advisor | None:
    return owner if caller.advisor_id is None else db.session.get(Advisor, caller.advisor_id)


def _entry_of(held: Enquiry, made: Message) -> EntryOut:
    """What was written, as the thread shows it."""
    return next(EntryOut.of(each, {}) for each in thread(db.session, held) if each.message_id == made.id)


def _narrowed(asked: EnquiriesQuery) -> Select[Enquiry]:
    query = (
        select(Enquiry)
        .options(joinedload(Enquiry.organisation), joinedload(Enquiry.topic), joinedload(Enquiry.advisor))
        .where(Enquiry.state != EnquiryState.HELD)
    )
    if asked.state is not None:
        query = query.where(Enquiry.state == asked.state)
    if asked.advisor is not None:
        query = query.where(Enquiry.advisor_id == advisor_named(asked.advisor).id)
    if asked.topic is not None:
        query = query.where(Enquiry.topic_id == topic_named(asked.topic).id)
    if asked.urgent is not None:
        query = query.where(Enquiry.urgent.is_(asked.urgent))
    if asked.late:
        query = query.where(Enquiry.state == EnquiryState.OPEN, Enquiry.answer_by < clock.now())
    if asked.search:
        query = query.where(holds(db.session, asked.search))
    return query
