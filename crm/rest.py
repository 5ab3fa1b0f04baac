"""One collection of the REST API, made from a table of its door, verbs and declared columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Response, jsonify, make_response, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_smorest import Blueprint

from crm.errors import BadRequest, Problem
from crm.extensions import db
from crm.idempotency import Answered, IdempotencyKey, recall, remember, unless_twin
from crm.json_bodies import check_json
from crm.paging import Sort
from crm.rest_bulk import OperationsSchema, ResultsSchema, perform
from crm.rest_lists import CHANGED, query_schema, read_page, said_once, title
from crm.rest_lists import page_schema as page_schema
from crm.rights import Person, guard, the_user
from crm.typed import Schema
from crm.versions import etag, require_version

PREFIX = "/api/v1"
Fields = dict[str, Any]
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": "The ETag that was read. Missing: 428. Old: 412.",
}  # fmt: skip
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "maxLength": 128, "pattern": "^[!-~]+$"},
    "description": "The same key with the same body has one effect and one answer.",
}  # fmt: skip


class MergedIntoSchema(Schema):
    """Where a record went that was merged into another."""

    id = ma.fields.Integer(required=True)
    href = ma.fields.String(required=True)


class ProblemSchema(Schema):
    """RFC 9457 problem details; `errors` names each field with its reasons.

    `merged_into` stands in a 404 of an account or contact that is one with another now.
    """

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))
    merged_into = ma.fields.Nested(MergedIntoSchema)


@dataclass(frozen=True)
class Collection:
    """What makes `/api/v1/NAME`. A verb left out is a route that does not exist."""

    name: str
    kind: str
    model: Any
    schema: type[ma.Schema]
    door: Callable[[int, Person, str], Any]
    create: Callable[[Fields, Person], Any] | None = None
    change: Callable[[Any, Fields, Person], None] | None = None
    remove: Callable[[Any, Person], None] | None = None
    filters: Mapping[str, ma.fields.Field[Any]] = field(default_factory=dict)
    narrow: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = field(default_factory=dict)
    """Filters that are no column of the table: name → its condition for a value."""
    sorts: Sequence[str] = ("id",)
    default_sort: str = "id"
    further: Callable[[str], Sort] | None = None
    """Orders `attribute:KEY` beside the columns: what was asked → the order. Raises BadRequest."""
    complete: Callable[[list[Fields], Person], None] | None = None
    """Fills what is not a column (linked keys, hidden amounts), for a page of rows at once."""
    bulk: bool = False
    """Are many operations taken in one request?"""
    changed: str = CHANGED
    """The column that says when a row was last written; (it, id) has an index."""

    @property
    def table(self) -> sa.Table:
        """The Core table that lists are read from."""
        found: sa.Table = self.model.__table__
        return found

    @cached_property
    def _shown(self) -> ma.Schema:
        return self.schema(many=True)

    def present(self, rows: Sequence[Mapping[str, Any]], user: Person) -> list[Fields]:
        """Rows as the API shows them."""
        shown = [dict(row) for row in rows]
        if self.complete is not None:
            self.complete(shown, user)
        dumped: list[Fields] = self._shown.dump(shown)
        return dumped

    def show(self, record: Any, user: Person) -> Fields:
        """One record as the API shows it."""
        row = {column.key: _told(getattr(record, column.key)) for column in self.table.columns}
        return self.present([row], user)[0]


def _told(value: Any) -> Any:
    """A value as the database gives it back: an instant in UTC, whatever zone it was set in."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


