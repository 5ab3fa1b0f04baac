"""Health for load balancers, and the API's documentation for people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template

from crm.operations import queries
from crm.rights import public

bp = Blueprint("operations", __name__)

METHODS = ("get", "post", "patch", "delete")


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> Response:
    """The process can work: its database is there and has its tables."""
    found = queries.health()
    redis = {None: "not used", True: "answers", False: "silent"}[found.redis]
    body = {
        "status": "ready" if found.ready else "not ready", "database": found.database,
        "migrated": found.migrated, "redis": redis, "waiting": found.waiting,
    }  # fmt: skip
    return make_response(jsonify(body), 200 if found.ready else 503)


@bp.get("/api/v1/docs")
@public
def docs() -> str:
    """The OpenAPI document, readable."""
    spec = current_app.extensions["openapi"]().to_dict()
    return render_template("operations/docs.html", spec=spec, groups=_groups(spec))


def _groups(spec: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Operations by their tag: method, path, description."""
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, operations in spec["paths"].items():
        for method in METHODS:
            if method in operations:
                tag = (operations[method].get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append((method.upper(), path, operations[method]))
    return groups
