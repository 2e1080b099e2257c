"""Store a sample plan as rows: history by bulk insert and without any mail, then a few live ones through the services.

Refuses a database in which somebody already works. Everybody in it is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from consult.contact.models import ContactPage
from consult.operations.sample_bookings import store_bookings, store_meeting_types
from consult.operations.sample_counts import store_counts
from consult.operations.sample_enquiries import store_enquiries, store_pages
from consult.operations.sample_group_sessions import sample_group_sessions
from consult.operations.sample_live import do_something_now
from consult.operations.sample_office import store_office
from consult.operations.sample_people import store_people
from consult.operations.sample_rows import Keys, Numbering, Progress
from consult.people.accounts import Account
from consult.people.models import Advisor, Contact, Organisation

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.operations.sample.shapes import SamplePlan
    from consult.settings import Settings


class NotEmpty(Exception):
    """There are people or pages in the database already: sample data would mix with them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was stored, and who can sign in: name, address and role, the coordinator first."""

    organisations: int
    contacts: int
    enquiries: int
    bookings: int
    sign_ins: tuple[tuple[str, str, str], ...]


def is_empty(session: DbSession) -> bool:
    """Whether nobody works here yet."""
    tables = (Advisor, Account, Contact, Organisation, ContactPage)
    return all(session.execute(select(table.id).limit(1)).first() is None for table in tables)


def load(
    session: DbSession,
    plan: SamplePlan,
    *,
    settings: Settings,
    password: str,
    progress: Progress | None = None,
) -> Loaded:
    """Store ``plan``; everybody signs in with ``password``. Flushes; whoever calls commits. Needs an app context.

    Raises:
        NotEmpty: the database holds people or pages.
        ShortPassword: the password has fewer than twelve characters.
    """
    if not is_empty(session):
        raise NotEmpty("the database is not empty")
    keys, progress = Keys(), progress or Progress()
    numbering = Numbering(settings.timezone)
    sign_ins = store_people(session, plan, keys, password=password, progress=progress)
    store_pages(session, plan, keys)
    store_meeting_types(session, plan, keys)
    store_enquiries(session, plan, keys, numbering, progress=progress)
    store_bookings(session, plan, keys, numbering, settings=settings, progress=progress)
    session.execute(insert(numbering.table), numbering.rows())
    session.flush()
    store_office(session, plan, keys)
    store_counts(session, plan, keys)
    do_something_now(session, plan, settings=settings)
    sample_group_sessions(session, plan, settings=settings)
    return Loaded(
        organisations=len(keys.organisation),
        contacts=len(plan.contacts),
        enquiries=len(plan.enquiries),
        bookings=len(plan.bookings),
        sign_ins=sign_ins,
    )