class _Room(Blueprint):
    """Reads every body by one schema: to make it anew takes longer than to read."""

    def arguments(self, schema: Any, **more: Any) -> Any:
        """A body or query as this schema reads it, the first argument of the view."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **more)


def blueprint(name: str, description: str) -> Blueprint:
    """A blueprint of the API whose routes refuse content that is not JSON."""
    made = _Room(f"{name}_api", __name__, url_prefix=PREFIX, description=description)
    made.before_request(said_once)
    made.before_request(_only_json)
    return made


def _only_json() -> None:
    """Whoever is not signed in hears that first, and nothing of hers is read."""
    if request.method not in ("POST", "PATCH", "PUT") or not current_user.is_authenticated:
        return
    has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if has_body and not request.is_json:
        problem = Problem(_("Send JSON with Content-Type: application/json."))
        problem.status, problem.code = 415, "not-json"
        raise problem
    if has_body:
        check_json(request.get_data(cache=True))
    elif request.method == "PATCH":
        raise BadRequest(_("Send the fields to change as JSON."))


def document(blp: Blueprint, *codes: int) -> Callable[[Any], Any]:
    """Say in the OpenAPI document which refusals a route can answer, all at once: flask-smorest's
    `alt_response` puts a function around the view for each of them."""
    said = {
        str(code): {
            "description": HTTPStatus(code).phrase,
            "content": {"application/problem+json": {"schema": ProblemSchema}},
        }
        for code in codes
    }
    return blp.doc(responses=said)


def collection(blp: Blueprint, what: Collection) -> None:
    """Register the routes of a collection."""
    _list_route(blp, what)
    _get_route(blp, what)
    if what.create is not None:
        _create_route(blp, what)
    if what.change is not None:
        _change_route(blp, what)
    if what.remove is not None:
        _remove_route(blp, what)
    if what.bulk:
        _bulk_route(blp, what)


def _list_route(blp: Blueprint, what: Collection) -> None:
    @blp.route(f"/{what.name}", endpoint=f"list_{what.name}", methods=["GET"])
    @guard("view", what.kind)
    @blp.arguments(query_schema(what), location="query", unknown=ma.RAISE)
    @document(blp, 400, 401, 403)
    @blp.response(200, page_schema(title(what), what.schema, changes=True))
    def listing(asked: Fields) -> Response:
        return jsonify(read_page(what, the_user(), asked))


def _get_route(blp: Blueprint, what: Collection) -> None:
    @blp.route(f"/{what.name}/<int:record_id>", endpoint=f"get_{what.name}", methods=["GET"])
    @guard("view", what.kind)
    @document(blp, 401, 403, 404)
    @blp.response(200, what.schema)
    def one(record_id: int) -> Response:
        return _answer(what, what.door(record_id, the_user(), "view"))


def _create_route(blp: Blueprint, what: Collection) -> None:
    create = what.create
    assert create is not None

    @blp.route(f"/{what.name}", endpoint=f"create_{what.name}", methods=["POST"])
    @guard("create", what.kind)
    @blp.doc(parameters=[KEY])
    @blp.arguments(what.schema)
    @document(blp, 400, 401, 403, 404, 409, 415)
    @blp.response(201, what.schema)
    def creating(fields: Fields) -> Response:
        return once(
            lambda: (created := create(fields, the_user()), what.show(created, the_user()))[1],
            lambda body: f"{PREFIX}/{what.name}/{body['id']}",
        )


def _bulk_route(blp: Blueprint, what: Collection) -> None:
    @blp.route(f"/{what.name}/bulk", endpoint=f"bulk_{what.name}", methods=["POST"])
    @guard("view", what.kind)
    @blp.doc(parameters=[KEY])
    @blp.arguments(OperationsSchema)
    @document(blp, 400, 401, 403, 409, 415)
    @blp.response(200, ResultsSchema)
    def several(asked: Fields) -> Response:
        """Up to 500 operations, each with the rights and the checks of a single call."""
        address = f"{PREFIX}/{what.name}/bulk"
        return once(lambda: perform(what, asked, the_user()), lambda _body: address, 200)


def once(
    effect: Callable[[], Fields], location: Callable[[Fields], str], status: int = 201
) -> Response:
    """Do an effect once per idempotency key and commit; a repeat gets the first answer."""
    user_id = the_user().id
    known = recall(user_id)
    if known is not None:
        return _replay(known)
    try:
        body = unless_twin(user_id, effect)
        where = location(body)
        remember(user_id, status, where, body)
    except Answered as twin:
        return _replay(twin.known)
    db.session.commit()
    return _created(body, where, status)


def _replay(known: IdempotencyKey) -> Response:
    response = _created(known.body, known.location, known.status)
    response.headers["Idempotent-Replay"] = "true"
    return response


def _created(body: Any, where: str, status: int) -> Response:
    response = make_response(jsonify(body), status)
    response.headers["Location"] = where
    if isinstance(body, dict) and "version" in body:
        response.headers["ETag"] = f'"{body["version"]}"'
    return response


def _change_route(blp: Blueprint, what: Collection) -> None:
    change = what.change
    assert change is not None

    @blp.route(f"/{what.name}/<int:record_id>", endpoint=f"change_{what.name}", methods=["PATCH"])
    @guard("edit", what.kind)
    @blp.doc(parameters=[IF_MATCH])
    @blp.arguments(what.schema(partial=True))
    @document(blp, 400, 401, 403, 404, 409, 412, 415, 428)
    @blp.response(200, what.schema)
    def changing(fields: Fields, record_id: int) -> Response:
        record = what.door(record_id, the_user(), "edit")
        require_version(record)
        change(record, fields, the_user())
        db.session.flush()
        answer = _answer(what, record)
        db.session.commit()
        return answer


def _remove_route(blp: Blueprint, what: Collection) -> None:
    remove = what.remove
    assert remove is not None

    @blp.route(f"/{what.name}/<int:record_id>", endpoint=f"remove_{what.name}", methods=["DELETE"])
    @guard("delete", what.kind)
    @blp.doc(parameters=[IF_MATCH])
    @document(blp, 401, 403, 404, 409, 412, 428)
    @blp.response(204)
    def removing(record_id: int) -> Response:
        record = what.door(record_id, the_user(), "delete")
        require_version(record)
        remove(record, the_user())
        db.session.commit()
        return make_response("", 204)


def _answer(what: Collection, record: Any) -> Response:
    response = jsonify(what.show(record, the_user()))
    response.headers["ETag"] = etag(record)
    return response
