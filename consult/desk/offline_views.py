"""What the desk has without a connection: a page that says so, and the script that keeps it in the browser.

Both are the same for everybody and hold nothing of anybody, so they stand outside the door of the desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, make_response, render_template

if TYPE_CHECKING:
    from flask import Response

offline = Blueprint("desk_offline", __name__, url_prefix="/werkplek")


@offline.get("/offline")
def page() -> str:
    """The page that stands in for a page of the desk that cannot be reached."""
    return render_template("desk/offline.html")


@offline.get("/dienst.js")
def worker() -> Response:
    """The service worker; its address is what limits it to the desk (Service Workers, 3.4.3: scope)."""
    answer = make_response(current_app.send_static_file("desk-worker.js"))
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    # A browser asks again each time, and keeps the old one when nothing changed.
    answer.headers["Cache-Control"] = "no-cache"
    return answer
