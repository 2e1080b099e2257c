"""The pages of caught mail. Registered in a demonstration only: anybody may read every mail here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template

from consult.operations.caught_mail import CaughtMail, CaughtMails
from consult.web import current
from consult.web.headers import FRAMED_MAIL, FRAMING

if TYPE_CHECKING:
    from pathlib import Path

    from consult.settings import Settings

demo = Blueprint("demo", __name__, url_prefix="/demo")

HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


def mail_folder(settings: Settings) -> Path:
    """Where the demonstration keeps caught mail."""
    return settings.instance / "demo-mail"


@demo.get("/mail")
def mail_list() -> str:
    """All caught mails, the newest first."""
    return render_template("demo/mail_list.html", mails=_mails().newest_first())


@demo.get("/mail/<number>")
def mail_page(number: str) -> Response:
    """One mail: who, what, the text, the page part in a frame, and the calendar part."""
    mail = _mail(number)
    page = render_template(
        "demo/mail.html", mail=mail, calendar=mail.part("text/calendar"), text=mail.part("text/plain")
    )
    return _with_policy(Response(page), FRAMING)


@demo.get("/mail/<number>/opmaak")
def mail_html(number: str) -> Response:
    """The page part of a mail, by itself and kept in a sandbox."""
    html = _mail(number).part("text/html")
    if html is None:
        abort(404)
    # Mail programs open links outside the mail; in the frame our own pages would refuse to show.
    html = HEAD.sub(r'\g<0><base target="_blank">', html, count=1)
    return _with_policy(Response(html, mimetype="text/html"), FRAMED_MAIL)


@demo.get("/mail/<number>/uitnodiging.ics")
def mail_calendar(number: str) -> Response:
    """The calendar part of a mail, to open in a calendar program."""
    calendar = _mail(number).part("text/calendar")
    if calendar is None:
        abort(404)
    return _download(calendar.encode(), "text/calendar; charset=utf-8", f"uitnodiging-{number}.ics")


@demo.get("/mail/<number>/bericht.eml")
def mail_raw(number: str) -> Response:
    """A mail as it came, byte for byte."""
    return _download(_mail(number).raw, "message/rfc822", f"bericht-{number}.eml")


def _mails() -> CaughtMails:
    return CaughtMails(mail_folder(current.settings()))


def _mail(number: str) -> CaughtMail:
    mail = _mails().get(number)
    if mail is None:
        abort(404)
    return mail


def _with_policy(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    return response


def _download(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
