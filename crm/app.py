"""The factory, and the tables that wire everything: BLUEPRINTS, APIS, LISTENERS, CLOCK."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, current_app, g, request, session
from flask_babel import gettext as _
from flask_login import current_user
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings, load_settings
from crm import language, look, templating, web
from crm.accounts import api as accounts_api
from crm.accounts import models as _accounts
from crm.accounts import views as accounts_views
from crm.alerts import announcing
from crm.alerts import api as alerts_api
from crm.alerts import jobs as alerts_jobs
from crm.alerts import models as _alerts
from crm.alerts import queries as alerts
from crm.alerts import views as alerts_views
from crm.deals import api as deals_api
from crm.deals import jobs as deals_jobs
from crm.deals import models as _deals
from crm.deals import pages as deals_pages
from crm.demo import load as demo
from crm.demo.people import COMPANY, PASSWORD
from crm.desk import api as desk_api
from crm.desk import views as desk_views
from crm.extensions import csrf, db, limiter, login_manager, migrate
from crm.flask_settings import flask_config, start_logs
from crm.home import views as home_views
from crm.installed_base import api as installed_base_api
from crm.installed_base import contract_views, fleet_views, work_views
from crm.installed_base import models as _installed_base
from crm.installed_base import views as installed_base_views
from crm.live import Hub
from crm.maintenance import api as maintenance_api
from crm.maintenance import jobs as maintenance_jobs
from crm.maintenance import models as _maintenance
from crm.maintenance import views as maintenance_views
from crm.operations import jobs as operations_jobs
from crm.operations import views as operations_views
from crm.outbox.drain import Handler, start_threads
from crm.products import api as products_api
from crm.products import models as _products
from crm.products import views as products_views
from crm.queue import Doorbell
from crm.reports import api as reports_api
from crm.reports import jobs as reports_jobs
from crm.reports import models as _reports
from crm.reports import views as reports_views
from crm.rest import ProblemSchema
from crm.rights import public, the_user
from crm.search import api as search_api
from crm.search import models as _search
from crm.search import views as search_views
from crm.staff import api as staff_api
from crm.staff import queries as staff
from crm.staff import views as staff_views
from crm.staff.models import ROLES, Staff
from crm.staff.words import role_name
from crm.support import api as support_api
from crm.support import models as _support
from crm.support import views as support_views
from crm.timeline import models as _timeline
from crm.transfers import models as _transfers

BLUEPRINTS = (
    home_views.bp,
    deals_pages.bp,
    operations_views.bp,
    staff_views.bp,
    alerts_views.bp,
    search_views.bp,
    support_views.bp,
    desk_views.bp,
    accounts_views.bp,
    reports_views.bp,
    installed_base_views.bp,
    contract_views.bp,
    work_views.bp,
    fleet_views.bp,
    maintenance_views.bp,
    products_views.bp,
)

APIS = (
    search_api.blp, staff_api.blp, alerts_api.blp, support_api.blp, desk_api.blp, accounts_api.blp,
    products_api.blp, deals_api.blp, installed_base_api.blp, maintenance_api.blp, reports_api.blp,
)  # fmt: skip

MODELS = (
    _accounts, _alerts, _deals, _installed_base, _maintenance, _products, _reports, _search,
    _support, _timeline, _transfers,
)  # fmt: skip
"""Every table of the application is known once these are imported."""

HANDLERS: dict[str, Handler] = {
    "reports.build": reports_jobs.build,
    "deals.pace": deals_jobs.measure,
    "alerts.evaluate": alerts_jobs.evaluate,
    "alerts.daily": alerts_jobs.daily,
    "alerts.round": alerts_jobs.round_of_units,
    "alerts.wake": alerts_jobs.wake,
    "alerts.release": alerts_jobs.release,
    "operations.tidy": operations_jobs.tidy,
    "alerts.expire": alerts_jobs.expire,
    "alerts.hand_over": alerts_jobs.hand_over,
    "alerts.announce": announcing.announce,
    "alerts.reach": announcing.reach,
    "maintenance.generate": maintenance_jobs.generate,
    "maintenance.round": maintenance_jobs.round_of_units,
    "maintenance.plan": maintenance_jobs.arrange_plan,
    "maintenance.follow": maintenance_jobs.follow,
}
"""Message kind → the job that does it."""

LISTENERS: dict[str, tuple[str, ...]] = {
    "account.changed": ("alerts.hand_over",),
    "staff.changed": ("alerts.hand_over",),
    "product.life_changed": ("alerts.announce",),
    "ticket.opened": ("alerts.evaluate",),
    "ticket.changed": ("alerts.evaluate",),
    "work_order.done": ("alerts.evaluate", "maintenance.follow"),
    "plan.added": ("maintenance.plan",),
    "plan.changed": ("maintenance.plan",),
}
"""Event kind → the messages written with it."""

CLOCK: tuple[str, ...] = (
    "alerts.daily", "alerts.expire", "alerts.release", "deals.pace", "maintenance.generate",
    "operations.tidy",
)  # fmt: skip
"""Messages that the clock writes once a day, at its first look after midnight."""

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Engawa(Flask):
    """Flask with templates compiled once for each language."""

    jinja_environment = templating.Environment


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises SettingError when the environment is wrong."""
    settings = settings or load_settings(os.environ)
    app = Engawa(__name__)
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["handlers"] = HANDLERS
    app.extensions["listeners"] = LISTENERS
    app.extensions["clock"] = CLOCK
    app.extensions["company"] = _company_name
    app.extensions["doorbell"] = Doorbell(settings.redis_url)
    app.extensions["hub"] = Hub(settings.redis_url)
    start_logs(settings)
    _extensions(app)
    web.init_app(app)
    look.init_app(app)
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
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)
    language.init_app(app)
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


JSON = "application/json"


class _Api(Api):
    """flask-smorest without its own refusals: crm.web answers for pages and API alike."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Every refusal is problem+json, those that no route names as well."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = JSON

    @public
    def _openapi_json(self) -> Any:
        """The document needs nobody signed in."""
        return super()._openapi_json()

    def _register_error_handlers(self) -> None:
        pass


def _is_demo() -> bool:
    known = current_app.extensions.setdefault("demo", {})
    if current_app.config["DEMO"] and "here" not in known:
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
    api = _Api(app, spec_kwargs=_spec())
    for blueprint in APIS:
        api.register_blueprint(blueprint)
    app.extensions["openapi"] = lambda: api.spec


def _schema_name(schema: Any) -> str:
    made = schema() if isinstance(schema, type) else schema
    name = type(made).__name__.removesuffix("Schema")
    return f"{name}Changes" if getattr(made, "partial", None) else name


def _spec() -> dict[str, Any]:
    return {
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name),
        "info": {
            "title": "Engawa",
            "description": "Accounts, installed base, support and deals in one history.",
            "license": {"name": "MIT"},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }
