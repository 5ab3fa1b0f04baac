"""Taking lists out: what to take, how far it has come, and the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import pgettext
from werkzeug.datastructures import MultiDict

from crm.editing import Page
from crm.errors import Invalid
from crm.exports import actions, handing, queries
from crm.exports.kinds.every import TABLES
from crm.exports.models import STATES, Export
from crm.exports.schemas import ExportSchema
from crm.exports.tables import Table
from crm.extensions import db
from crm.idempotency import recall, remember
from crm.language import chosen
from crm.rights import guard, scope, the_user
from crm.sheets.writing import CP932, UTF8
from crm.staff.queries import names
from crm.web import flatten, go

bp = Blueprint("exports", __name__)
KINDS = {"xlsx": ("xlsx", UTF8), "csv": ("csv", UTF8), "sjis": ("csv", CP932)}
"""What the form offers → format and encoding."""


@bp.get("/exports")
@guard("view", "export")
def listing() -> str:
    """What was taken out lately, and what can be."""
    user = the_user()
    tables, exports = queries.tables_of(user), queries.exports_of(user)
    everybody = scope(user, "view", "export") == "all"
    return render_template(
        "exports/list.html", exports=exports, tables=tables, states=states(),
        everybody=everybody,
        names=names({one.requested_by_id for one in exports}) if everybody else {},
        titles={name: table.title() for name, table in TABLES.items()},
    )  # fmt: skip


def states() -> dict[str, str]:
    """How far an export is."""
    said = (
        pgettext("export", "Sent"), pgettext("export", "Waiting"),
        pgettext("export", "Being written"), pgettext("export", "Ready"),
        pgettext("export", "Failed"), pgettext("export", "Refused"),
    )  # fmt: skip
    return dict(zip(STATES, said, strict=True))


@bp.get("/exports/new")
@guard("create", "export")
def new() -> str:
    """What to take of a list: `list` names it, the rest of the address are its filters."""
    table = queries.table_named(request.args.get("list", ""), the_user())
    return _form(table, _filters(table, request.args), {})


def _filters(table: Table, args: MultiDict[str, str]) -> dict[str, str]:
    return {name: args[name][:200] for name in table.known() if args.get(name)}


def _form(table: Table, filters: dict[str, str], errors: dict[str, list[str]]) -> str:
    user = the_user()
    number = queries.count_rows(queries.wanted_of(table, filters, "all", "words"), user)
    lists = [
        (kind, queries.wanted_of(table, filters, kind, "words").header(user))
        for kind in ("all", "shown")
    ]
    return render_template(
        "exports/new.html", table=table, title=table.title(), filters=filters, errors=errors,
        number=number, most=queries.DIRECT, lists=dict(lists), formats=_formats(),
        typed=request.form, back=_back(table, filters),
    )  # fmt: skip


def _back(table: Table, filters: dict[str, str]) -> str:
    """The list that is taken out; nothing where it has no page."""
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{table.page}{query}" if table.page else ""


def _formats() -> list[tuple[str, str, str]]:
    """Value, name, and what it is good for."""
    return [
        ("xlsx", "Excel", pgettext("export", "Days and amounts stay days and amounts.")),
        ("csv", "CSV (UTF-8)", pgettext("export", "Every character, for other programs.")),
        ("sjis", "CSV (Shift_JIS)", pgettext("export", "For older programs.")),
    ]


@bp.post("/exports")
@guard("create", "export")
def ask() -> Page:
    """Take a list out: a short one is sent at once, a long one is made in the background."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    table = queries.table_named(request.form.get("list", ""), user)
    filters = _filters(table, request.form)
    format, encoding = KINDS.get(request.form.get("format", ""), ("", ""))
    order = {
        "kind": table.name, "format": format, "encoding": encoding, "names": "words",
        "columns": request.form.get("columns", "all"), "filters": filters,
    }  # fmt: skip
    if errors := ExportSchema().validate(order):
        return _form(table, filters, flatten(errors)), 422
    export = actions.request_export(order, user, chosen())
    target = _target(export)
    remember(user.id, 303, target, None)
    db.session.commit()
    return go(target)


def _target(export: Export) -> str:
    if export.state == "direct":
        return url_for("exports.download", export_id=export.id)
    return url_for("exports.show", export_id=export.id)


@bp.get("/exports/<int:export_id>")
@guard("view", "export")
def show(export_id: int) -> str:
    """How far an export has come; the part alone for htmx."""
    user = the_user()
    export = queries.get_export(export_id, user)
    part = request.headers.get("HX-Request")
    return render_template(
        "exports/_job.html" if part else "exports/show.html", export=export,
        title=TABLES[export.kind].title(), said=handing.one_said,
        too_many=handing.too_many, gone=export.state == "done" and not queries.has_file(export),
    )  # fmt: skip


@bp.get("/exports/<int:export_id>/file")
@guard("view", "export")
def download(export_id: int) -> Response | Page:
    """The file of an export."""
    user = the_user()
    export = queries.get_export(export_id, user)
    try:
        return handing.file_of(export, user)
    except Invalid as error:
        return _refused(export, error), 422


def _refused(export: Export, error: Invalid) -> str:
    """A file that cannot be written as it was asked for, with the way out."""
    kept: dict[str, Any] = export.filters | {"list": export.kind}
    return render_template(
        "exports/refused.html", title=TABLES[export.kind].title(), detail=error.detail,
        reasons=[why for some in error.errors.values() for why in some],
        again=url_for("exports.new", **kept),
    )  # fmt: skip
