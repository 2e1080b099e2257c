"""The door of the desk: who may come in, and what each view is handed about that person.

Every page of the desk is registered with ``page``, which hands the view its ``Colleague``; the blueprint itself
refuses everybody else, so that a new page cannot forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.extensions import csrf
from consult.people.accounts import RoleName
from consult.people.signin import sign_in_first, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account
    from consult.people.models import Advisor

Arguments = ParamSpec("Arguments")
# Views whose form checks the token itself, so that a stale one costs nobody what was typed.
KEEPS_TEXT: set[str] = set()
# Where everybody arrives; who only runs the machine finds nothing there, and goes on to what is theirs.
TODAY = "desk.today"

desk = Blueprint("desk", __name__, url_prefix="/werkplek")


class NotYours(Exception):
    """Somebody wants to act on what belongs to a colleague."""

    def __init__(self, subject: str, owner: Advisor | None, back_href: str) -> None:
        super().__init__(subject)
        self.subject = subject
        self.owner = owner
        self.back_href = back_href


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who is at the desk. A coordinator without a profile of an advisor may look, and act on nothing."""

    name: str
    advisor: Advisor | None
    coordinator: bool
    operator: bool = False

    @property
    def sees_left_mail(self) -> bool:
        """Whether mail that nobody understood is this person's to look at."""
        return self.coordinator or self.operator

    @property
    def advisor_id(self) -> int | None:
        """The id of this person's profile."""
        return self.advisor.id if self.advisor else None

    def may_act_for(self, advisor_id: int | None) -> bool:
        """Whether this person may answer, close or hand over what belongs to that advisor; nobody's is taken first."""
        return self.advisor is not None and (advisor_id == self.advisor.id or self.coordinator)


def page(
    rule: str, *, methods: tuple[str, ...] = ("GET",), keeps_text: bool = False
) -> Callable[
    [Callable[Concatenate[Colleague, Arguments], ResponseReturnValue]],
    Callable[Concatenate[Colleague, Arguments], ResponseReturnValue],
]:
    """Register a page of the desk; its view is handed who is there. ``keeps_text``: its form checks the token."""

    def register(
        view: Callable[Concatenate[Colleague, Arguments], ResponseReturnValue],
    ) -> Callable[Concatenate[Colleague, Arguments], ResponseReturnValue]:
        @wraps(view)
        def handed(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            return view(g.colleague, *args, **kwargs)

        name = view.__name__
        desk.add_url_rule(rule, name, cast("Any", handed), methods=list(methods))
        if keeps_text:
            KEEPS_TEXT.add(f"{desk.name}.{name}")
        return view

    return register


@desk.before_request
def _let_in() -> ResponseReturnValue | None:
    account = signed_in(clock.now())
    if account is None:
        return _signed_out() if request.method == "POST" else sign_in_first()
    if request.endpoint == TODAY and {role.name for role in account.roles} == {RoleName.OPERATOR}:
        return redirect(url_for("api_keys.listed"), 303)
    g.colleague = _colleague(account)
    if request.method == "POST" and request.endpoint not in KEEPS_TEXT:
        csrf.protect()
    return None


def _colleague(account: Account) -> Colleague:
    roles = {role.name for role in account.roles}
    advisor = account.advisor if RoleName.ADVISOR in roles else None
    coordinator = RoleName.COORDINATOR in roles
    if advisor is None and not coordinator:
        abort(403)
    return Colleague(
        advisor.name if advisor else account.email, advisor, coordinator, RoleName.OPERATOR in roles
    )


def _signed_out() -> Response:
    """What was typed is shown once more, to copy: the session ended while somebody was writing."""
    typed = [text for text in request.form.values() if " " in text.strip()]
    way_in = url_for("security.login", next=request.args.get("next") or url_for(TODAY))
    return make_response(render_template("desk/signed_out.html", typed=typed, way_in=way_in), 403)


@desk.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@desk.errorhandler(NotYours)
def _not_yours(situation: NotYours) -> tuple[str, int]:
    page = render_template(
        "desk/not_yours.html", subject=situation.subject, owner=situation.owner, back_href=situation.back_href
    )
    return page, 403
