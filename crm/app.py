"""The factory: settings, extensions, and all that answers or works in the rooms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_babel import gettext as _
from flask_login import current_user
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings, load_settings
from crm import drawn, ground, look, templating, web
from crm.alerts import queries as alerts
from crm.answering import APIS, BLUEPRINTS
from crm.demo import load as demo
from crm.demo.people import COMPANY, PASSWORD
from crm.extensions import csrf, db, limiter, login_manager
from crm.idempotency import Answered
from crm.openapi import OpenApi
from crm.outbox.drain import start_threads
from crm.queue import Doorbell
from crm.rights import the_user
from crm.rooms import MIGRATED
from crm.staff import queries as staff
from crm.staff.models import ROLES, Staff
from crm.staff.words import role_name

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Engawa(Flask):
    """Flask with templates compiled once for each language."""

    jinja_environment = templating.Environment


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises SettingError when the environment is wrong."""
    settings = settings or load_settings(os.environ)
    app = Engawa(__name__)
    ground.lay(app, settings)
    app.extensions["company"] = _company_name
    app.extensions["who"] = _who
    _extensions(app)
    web.init_app(app)
    app.register_error_handler(Answered, lambda twin: web.go(twin.known.location))
    look.init_app(app)
    drawn.init_app(app)
    app.context_processor(_every_page)
    _routes(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def start_background(app: Flask) -> Any:
    """Drain the outbox in threads of this process; returns the event that ends them."""
    return start_threads(app)


def _extensions(app: Flask) -> None:
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, on_version_apply=MIGRATED)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    login_manager.request_loader(_who)
    login_manager.user_loader(lambda _key: None)
    login_manager.session_protection = None


def _who(_request: Any) -> Staff | None:
    """Whose request this is: a bearer token, else the sign-in that the cookie names."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _blank, token = header.partition(" ")
        found = staff.bearer(token.strip()) if scheme.lower() == "bearer" else None
        g.read_only_token = found is not None and found[1] == "read"
        return found[0] if found else None
    cookie = session.get("sign_in")
    return staff.signed_in(cookie) if cookie else None


def _is_demo() -> bool:
    known = current_app.extensions.setdefault("demo", {})
    if current_app.config["DEMO"] and "here" not in known and "database_away" not in g:
        known["here"] = demo.is_present()
    return bool(known.get("here"))


def _company_name() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.company_name or (COMPANY if _is_demo() else "")


def _demo() -> dict[str, Any]:
    """The banner and who can sign in, while the database is the demo company."""
    if not _is_demo():
        return {"demo": False, "company": _company_name()}
    people = [(f"{role}@example.com", role_name(role)) for role in ROLES]
    return {"demo": True, "people": people, "password": PASSWORD, "company": _company_name()}


def _every_page() -> dict[str, Any]:
    """What the frame of every page shows: the demo banner, the bell, what does not work."""
    bell: Doorbell = current_app.extensions["doorbell"]
    silent = bell.silent
    return {
        **_demo(),
        "degraded": _("Live updates are slower than usual; nothing is lost.") if silent else "",
        "the_bell": _bell,
    }


def _bell() -> alerts.Bell:
    """Counted once for a page, however many of its parts show it."""
    if "bell" not in g:
        g.bell = alerts.bell(the_user()) if current_user.is_authenticated else alerts.Bell()
    found: alerts.Bell = g.bell
    return found


def _routes(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    OpenApi(app).register(APIS)
