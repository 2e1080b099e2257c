"""The post at the desk: which mails arrived at the mail server, which did not, and sending one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, request, url_for

from consult import clock
from consult.database import db
from consult.desk import post_queries
from consult.desk.guard import Colleague, NotYours, page
from consult.outbox.models import MailState
from consult.outbox.services import resend

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.desk.post_queries import MailRow

# State of a mail → what the badge macro calls it.
BADGES = {MailState.PENDING: "queued", MailState.SENT: "sent", MailState.FAILED: "failed"}
GROUPS = frozenset({"seat", "group_session"})
LONGEST_NAME = 64


@page("/post")
def post(who: Colleague) -> str:
    """The mails that did not arrive, all of them, or those about one question, talk or group session."""
    about = request.args.get("over", "")[:LONGEST_NAME] or None
    shows_all = about is not None or request.args.get("weergave") == "alles"
    number = max(1, request.args.get("bladzijde", 1, type=int))
    size = post_queries.PER_PAGE
    rows = post_queries.mails(
        db.session, who, only_failed=not shows_all, about=about, offset=(number - 1) * size
    )
    return render_template(
        "desk/post.html",
        mails=[_item(row) for row in rows[:size]],
        about=about,
        shows_all=shows_all,
        failed=post_queries.failed_count(db.session, who),
        previous_href=_href(about, number - 1, shows_all=shows_all) if number > 1 else None,
        next_href=_href(about, number + 1, shows_all=shows_all) if len(rows) > size else None,
    )


@page("/post/<number>/opnieuw", methods=("POST",))
def send_again(who: Colleague, number: str) -> ResponseReturnValue:
    """Try a mail that was given up once more; twice is once."""
    row = post_queries.mail(db.session, who, int(number)) if number.isdecimal() and len(number) < 10 else None
    if row is None:
        abort(404)
    if not _may_send(who, row):
        raise NotYours(row.subject, None, url_for("desk.post"))
    resend(db.session, row.id, now=clock.now())
    db.session.commit()
    return redirect(
        url_for("desk.post", over=row.reference, weergave=None if row.reference else "alles"), 303
    )


def _may_send(who: Colleague, row: MailRow) -> bool:
    """Whoever sees a mail about a group session hosts it or coordinates."""
    is_own = who.advisor is not None and row.advisor_id == who.advisor.id
    return who.coordinator or is_own or row.kind in GROUPS


def _item(row: MailRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "href": _subject_href(row),
        "reference": row.reference,
        "is_group": row.kind in GROUPS,
        "advisor": row.advisor,
        "recipient": row.recipient,
        "state": BADGES.get(MailState(row.state)),
        "attempts": row.attempts,
        "created_at": row.created_at,
        "settled_at": row.settled_at,
        "next_attempt_at": row.next_attempt_at,
        "error": row.last_error,
        "is_failed": row.state == MailState.FAILED,
        "is_waiting": row.state == MailState.PENDING,
    }


def _subject_href(row: MailRow) -> str | None:
    """The page of what the mail is about."""
    if row.reference is None:
        return None
    if row.kind in GROUPS:
        return url_for("desk.group_session", slug=row.reference)
    return url_for("desk.enquiry" if row.kind == "enquiry" else "desk.booking", reference=row.reference)


def _href(about: str | None, number: int, *, shows_all: bool) -> str:
    return url_for(
        "desk.post",
        over=about,
        weergave="alles" if shows_all and about is None else None,
        bladzijde=number if number > 1 else None,
    )
