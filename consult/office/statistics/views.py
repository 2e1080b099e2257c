"""The figures in the office: an overview of big numbers, a page for each area, and each figure as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, render_template, request, url_for

from consult import clock
from consult.activity.services import record
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.statistics.cards import card_of
from consult.office.statistics.overview import overview
from consult.office.statistics.showing import AREAS, area_titles, around, compared, wanted
from consult.office.statistics.tables import table_of
from consult.people.accounts import Account
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/cijfers")
def figures(who: Coordinator) -> str:
    """The big numbers of the period and how they changed, and a chart of each of the main ones."""
    now = clock.now()
    wish = wanted(db.session, now)
    account = db.session.get_one(Account, who.account_id)
    return render_template(
        "office/statistics/overview.html",
        **around(db.session, wish, None),
        shown=overview(db.session, wish, current.language(), settings=current.settings(), now=now),
        by_mail=account.weekly_figures,
        saved="bewaard" in request.args,
    )


@page("/cijfers/<area>")
def figures_of(who: Coordinator, area: str) -> str:
    """Every figure of one area, drawn, in a table and as a file."""
    del who
    now, which = clock.now(), AREAS.get(area) or abort(404)
    wish, language = wanted(db.session, now), current.language()
    context = around(db.session, wish, which)
    found = compared(db.session, (which,), wish, settings=current.settings(), now=now)
    cards = [card_of(each, language, wish.before_name) for each in found]
    title = area_titles()[which][1]
    return render_template("office/statistics/area.html", **context, title=title, slug=area, cards=cards)


@page("/cijfers/<area>/<key>.csv")
def figure_file(who: Coordinator, area: str, key: str) -> Response:
    """One figure as a file for a spreadsheet: the same cells as the table on the page."""
    del who
    now, which = clock.now(), AREAS.get(area) or abort(404)
    wish = wanted(db.session, now)
    found = compared(db.session, (which,), wish, settings=current.settings(), now=now)
    asked = next((each for each in found if each.now.key == key), None) or abort(404)
    content = table_of(asked, current.language()).as_file()
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{wish.file_name(key)}"'
    return answer


@page("/cijfers/weekmail", methods=("POST",))
def weekly_mail(who: Coordinator) -> ResponseReturnValue:
    """Have the weekly mail, or do without."""
    account = db.session.get_one(Account, who.account_id, with_for_update={"of": Account})
    wants = request.form.get("aan") == "ja"
    if account.weekly_figures != wants:
        account.weekly_figures = wants
        what = "account.figures_on" if wants else "account.figures_off"
        record(db.session, ("account", account.id), what, actor=who.actor, now=clock.now())
    db.session.commit()
    return redirect(url_for("office.figures", bewaard=1, _anchor="weekmail"), 303)
