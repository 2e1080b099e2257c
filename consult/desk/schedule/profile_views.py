"""The own profile at the desk: what visitors see of an advisor, and how a mail ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from consult import clock
from consult.activity.services import advisor_actor, record
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.schedule.profile_forms import PortraitForm, ProfileForm
from consult.people.models import Topic
from consult.people.pictures import NotAPicture, WrongSize
from consult.people.portraits import remove_portrait, set_portrait
from consult.people.services import active_topics
from consult.web import current
from consult.web.assets import picture_href

if TYPE_CHECKING:
    from typing import Any

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.models import Advisor


@page("/profiel", methods=("GET", "POST"), keeps_text=True)
def profile(who: Colleague) -> ResponseReturnValue:
    """What visitors see of me; a coordinator without a profile has none."""
    advisor = who.advisor or abort(404)
    form = _form(advisor)
    if not form.validate_on_submit():
        return _show(advisor, form, status=422 if form.errors else 200)
    for name in ("role", "role_en"):
        setattr(advisor, name, form[name].data or "")
    for name in ("phone", "whatsapp", "signature"):
        setattr(advisor, name, form[name].data or None)
    advisor.topics = list(db.session.scalars(select(Topic).where(Topic.id.in_(form.topic_ids))))
    return _kept(advisor)


@page("/profiel/portret", methods=("POST",), keeps_text=True)
def portrait(who: Colleague) -> ResponseReturnValue:
    """Show this picture of me."""
    advisor = who.advisor or abort(404)
    form = PortraitForm()
    if form.validate_on_submit():
        try:
            set_portrait(db.session, advisor, form.picture.data.read())
        except NotAPicture:
            form.picture.errors = [
                gettext("Dit is geen foto die wij kunnen tonen. Kies een PNG, JPEG of WebP.")
            ]
        except WrongSize:
            form.picture.errors = [
                gettext("Deze foto past niet. Kies er een tot 200 kB, van 64 tot 1600 pixels breed en hoog.")
            ]
        else:
            return _kept(advisor)
    return _show(advisor, _form(advisor, formdata=None), form, status=422)


@page("/profiel/portret/weg", methods=("POST",))
def no_portrait(who: Colleague) -> ResponseReturnValue:
    """Show my initials."""
    advisor = who.advisor or abort(404)
    remove_portrait(db.session, advisor)
    return _kept(advisor)


def _form(advisor: Advisor, **kwargs: Any) -> ProfileForm:
    language = current.language()
    topics = active_topics(db.session)
    mine = {
        "role": advisor.role,
        "role_en": advisor.role_en,
        "phone": advisor.phone,
        "whatsapp": advisor.whatsapp,
        "signature": advisor.signature,
        "topics": [str(topic.id) for topic in advisor.topics],
    }
    named = [(topic.id, topic.name if language == "nl" else topic.name_en) for topic in topics]
    return ProfileForm(named, data=mine, **kwargs)


def _kept(advisor: Advisor) -> ResponseReturnValue:
    actor = advisor_actor(advisor.id)
    record(db.session, ("advisor", advisor.id), "advisor.profile_changed", actor=actor, now=clock.now())
    db.session.commit()
    return redirect(url_for("desk.profile", bewaard=1), 303)


def _show(
    advisor: Advisor, form: ProfileForm, picture: PortraitForm | None = None, *, status: int = 200
) -> Response:
    text = render_template(
        "desk/profile.html",
        form=form,
        picture=picture or PortraitForm(formdata=None),
        sent=picture or form,
        person={"name": advisor.name, "photo_href": picture_href(advisor.portrait)},
        advisor=advisor,
        is_kept="bewaard" in request.args and status == 200,
    )
    return make_response(text, status)
