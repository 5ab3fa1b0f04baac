"""Exports for programs: a list at once as a file, or a long one as a job."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow.validate import Length, OneOf

from crm.attributes.kinds import RECORDS
from crm.connections import writing
from crm.exports import actions, handing, making, queries
from crm.exports.kinds.every import TABLES
from crm.exports.models import COLUMNS, FORMATS, STATES, Export
from crm.exports.schemas import NAMES, ExportSchema
from crm.exports.tables import Table
from crm.extensions import db
from crm.language import chosen
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rest_lists import sort_field
from crm.rights import Person, guard, the_user
from crm.sheets.writing import ENCODINGS, UTF8
from crm.typed import Schema

blp = blueprint("exports", "Lists as CSV files and workbooks")


def _without_words(rows: list[Fields], _user: Person) -> None:
    """Which filters there were; words that somebody searched for are between her and the list."""
    for row in rows:
        row["filters"] = {
            name: "…" if name == "q" else value for name, value in row["filters"].items()
        }


EXPORTS = Collection(
    "exports", "export", Export, ExportSchema, queries.get_export,
    filters={"state": ma.fields.String(validate=OneOf(STATES)),
             "kind": ma.fields.String(validate=OneOf(tuple(TABLES)))},
    default_sort="-id",
    complete=_without_words,
)  # fmt: skip
collection(blp, EXPORTS)


@blp.route("/exports", methods=["POST"])
@guard("create", "export")
@blp.doc(parameters=[KEY])
@blp.arguments(ExportSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(202, ExportSchema)
def ask(fields: Fields) -> Response:
    """Ask for an export. Its file can be had at once when `state` is direct, else once it is done:
    look at Location."""
    user = the_user()

    def effect() -> Fields:
        return EXPORTS.show(actions.request_export(fields, user, chosen()), user)

    return once(effect, lambda body: f"{PREFIX}/exports/{body['id']}", 202)


FILE: Fields = {name: {} for name in making.TYPES.values()}


@blp.route("/exports/<int:export_id>/file", methods=["GET"])
@guard("view", "export")
@blp.doc(responses={"200": {"description": "The file", "content": FILE}})
@document(blp, 401, 403, 404, 409)
def fetch(export_id: int) -> Response:
    """The file of an export. It is kept for a week."""
    user = the_user()
    return handing.file_of(queries.get_export(export_id, user), user)


def _query(table: Table, format: str) -> type[ma.Schema]:
    orders = [name for one in table.sorts for name in (one, f"-{one}")]
    fields: dict[str, Any] = {name: ma.fields.String(validate=Length(max=200))
                              for name in table.known()}  # fmt: skip
    usual = f"{table.sort} when left out; - turns it round."
    fields["sort"] = sort_field(orders, usual, table.record in RECORDS)
    fields["columns"] = ma.fields.String(validate=OneOf(COLUMNS), load_default="all")
    fields["names"] = ma.fields.String(validate=OneOf(NAMES), load_default="fields")
    if format == "csv":
        fields["encoding"] = ma.fields.String(validate=OneOf(ENCODINGS), load_default=UTF8)
    title = table.name.title().replace("-", "")
    made: type[ma.Schema] = Schema.from_dict(fields, name=f"{title}{format.title()}Query")
    return made


def _at_once(table: Table, format: str) -> None:
    """`GET /api/v1/NAME.csv`: the list as a file, however long, as it is read."""
    content: Fields = {making.TYPES[format]: {}}

    @blp.route(f"/{table.name}.{format}", endpoint=f"{table.name}_{format}", methods=["GET"])
    @guard(table.action, table.record)
    @blp.doc(
        summary=f"The list of {table.name} as a file",
        responses={"200": {"description": "The file", "content": content}},
    )
    @blp.arguments(_query(table, format), location="query", unknown=ma.RAISE)
    @document(blp, 400, 401, 403)
    def taking(asked: Fields) -> Response:
        return _taken(table, format, asked)


def _taken(table: Table, format: str, asked: Fields) -> Response:
    """Write down who takes what, then send it. A HEAD takes nothing out."""
    user = the_user()
    order = {name: asked.pop(name, UTF8) for name in ("columns", "names", "encoding")}
    order |= {"kind": table.name, "format": format, "filters": asked}
    if request.method == "HEAD":
        return Response(mimetype=making.TYPES[format])
    db.session.rollback()
    token = writing.set(True)
    try:
        export = actions.request_export(order, user, chosen(), direct=True)
        db.session.commit()
    finally:
        writing.reset(token)
    return handing.file_of(export, user)


for _table in TABLES.values():
    for _format in FORMATS:
        _at_once(_table, _format)
