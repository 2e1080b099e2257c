"""The hand-out of a contact page: to read or to download, without a wall; only how often is counted."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, request, send_file, send_from_directory
from sqlalchemy.exc import OperationalError

from consult import clock
from consult.contact import services
from consult.contact.handout.counting import count_handout
from consult.contact.handout.formats import PDF
from consult.contact.handout.models import HandoutFile
from consult.database import db, looking_only
from consult.web import current, dates

if TYPE_CHECKING:
    from consult.contact.models import ContactPage

handouts = Blueprint("handouts", __name__)
OPENED = 200


@handouts.get("/p/<slug>/handreiking")
def handout(slug: str) -> Response:
    """The file itself; ``?download=1`` saves it instead of showing it. What no browser shows is always saved."""
    page = services.page_by_slug(db.session, slug) or abort(404)
    answer = _file(page, download=request.args.get("download") == "1")
    # A part of a file, a file that the browser still had, and a look ahead are not somebody who opens it.
    if request.method == "GET" and answer.status_code == OPENED and "Sec-Purpose" not in request.headers:
        disposition = answer.headers.get("Content-Disposition", "")
        _count(page, downloaded=disposition.startswith("attachment"))
    return answer


def _file(page: ContactPage, *, download: bool) -> Response:
    file = db.session.get(HandoutFile, page.id)
    if file is not None:
        return send_file(
            BytesIO(file.content),
            mimetype=file.media_type,
            as_attachment=download or file.media_type != PDF.media_type,
            download_name=file.name,
            etag=file.fingerprint,
            last_modified=file.stored_at,
            conditional=True,
            max_age=0,
        )
    if page.handout is None:
        abort(404)
    return send_from_directory(
        str(current_app.static_folder), page.handout, as_attachment=download, max_age=0
    )


def _count(page: ContactPage, *, downloaded: bool) -> None:
    """Count in a transaction of its own: the one place where a GET writes.

    Opening a file is a link, and a link is a GET; the count changes nothing that anybody sees, and a repeat is only
    one more. A database that cannot write does not keep the hand-out from its reader.
    """
    page_id, zone = page.id, current.settings().timezone
    db.session.rollback()
    try:
        with looking_only(on=False):
            count_handout(db.session, page_id, dates.local_date(clock.now(), zone), downloaded=downloaded)
            db.session.commit()
    except OperationalError:
        db.session.rollback()
        current_app.logger.warning(
            "the hand-out of page %s was opened and not counted", page_id, exc_info=True
        )
