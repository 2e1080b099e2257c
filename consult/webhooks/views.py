"""Webhooks in the office: the list, a new one, what was told to it and how that went, and acts on each.

For who coordinates and for who runs the machine; both prove who they are first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.activity import hearing
from consult.database import db
from consult.office.keepers import actor, keep
from consult.web import current
from consult.webhooks import services, telling, wording
from consult.webhooks.forms import NewWebhookForm
from consult.webhooks.models import DeliveryState, Webhook, WebhookDelivery

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue


webhooks = Blueprint("webhooks", __name__, url_prefix="/beheer/webhooks")
# What can do harm. Trying and telling again send nothing that was not to be sent.
keep(
    webhooks,
    home="webhooks.listed",
    asks_again={"webhooks.make", "webhooks.renew", "webhooks.switch", "webhooks.remove"},
)
NUMBER = "<int(max=2147483647):number>"


def init_app(app: Flask) -> None:
    """Store what is to be told with every change, and let the first page of the office tell what fell silent."""
    hearing.listen(telling.store)
    app.register_blueprint(webhooks)
    app.context_processor(lambda: {"fallen_webhooks": lambda: services.count_fallen(db.session)})


@webhooks.get("/")
def listed() -> str:
    """Every address."""
    hooks = services.all_webhooks(db.session)
    return render_template("office/webhooks/list.html", hooks=hooks, done=request.args.get("gedaan"))


@webhooks.route("/nieuw", methods=["GET", "POST"])
def make() -> ResponseReturnValue:
    """A new address; its secret is shown this once."""
    settings = current.settings()
    form = NewWebhookForm(settings.feed_allow_hosts)
    if not form.validate_on_submit():
        page = render_template("office/webhooks/new.html", form=form)
        return make_response(page, 422 if form.errors else 200)
    try:
        hook, secret = services.make(
            db.session, form.chosen(), actor=actor(), settings=settings, now=clock.now()
        )
    except services.AlreadyMade:
        return redirect(url_for("webhooks.listed", gedaan="gemaakt"), 303)
    db.session.commit()
    return render_template("office/webhooks/secret.html", hook=hook, secret=secret, is_new=True)


@webhooks.get(f"/{NUMBER}")
def one(number: int) -> str:
    """What was told to one address lately, and how that went."""
    hook, state = _hook(number), request.args.get("staat")
    state = state if state in set(DeliveryState) else None
    return render_template(
        "office/webhooks/one.html",
        hook=hook,
        state=state,
        deliveries=services.deliveries(db.session, hook, state=state),
        most=services.SHOWN,
        words=wording,
        done=request.args.get("gedaan"),
    )


@webhooks.post(f"/{NUMBER}/geheim")
def renew(number: int) -> str:
    """Another secret, shown this once."""
    hook = _hook(number)
    secret = services.rotate(db.session, hook, actor=actor(), settings=current.settings(), now=clock.now())
    db.session.commit()
    return render_template("office/webhooks/secret.html", hook=hook, secret=secret, is_new=False)


@webhooks.post(f"/{NUMBER}/proef")
def try_out(number: int) -> ResponseReturnValue:
    """Send something that holds nobody's data."""
    services.try_out(db.session, _hook(number), now=clock.now())
    db.session.commit()
    return _back(number, "proef")


@webhooks.post(f"/{NUMBER}/schakelaar")
def switch(number: int) -> ResponseReturnValue:
    """Tell it everything from now on, or nothing."""
    on = request.form.get("aan") == "1"
    services.switch(db.session, _hook(number), on=on, actor=actor(), now=clock.now())
    db.session.commit()
    return _back(number, "aan" if on else "uit")


@webhooks.post(f"/{NUMBER}/verwijderen")
def remove(number: int) -> ResponseReturnValue:
    """The address and its log go."""
    services.remove(db.session, _hook(number), actor=actor(), now=clock.now())
    db.session.commit()
    return redirect(url_for("webhooks.listed", gedaan="verwijderd"), 303)


@webhooks.post(f"/{NUMBER}/<int(max=2147483647):delivery>/opnieuw")
def tell_again(number: int, delivery: int) -> ResponseReturnValue:
    """Send one delivery once more."""
    found = db.session.get(WebhookDelivery, delivery, with_for_update={"of": WebhookDelivery})
    if found is None or found.webhook_id != number:
        abort(404)
    services.tell_again(db.session, found, now=clock.now())
    db.session.commit()
    return _back(number, "opnieuw")


@webhooks.context_processor
def _words() -> dict[str, Any]:
    return {"events": wording.EVENTS}


def _hook(number: int) -> Webhook:
    held = {"of": Webhook} if request.method == "POST" else None
    return db.session.get(Webhook, number, with_for_update=held) or abort(404)


def _back(number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("webhooks.one", number=number, gedaan=done), 303)
