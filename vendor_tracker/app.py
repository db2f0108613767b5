"""The one place where the parts meet."""

import logging
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, request
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from vendor_tracker.files import FileStore
from vendor_tracker.settings import Settings
from vendor_tracker.store.base import db, prepare_sqlite

csrf = CSRFProtect()
migrate = Migrate()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def templates_folder() -> Path:
    """Return the folder of templates: inside the installed package, or at the top of the checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "templates"


def create_app(settings: Settings) -> Flask:
    """Build the application; the database must have been prepared by ``vendor-tracker init``."""
    app = Flask("vendor_tracker", template_folder=str(templates_folder()), static_folder="web/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=(2 * settings.upload_limit_mb + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="vt_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.extensions["vendor_tracker.settings"] = settings
    app.extensions["vendor_tracker.files"] = FileStore(settings.data_dir / "files")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    db.init_app(app)
    migrate.init_app(
        app, db, directory=str(Path(__file__).parent / "store" / "migrations"), render_as_batch=True, compare_type=True
    )
    csrf.init_app(app)
    if settings.database_url.startswith("sqlite:"):
        with app.app_context():
            prepare_sqlite(db.engine)

    _log(settings)
    _doors(app)
    _headers(app)
    return app


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.database_url.startswith("sqlite:"):
        return {"connect_args": {"timeout": 30}}
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True}


def _doors(app: Flask) -> None:
    """Open the three doors, each with its own pages and its own way of knowing who knocks."""
    from vendor_tracker import api, portal, web

    web.open_door(app)
    portal.open_door(app)
    api.open_door(app)


def _headers(app: Flask) -> None:
    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response


def _log(settings: Settings) -> None:
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


__all__ = ["create_app", "csrf", "migrate", "templates_folder"]
