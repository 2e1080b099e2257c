"""Organisations in the office: the list, one organisation with who knows it, and the people there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.contact.continuity import record_owner, set_topic_owner
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import form_page, row_or_404, write_down
from consult.office.organisations import queries
from consult.office.organisations.forms import TOPIC, ContactForm, OrganisationForm
from consult.office.organisations.switching import switch_owner
from consult.people.models import Advisor, Contact, Organisation
from consult.people.organisations import (
    AddressTaken,
    NameTaken,
    owners_by_topic,
    people_at,
    save_contact,
    save_organisation,
)
from consult.people.services import active_advisors
from consult.people.topics import all_topics
from consult.web import current
from consult.web.text import clean

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WEEKS = (4, 8, 12, 26, 52)


@page("/organisaties")
def organisations(who: Coordinator) -> str:
    """The list; search, silence and page stand in the address."""
    del who
    search = clean(request.args.get("zoek", ""))[:100]
    weeks = request.args.get("stil", type=int)
    silent = weeks if weeks in WEEKS else None
    number = max(1, request.args.get("bladzijde", 1, type=int))
    found = queries.organisations(
        db.session, search=search, silent_weeks=silent, number=number, now=clock.now()
    )
    return render_template(
        "office/organisations.html",
        found=found,
        search=search,
        silent=silent,
        weeks=WEEKS,
        pages=_pages(found.total, number, search, silent),
        saved="bewaard" in request.args,
    )


@page("/organisaties/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_organisation(who: Coordinator) -> ResponseReturnValue:
    """A new organisation."""
    return _edit(who, None)


@page("/organisaties/<int:number>", methods=("GET", "POST"), keeps_text=True)
def organisation(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change an organisation, and read who works there."""
    return _edit(who, number)


@page("/organisaties/<int:number>/mensen/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_contact(who: Coordinator, number: int) -> ResponseReturnValue:
    """Somebody new at an organisation."""
    return _edit_contact(who, number, None)


@page("/organisaties/<int:number>/mensen/<int:person>", methods=("GET", "POST"), keeps_text=True)
def contact(who: Coordinator, number: int, person: int) -> ResponseReturnValue:
    """Change somebody at an organisation."""
    return _edit_contact(who, number, person)


def _edit(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(Organisation, number)
    topics = [(each.id, each.name) for each in all_topics(db.session)]
    advisors = _advisors()
    form = OrganisationForm.of_topics(topics)(_stored(held, topics) if held else None, advisors=advisors)
    people = people_at(db.session, held) if held else []
    if form.validate_on_submit():
        before = held.owner_id if held else None
        try:
            made = save_organisation(db.session, held, form.facts())
        except NameTaken:
            form.name.errors = [gettext("Deze naam bestaat al.")]
        else:
            _set_owners(who, made, before, form)
            write_down(who, "organisation", made, "saved")
            db.session.commit()
            return redirect(url_for("office.organisation", number=made.id, bewaard=1), 303)
    saved = "bewaard" in request.args
    return form_page("office/organisation.html", form, organisation=held, people=people, saved=saved)


def _set_owners(who: Coordinator, made: Organisation, before: int | None, form: OrganisationForm) -> None:
    why, now = form.why.data or None, clock.now()
    if made.owner_id != before:
        after = made.owner_id
        record_owner(db.session, made.id, None, before, after, actor=who.actor, why=why, now=now)
    for topic_id, field in form.topic_fields().items():
        owner = db.session.get(Advisor, int(field.data)) if field.data else None
        set_topic_owner(db.session, made.id, topic_id, owner, actor=who.actor, why=why, now=now)


def _stored(held: Organisation, topics: list[tuple[int, str]]) -> dict[str, object]:
    owners = owners_by_topic(db.session, held)
    return {
        "name": held.name,
        "kind": held.kind,
        "province": held.province or "",
        "domain": held.domain or "",
        "owner_id": str(held.owner_id or ""),
        **{f"{TOPIC}{number}": str(owners.get(number, "")) for number, _name in topics},
    }


def _edit_contact(who: Coordinator, number: int, person: int | None) -> ResponseReturnValue:
    at = db.session.get(Organisation, number) or abort(404)
    held = row_or_404(Contact, person)
    if held is not None and held.organisation_id != number:
        abort(404)
    form = ContactForm(_stored_contact(held) if held else None, advisors=_advisors())
    if form.validate_on_submit():
        before = held.owner_id if held else None
        try:
            made = save_contact(db.session, held or Contact(created_at=clock.now()), at, form.facts())
        except AddressTaken as situation:
            taken = gettext("%(name)s heeft dit adres al.", name=situation.contact.name)
            form.email.errors = [taken]
        else:
            write_down(who, "contact", made, "saved")
            if before is not None and form.switches:
                _switch(who, made, before, form)
            db.session.commit()
            return redirect(url_for("office.organisation", number=number), 303)
    return form_page("office/contact.html", form, organisation=at, contact=held)


def _switch(who: Coordinator, made: Contact, before: int, form: ContactForm) -> None:
    switch_owner(
        db.session,
        made,
        before,
        actor=who.actor,
        why=form.why.data or "",
        note=form.note.data or "",
        settings=current.settings(),
        now=clock.now(),
    )


def _stored_contact(held: Contact) -> dict[str, object]:
    return {
        "name": held.name,
        "function": held.function or "",
        "email": held.email or "",
        "phone": held.phone or "",
        "owner_id": str(held.owner_id or ""),
    }


def _advisors() -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in active_advisors(db.session)]


def _pages(total: int, number: int, search: str, silent: int | None) -> dict[str, object]:
    last = max(1, -(-total // queries.PAGE))

    def href(other: int) -> str | None:
        if not 1 <= other <= last:
            return None
        return url_for("office.organisations", zoek=search or None, stil=silent, bladzijde=other)

    return {
        "number": number,
        "total": last,
        "previous_href": href(number - 1),
        "next_href": href(number + 1),
    }
