"""What does not fit in the bar at the bottom of a phone."""

from __future__ import annotations

from flask import render_template

from consult.desk.guard import Colleague, page


@page("/meer")
def more(who: Colleague) -> str:
    """The parts of the desk that the bar leaves out, as a list of links."""
    del who
    return render_template("desk/more.html")
