"""The door of the office: only who coordinates comes in, and each view is handed who that is.

Every page of the office is registered with ``page``; the blueprint itself refuses everybody else, so that a new page
cannot forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.extensions import csrf
from consult.people.accounts import RoleName
from consult.people.signin import sign_in_first, signed_in
from consult.people.signin.guarding import is_fresh, prove_again_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account
    from consult.people.models import Advisor

Arguments = ParamSpec("Arguments")
# Views whose form checks the token itself, so that a stale one costs nobody what was typed.
KEEPS_TEXT: set[str] = set()
# Views that take a file: how many bytes may come in, once it is known that a coordinator sends them.
MOST_BYTES: dict[str, int] = {}
# Views that can do great harm: whoever proved who it is a while ago does so again, and comes back at this endpoint.
ASKS_AGAIN: dict[str, str] = {}

office = Blueprint("office", __name__, url_prefix="/beheer")


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Who is in the office; some coordinators advise too."""

    account_id: int
    name: str
    advisor: Advisor | None

    @property
    def actor(self) -> str:
        """How this person is named as the one who acted."""
        return advisor_actor(self.advisor.id) if self.advisor else account_actor(self.account_id)


def page(
    rule: str,
    *,
    methods: tuple[str, ...] = ("GET",),
    keeps_text: bool = False,
    most_bytes: int | None = None,
    proved_for: str | None = None,
) -> Callable[
    [Callable[Concatenate[Coordinator, Arguments], ResponseReturnValue]],
    Callable[Concatenate[Coordinator, Arguments], ResponseReturnValue],
]:
    """Register a page of the office; its view is handed who is there.

    ``keeps_text``: its form checks the token. ``most_bytes``: it takes more than the application does elsewhere.
    ``proved_for``: it asks who it is again after a while, and comes back at this endpoint with the same arguments.
    """

    def register(
        view: Callable[Concatenate[Coordinator, Arguments], ResponseReturnValue],
    ) -> Callable[Concatenate[Coordinator, Arguments], ResponseReturnValue]:
        @wraps(view)
        def handed(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            return view(g.coordinator, *args, **kwargs)

        name = view.__name__
        office.add_url_rule(rule, name, cast("Any", handed), methods=list(methods))
        if keeps_text:
            KEEPS_TEXT.add(f"{office.name}.{name}")
        if most_bytes is not None:
            MOST_BYTES[f"{office.name}.{name}"] = most_bytes
        if proved_for is not None:
            ASKS_AGAIN[f"{office.name}.{name}"] = proved_for
        return view

    return register


@office.before_request
def _let_in() -> ResponseReturnValue | None:
    account = signed_in(clock.now())
    if account is None:
        return _signed_out() if request.method == "POST" else sign_in_first()
    g.coordinator = coordinator_of(account) or abort(403)
    if (most := MOST_BYTES.get(request.endpoint or "")) is not None:
        request.max_content_length = request.max_form_memory_size = most
    if request.method == "POST" and request.endpoint not in KEEPS_TEXT:
        csrf.protect()
    back = ASKS_AGAIN.get(request.endpoint or "")
    if back is not None and not is_fresh(clock.now()):
        return prove_again_first(url_for(back, **(request.view_args or {})))
    return None


def coordinator_of(account: Account) -> Coordinator | None:
    """This person as a coordinator; None for who is none."""
    roles = {role.name for role in account.roles}
    if RoleName.COORDINATOR not in roles:
        return None
    advisor = account.advisor if RoleName.ADVISOR in roles else None
    return Coordinator(account.id, advisor.name if advisor else account.email, advisor)


def _signed_out() -> Response:
    """What was typed is shown once more, to copy: the session ended while somebody was writing."""
    typed = [text for text in request.form.values() if " " in text.strip()]
    way_in = url_for("security.login", next=request.args.get("next") or url_for("office.start"))
    return make_response(render_template("desk/signed_out.html", typed=typed, way_in=way_in), 403)


@office.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
