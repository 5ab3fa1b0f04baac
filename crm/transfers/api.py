"""Imports for programs: a file with its mapping in, progress, refused rows, undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_smorest import Blueprint

from crm.errors import BadRequest, Invalid, Problem
from crm.extensions import db
from crm.json_bodies import check_json
from crm.rest import KEY, PREFIX, Collection, Fields, document, once
from crm.rest_lists import page_schema, query_schema, read_page
from crm.rights import guard, the_user
from crm.transfers import receiving, run_actions, run_queries
from crm.transfers.run_models import ImportRun
from crm.transfers.run_schemas import (
    ImportKeptSchema,
    ImportRowSchema,
    ImportSchema,
    KeptPage,
    KeptQuery,
    NewImportSchema,
    RowQuery,
    RowsPage,
)
from crm.transfers.tables import table_of
from crm.web import flatten

FORM = "multipart/form-data"
blp = Blueprint("imports_api", __name__, url_prefix=PREFIX, description="Tables into records")
RUNS = Collection(
    name="imports", kind="import", model=ImportRun, schema=ImportSchema,
    door=run_queries.get_run, default_sort="-id",
    filters={"kind": ma.fields.String(), "state": ma.fields.String()},
)  # fmt: skip
_FILE: Fields = {
    "type": "object", "required": ["file", "kind"],
    "properties": {
        "file": {"type": "string", "format": "binary"}, "kind": {"type": "string"},
        "mapping": {"type": "string", "description": "A name, or a mapping in JSON"},
        "encoding": {"type": "string"}, "delimiter": {"type": "string", "maxLength": 1},
        "sheet": {"type": "string"}, "dry_run": {"type": "boolean"},
    },
}  # fmt: skip
_BODY: Fields = {
    "required": True,
    "content": {
        FORM: {"schema": _FILE},
        "application/json": {"schema": NewImportSchema},
    },
}


@blp.before_request
def _json_or_form() -> None:
    """Whoever is not signed in hears that first, and nothing of hers is read."""
    if request.method != "POST" or not current_user.is_authenticated:
        return
    sent = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.is_json:
        check_json(request.get_data(cache=True))
    elif sent and not (request.mimetype == FORM and request.path.endswith("/imports")):
        problem = Problem(_("Send JSON with Content-Type: application/json."))
        problem.status, problem.code = 415, "not-json"
        raise problem


def shown(run: Any) -> Fields:
    """A run as the API shows it."""
    done: Fields = ImportSchema().dump(run)
    return done


@blp.route("/imports", methods=["GET"])
@guard("view", "import")
@blp.arguments(query_schema(RUNS), location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, page_schema("Imports", ImportSchema, changes=True))
def listing(asked: Fields) -> Response:
    """The imports of kinds that this person may import, the newest first."""
    user = the_user()
    permitted = table_of(ImportRun).c.kind.in_(run_queries.kinds_for(user))
    return jsonify(read_page(RUNS, user, asked, [permitted]))


@blp.route("/imports", methods=["POST"])
@guard("create", "import")
@blp.doc(parameters=[KEY], requestBody=_BODY)
@document(blp, 400, 401, 403, 404, 409, 413, 415)
@blp.response(202, ImportSchema)
def bring() -> Response:
    """Bring a file. A job takes its rows: look at Location for how far it has come."""
    request.max_content_length = run_actions.MOST_BYTES + 1_000_000
    user, asked = the_user(), _asked()
    run_queries.check_kind(user, asked["kind"])

    def effect() -> Fields:
        run = receiving.bring(asked, request.files.get("file"), user)
        db.session.flush()
        return shown(run)

    return once(effect, lambda body: f"{PREFIX}/imports/{body['id']}", 202)


def _asked() -> Fields:
    said: Any = request.get_json() if request.is_json else _of_form(request.form)
    if not isinstance(said, dict):
        raise BadRequest(_("Send an object."))
    try:
        asked: Fields = NewImportSchema().load(said)
    except ma.ValidationError as error:
        raise Invalid(flatten({"json": error.messages})) from error
    return asked


def _of_form(form: Mapping[str, str]) -> Fields:
    said: Fields = {name: text for name, text in form.items() if name != "idempotency_key"}
    if said.get("mapping", "").lstrip().startswith("{"):
        try:
            said["mapping"] = json.loads(said["mapping"])
        except ValueError as error:
            raise Invalid({"mapping": [_("This is not JSON.")]}) from error
    return said


@blp.route("/imports/<int:run_id>", methods=["GET"])
@guard("view", "import")
@document(blp, 401, 404)
@blp.response(200, ImportSchema)
def one(run_id: int) -> Response:
    """How far an import has come, and what became of its rows so far."""
    return jsonify(shown(run_queries.get_run(run_id, the_user())))


@blp.route("/imports/<int:run_id>/rows", methods=["GET"])
@guard("view", "import")
@blp.arguments(RowQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 404)
@blp.response(200, RowsPage)
def rows(asked: Fields, run_id: int) -> Response:
    """What became of single rows. `next` is the `after` of the next page."""
    run = run_queries.get_run(run_id, the_user())
    found = run_queries.rows_of(run, asked["verdict"], asked["after"], asked["limit"])
    return _page(ImportRowSchema, found, asked["limit"])


@blp.route("/imports/<int:run_id>/kept", methods=["GET"])
@guard("view", "import")
@blp.arguments(KeptQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 404)
@blp.response(200, KeptPage)
def kept(asked: Fields, run_id: int) -> Response:
    """Records that an undo left as they are. `next` is the `after` of the next page."""
    run = run_queries.get_run(run_id, the_user())
    found = run_queries.kept_steps(run, asked["after"], asked["limit"])
    return _page(ImportKeptSchema, found, asked["limit"])


def _page(schema: type[ma.Schema], found: Any, limit: int) -> Response:
    more = str(found[-1].id) if len(found) == limit else None
    return jsonify({"items": schema(many=True).dump(found), "next": more})


@blp.route("/imports/<int:run_id>/refused.csv", methods=["GET"])
@guard("view", "import")
@blp.doc(responses={"200": {"description": "The file", "content": {"text/csv": {}}}})
@document(blp, 401, 404)
def refused(run_id: int) -> Response:
    """The rows that were not taken: line, reason, and the columns of the file."""
    return receiving.refused_file(run_queries.get_run(run_id, the_user()))


def _doing(name: str, act: Callable[[ImportRun, int], None], words: str) -> None:
    """`POST /api/v1/imports/ID/NAME`."""

    @blp.route(f"/imports/<int:run_id>/{name}", endpoint=name, methods=["POST"])
    @guard("edit", "import")
    @blp.doc(summary=words, parameters=[KEY])
    @document(blp, 400, 401, 404, 409, 415)
    @blp.response(202, ImportSchema)
    def doing(run_id: int) -> Response:
        run = run_queries.get_run(run_id, the_user(), "edit")

        def effect() -> Fields:
            act(run, the_user().id)
            db.session.flush()
            return shown(run)

        return once(effect, lambda body: f"{PREFIX}/imports/{body['id']}", 202)


_doing("check", run_actions.start_check, "Begin the dry run.")
_doing("start", run_actions.start, "Begin the import, after a dry run or without one.")
_doing("stop", run_actions.stop, "End it after the rows at hand; what was done stays.")
_doing("resume", run_actions.go_on, "Go on with an import that was stopped.")
_doing("undo", run_actions.start_undo, "Take back what it made and changed.")
