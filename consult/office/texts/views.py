"""The firm's texts in the office: all of them, one to change, its earlier versions, and the way back to the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.database import db
from consult.office.actors import actor_names
from consult.office.guard import Coordinator, page
from consult.office.keeping import write_down
from consult.office.texts.forms import TextForm
from consult.office.texts.reading import Kept, journeys, kept
from consult.office.texts.words import LANGUAGES, RECEIVERS, told
from consult.outbox.texts.kinds import Said
from consult.outbox.texts.registry import of_key
from consult.outbox.texts.services import TextChanged, in_use, keep, version
from consult.outbox.texts.trying import send_trial
from consult.people.accounts import Account
from consult.web import current
from consult.web.headers import FRAMING

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

TRIAL = "proef"


@page("/teksten")
def texts(who: Coordinator) -> str:
    """Every text by what somebody is doing, with which are the firm's own."""
    del who
    listed = journeys(in_use(db.session))
    broken = [
        (row, language)
        for journey in listed
        for row in journey["rows"]
        for language, state in row["states"].items()
        if state == "broken"
    ]
    return render_template("office/texts/list.html", journeys=listed, broken=broken, languages=LANGUAGES)


@page("/teksten/<key>/<language>", methods=("GET", "POST"), keeps_text=True)
def firm_text(who: Coordinator, key: str, language: str) -> ResponseReturnValue:
    """Change one text, or send it to oneself as it was typed."""
    held = find(key, language)
    form = _form(held)
    if not form.validate_on_submit():
        return _shown(held, form)
    if request.form.get("doe") == TRIAL and held.text.event:
        account = db.session.get_one(Account, who.account_id, with_for_update={"of": Account})
        receiver = (account.id, who.name, account.email)
        send_trial(
            db.session,
            held.text,
            form.said(),
            language,
            receiver,
            form_key=form.form_key,
            settings=current.settings(),
            now=clock.now(),
        )
        db.session.commit()
        return _shown(held, form, sent_to=account.email)
    return _save(who, held, None if form.said() == held.default else form.said(), "saved")


@page("/teksten/<key>/<language>/standaard", methods=("POST",))
def default_text(who: Coordinator, key: str, language: str) -> ResponseReturnValue:
    """Say the default again; what the firm said stays among the versions."""
    return _save(who, find(key, language), None, "default")


@page("/teksten/<key>/<language>/versies/<int:number>", methods=("POST",))
def restore_text(who: Coordinator, key: str, language: str, number: int) -> ResponseReturnValue:
    """Say again what an earlier version said, as a new version; one that no longer fits is shown to be mended."""
    held = find(key, language)
    older = version(db.session, held.key, number) or abort(404)
    said = None if older.body is None else Said(older.subject, older.body)
    if said is None or not any(told(held.text, said)):
        return _save(who, held, said, "restored")
    form = _form(held, formdata=None)
    form.show(said)
    return _shown(held, form)


def find(key: str, language: str) -> Kept:
    """A text in a language as it stands; 404 for one that there is not."""
    text = of_key(key)
    if text is None or language not in text.languages:
        abort(404)
    return kept(db.session, text, language, settings=current.settings())


def _form(held: Kept, **kwargs: Any) -> TextForm:
    stored = {"subject": held.said.subject, "body": held.said.body}
    return TextForm(held.text, held.key.language, stored, **kwargs)


def _save(who: Coordinator, held: Kept, said: Said | None, what: str) -> ResponseReturnValue:
    key, language = held.key
    if held.is_own or said is not None:
        try:
            made = keep(
                db.session, held.key, said, based_on=_looked_at(held, what), by=who.actor, now=clock.now()
            )
        except TextChanged:
            db.session.rollback()
            return redirect(url_for("office.firm_text", key=key, language=language, anders=1), 303)
        write_down(who, "text", made, what)
        db.session.commit()
    return redirect(url_for("office.firm_text", key=key, language=language, bewaard=1), 303)


def _looked_at(held: Kept, what: str) -> int:
    """The version that the page showed; the form of a text compares the words itself."""
    seen = request.form.get("versie", "")
    return held.number if what == "saved" or not seen.isdecimal() else int(seen)


def _shown(held: Kept, form: TextForm, *, sent_to: str | None = None) -> ResponseReturnValue:
    body = render_template(
        "office/texts/text.html",
        form=form,
        held=held,
        receiver=RECEIVERS[held.text.receiver],
        language=LANGUAGES[held.key.language],
        others=[(each, LANGUAGES[each]) for each in held.text.languages if each != held.key.language],
        by=actor_names(db.session, (each.saved_by for each in held.versions)),
        broken=[sentence for part in told(held.text, held.said) for sentence in part] if held.is_own else [],
        sent_to=sent_to,
        said=request.args if request.method == "GET" else {},
    )
    answer = make_response(body, 422 if form.errors else 200)
    answer.headers["Content-Security-Policy"] = FRAMING
    return answer
