"""The factory: settings in, a wired application out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import clock, extensions
from consult.api import views as api
from consult.booking import neighbours
from consult.booking import views as booking
from consult.booking.groups import views as group_views
from consult.booking.series import planning_views as series_planning_views
from consult.calendars import views as calendars
from consult.cli import register_commands
from consult.contact import embedding_views, next_moments, sharing_views
from consult.contact import views as contact
from consult.contact.handout import views as handout_views
from consult.database import db
from consult.desk import offline_views
from consult.desk import views as desk
from consult.office import views as office
from consult.office.audit import telling
from consult.office.keys import views as key_views
from consult.operations import demo_views, health, request_log
from consult.outbox.texts import on_page
from consult.people import portrait_views
from consult.people.signin import setting_up as signin
from consult.privacy import own_data_views
from consult.sealing.types import use_keys
from consult.settings import Settings, load
from consult.web import current, errors, pages
from consult.web.headers import SecurityHeaders
from consult.web.incoming import Incoming
from consult.webhooks import views as webhooks
from consult.wiring import NEIGHBOURS, TELLER, find_moments

PACKAGE = Path(__file__).parent
# In a checkout templates and static files stand beside the package; in a wheel, inside it.
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
BLUEPRINTS = (
    contact.contact,
    embedding_views.embedding,
    handout_views.handouts,
    portrait_views.portraits,
    sharing_views.sharing,
    booking.booking,
    group_views.group_sessions,
    series_planning_views.series,
    own_data_views.own_data_pages,
    calendars.feeds,
    desk.desk,
    offline_views.offline,
    office.office,
    key_views.api_keys,
    api.api,
    health.health,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for ``settings``; read from the environment when none are given.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = settings or load()
    if settings.clock is not None:
        clock.start_at(settings.clock)
    app = Flask(
        "consult", root_path=str(PACKAGE), static_folder=ROOT / "static", template_folder=ROOT / "templates"
    )
    app.request_class = Incoming
    app.config.from_mapping(_flask_config(settings))
    app.extensions["consult"] = settings
    _bind_extensions(app, settings)
    request_log.init_app(app)
    errors.init_app(app)
    pages.init_app(app, settings)
    on_page.init_app(app)
    app.after_request(pages.cacheable_forever)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app)
    webhooks.init_app(app)
    neighbours.init_app(app, NEIGHBOURS)
    next_moments.init_app(app, find_moments)
    telling.init_app(app, TELLER)
    if settings.demo:
        app.register_blueprint(demo_views.demo)
    register_commands(app)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, https=settings.https)  # type: ignore[method-assign]  # (how Flask is wrapped)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]  # (how Flask is wrapped)
    return app


def _bind_extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        use_keys(db.engine, settings.keyring())
    extensions.babel.init_app(app, locale_selector=current.language)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    extensions.mail.init_app(app)
    extensions.migrate.init_app(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True)
    signin.init_app(app)


def _flask_config(settings: Settings) -> dict[str, object]:
    *fallbacks, key = settings.signing_keys()
    https = settings.https
    return {
        "SECRET_KEY": key,
        "SECRET_KEY_FALLBACKS": fallbacks,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": not settings.database.startswith("sqlite")},
        "TRUSTED_HOSTS": list(settings.own_hosts),
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_PARTS": 200,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
        "SESSION_COOKIE_NAME": "__Host-werkplek" if https else "werkplek",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "BABEL_DEFAULT_LOCALE": settings.locale,
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "RATELIMIT_STORAGE_URI": settings.ratelimit_storage_uri.get_secret_value(),
        "RATELIMIT_ENABLED": settings.ratelimit_enabled,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_DEFAULT_SENDER": settings.mail_from,
        **signin.config(settings),
    }
