"""Pages and globals that belong to no feature: the house style, and what every template may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    render_template,
    request,
    send_file,
    url_for,
)

from consult import clock
from consult.database import looking_only
from consult.settings import LOGO_TYPES
from consult.web import current, dates
from consult.web.addresses import shown_phone
from consult.web.assets import YEAR, asset, ink_on
from consult.web.style import style_sheet

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings

web = Blueprint("web", __name__)
SECURITY_TXT_VALID = timedelta(days=180)


@dataclass(frozen=True)
class Firm:
    """The firm as a page or mail shows it."""

    name: str
    phone: str
    phone_href: str
    accent: str
    accent_ink: str
    has_logo: bool

    @classmethod
    def of(cls, settings: Settings) -> Firm:
        """What the settings say of the firm."""
        number = settings.firm_phone
        return cls(
            settings.firm_name,
            shown_phone(number),
            f"tel:{number}",
            settings.firm_accent,
            ink_on(settings.firm_accent),
            settings.firm_logo is not None,
        )


def init_app(app: Flask, settings: Settings) -> None:
    """Register the blueprint, the template globals, and the rule that a GET changes nothing."""
    app.register_blueprint(web)
    app.jinja_env.globals.update(asset=asset, style_href=style_href, firm=Firm.of(settings))
    app.jinja_env.filters.update(_date_filters(settings.timezone))
    app.context_processor(lambda: {"locale": current.language()})
    app.before_request(_begin_looking)
    app.teardown_request(_end_looking)
    app.url_defaults(_keep_language)


@web.get("/huisstijl.css")
def house_style() -> Response:
    """The style sheet of every page, with the firm's accent; everything else is derived from it in the sheet."""
    text, fingerprint = _style()
    response = Response(text, mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if request.args.get("v") == fingerprint else 3600
    response.add_etag()
    response.make_conditional(request)
    return response


def style_href() -> str:
    """The address of the style sheet as it is now."""
    return url_for("web.house_style", v=_style()[1])


def _style() -> tuple[str, str]:
    firm, path = Firm.of(current.settings()), Path(str(current_app.static_folder), "consult.css")
    return style_sheet(path, firm.accent, firm.accent_ink, path.stat().st_mtime)


@web.get("/huisstijl/logo")
def logo() -> Response:
    """The firm's logo, when the settings name one."""
    path = current.settings().firm_logo or abort(404)
    return send_file(path.resolve(), mimetype=LOGO_TYPES[path.suffix], max_age=3600)


@web.get("/privacy")
def privacy() -> str:
    """What is kept of a visitor, and why."""
    return render_template("web/privacy.html", sealed=bool(current.settings().encryption_keys))


@web.get("/toegankelijkheid")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("web/accessibility.html")


@web.get("/robots.txt")
def robots() -> Response:
    """Search engines may read contact pages; private pages and the desk are nobody's business."""
    closed = "".join(
        f"Disallow: {path}\n"
        for path in (
            "/v/",
            "/a/",
            "/r/",
            "/s/",
            "/reeks/",
            "/gegevens/",
            "/werkplek/",
            "/beheer/",
            "/inloggen",
            "/api/",
        )
    )
    return Response(f"User-agent: *\n{closed}", mimetype="text/plain")


@web.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a weakness (RFC 9116); the date renews itself."""
    settings, now = current.settings(), clock.now()
    lines = (
        f"Contact: {Firm.of(settings).phone_href}",
        f"Contact: mailto:{settings.mail_from}",
        f"Expires: {(now + SECURITY_TXT_VALID).replace(microsecond=0).isoformat()}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _date_filters(zone: str) -> dict[str, Any]:
    return {
        "day": lambda at: dates.day(dates.local_date(at, zone), current.language()),
        "full_day": lambda at: dates.day(dates.local_date(at, zone), current.language(), year=True),
        "hours": lambda span: dates.hours(span[0], span[1], zone, current.language()),
        "moment": lambda span: dates.moment(span[0], span[1], zone, current.language()),
        "moment_line": lambda span: dates.moment_line(span[0], span[1], zone, current.language()),
        "stamp": lambda at: dates.stamp(at, zone, current.language()),
        "phone": shown_phone,
    }


def _begin_looking() -> None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        looking = looking_only()
        looking.__enter__()
        g.end_looking = partial(looking.__exit__, None, None, None)


def _end_looking(_error: BaseException | None) -> None:
    if end := g.pop("end_looking", None):
        end()


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """A language chosen in the address stays chosen on every next page."""
    if (
        has_request_context()
        and request.args.get("taal") in current.LANGUAGES
        and endpoint not in {"static", "web.house_style", "web.logo"}
    ):
        values.setdefault("taal", request.args["taal"])


def cacheable_forever(response: Response) -> Response:
    """Let a browser keep a file whose address carries its hash."""
    if request.endpoint == "static" and "v" in request.args:
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
        response.cache_control.public = True
    return response
