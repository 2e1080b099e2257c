"""Questions that look like spam: a coordinator lets them through or puts them away, and can undo that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.contact.held import services as held
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.people.signin import signed_in
from consult.web import current
from consult.web.spam_signs import Sign

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.contact.models import Enquiry


# What was done last → what takes it back.
UNDO = {"doorgelaten": "desk.take_back_release", "spam": "desk.take_back_judgement"}


@page("/tegengehouden")
def held_back(who: Colleague) -> str:
    """What waits for a look, the earliest promise first; below it what was put away, and what was let through."""
    _let_in(who)
    done = request.args.get("gedaan", "")
    return render_template(
        "desk/held.html",
        waiting=[(each, _why(each)) for each in held.to_review(db.session)],
        spam=[(each, _why(each)) for each in held.put_away(db.session)],
        passed=held.let_through_lately(db.session, now=clock.now()),
        done=_done().get(done, ""),
        undo=UNDO.get(done),
        reference=request.args.get("nummer", "")[:20],
    )


@page("/tegengehouden/<reference>/doorlaten", methods=("POST",))
def let_through(who: Colleague, reference: str) -> ResponseReturnValue:
    """It is a question after all: an advisor gets it, and both sides are told."""
    enquiry = _to_judge(who, reference)
    held.release(db.session, enquiry, actor=_actor(who), settings=current.settings(), now=clock.now())
    db.session.commit()
    return _back("doorgelaten", reference)


@page("/tegengehouden/<reference>/spam", methods=("POST",))
def judge_spam(who: Colleague, reference: str) -> ResponseReturnValue:
    """It is spam: nobody is told."""
    held.judge_spam(db.session, _to_judge(who, reference), actor=_actor(who), now=clock.now())
    db.session.commit()
    return _back("spam", reference)


@page("/tegengehouden/<reference>/terug", methods=("POST",))
def take_back_judgement(who: Colleague, reference: str) -> ResponseReturnValue:
    """Undo: what was put away waits for a look again."""
    held.take_back_judgement(db.session, _to_judge(who, reference), actor=_actor(who), now=clock.now())
    db.session.commit()
    return _back("terug", reference)


@page("/tegengehouden/<reference>/toch-spam", methods=("POST",))
def take_back_release(who: Colleague, reference: str) -> ResponseReturnValue:
    """Undo: what was let through is spam after all."""
    held.take_back_release(db.session, _to_judge(who, reference), actor=_actor(who), now=clock.now())
    db.session.commit()
    return _back("spam", reference)


def _back(done: str, reference: str) -> ResponseReturnValue:
    return redirect(url_for("desk.held_back", gedaan=done, nummer=reference), 303)


def _done() -> dict[str, str]:
    return {
        "doorgelaten": gettext("De vraag is doorgelaten. Een adviseur en de bezoeker kregen bericht."),
        "spam": gettext("De vraag is weggelegd als spam. Niemand kreeg bericht."),
        "terug": gettext("Het is teruggedraaid."),
    }


def _to_judge(who: Colleague, reference: str) -> Enquiry:
    _let_in(who)
    return held.to_judge(db.session, reference) or abort(404)


def _let_in(who: Colleague) -> None:
    if not who.coordinator:
        abort(403)


def _actor(who: Colleague) -> str:
    if who.advisor is not None:
        return advisor_actor(who.advisor.id)
    account = signed_in(clock.now())
    return account_actor(account.id if account else 0)


def _why(enquiry: Enquiry) -> list[str]:
    words = {
        Sign.POT: gettext("Het verborgen veld is ingevuld."),
        Sign.LINKS: gettext("Er staan veel links in."),
        Sign.MARKUP: gettext("Er staat code voor links in."),
        Sign.WORDS: gettext("Er staan woorden uit reclame in."),
        Sign.NAME: gettext("De naam is een link."),
        Sign.FLOOD: gettext("Er kwamen heel veel vragen tegelijk."),
    }
    return [words[Sign(sign)] for sign in (enquiry.held_for or "").split()]
