"""Several records of a list changed at once: what to change, how far it has come, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from crm.clock import now
from crm.editing import Page, Sheet, created, from_form
from crm.errors import Invalid
from crm.exports.marks import record_id
from crm.extensions import db
from crm.language import chosen
from crm.mass_changes import actions, queries, words
from crm.mass_changes.kinds import KINDS, Field, Kind
from crm.mass_changes.models import BUSY
from crm.rights import guard, may, scope, the_user
from crm.sheets.writing import UTF8, Column, Written, csv_parts
from crm.staff.queries import names
from crm.typed import key_of
from crm.web import go

bp = Blueprint("mass_changes", __name__)
NONE = "none"
"""What the form says for no value."""
OF_LIST = ("columns", "cursor")
"""What else of a list's address leads back to it as it was."""
Form = MultiDict[str, str]
Asked = tuple[Field, queries.Target]
OLD = timedelta(days=actions.KEPT_DAYS)


@bp.app_template_global("mass_cells")
def cells_of(name: str) -> Callable[[Any], str]:
    """How the cell of a row's box is drawn: `box`, `bare` where this person may not change the
    row, nothing where she may change none. A list whose rows say less offers every box."""
    user, record = the_user(), KINDS[name].table.record
    if not fields_offered(name):
        return lambda _row: ""
    if scope(user, "edit", record) not in ("own", "team"):
        return lambda _row: "box"
    return lambda row: "box" if may(user, "edit", record, row) else "bare"


@bp.app_template_global("mass_fields")
def fields_offered(name: str) -> list[tuple[str, str, str]]:
    """What this person may change in many records of a list at once: field, icon, label."""
    kind, user = KINDS[name], the_user()
    if not (may(user, "create", "mass_change") and may(user, "edit", kind.table.record)):
        return []
    return [(one.name, one.icon, kind.label(one.name)) for one in kind.fields]


@bp.get("/mass-changes")
@guard("view", "mass_change")
def listing() -> str:
    """What was changed lately."""
    user = the_user()
    changes = queries.changes_of(user)
    everybody = scope(user, "view", "mass_change") == "all"
    return render_template(
        "mass_changes/list.html", changes=changes, said=words.changes_said(changes),
        tallies=queries.tallies([one.id for one in changes]), states=words.states(),
        tally_said=words.tally_said, kinds=KINDS, everybody=everybody,
        names=names({one.requested_by_id for one in changes}) if everybody else {},
    )  # fmt: skip


@bp.get("/mass-changes/number")
@guard("create", "mass_change")
def number() -> str:
    """How many records match the filters of a list and may be changed, counted exactly."""
    user = the_user()
    with words.naming(KINDS.get(request.args.get("list", ""))):
        kind = queries.kind_named(request.args.get("list", ""), user)
        found = queries.Target(kind, filters=_filters(kind, request.args)).number(user)
    if found > queries.MOST:
        return _("More than %(n)s that you may change", n=f"{queries.MOST:,}")
    said = _("All %(n)s that you may change", n=f"{found:,}")
    return Markup("<span data-number={}>{}</span>").format(f"{found:,}", said)


@bp.get("/mass-changes/new")
@guard("create", "mass_change")
def new() -> str:
    """What is to become of the records picked. Whatever else the address says is the list's."""
    return _form(_asked(request.args), Sheet(dict(request.args.items())), request.args)


def _asked(form: Form) -> Asked:
    with words.naming(KINDS.get(form.get("list", ""))):
        kind = queries.kind_named(form.get("list", ""), the_user())
        field = words.asked_field(kind, form.get("field", ""))
        if form.get("all"):
            return field, queries.target_of(kind, None, _filters(kind, form))
        keys = [key_of(one) for one in form.getlist("id")]
        if None in keys:
            raise Invalid({"ids": [_("There is no such record, or it is not for you.")]})
        return field, queries.target_of(kind, [one for one in keys if one], None)


def _filters(kind: Kind, form: Form) -> dict[str, str]:
    known = (name for name in kind.table.known() if name != "sort")
    return {name: form[name][:200] for name in known if form.get(name)}


def _form(asked: Asked, sheet: Sheet, form: Form) -> str:
    (field, target), user = asked, the_user()
    kind = target.kind
    with words.naming(kind):
        found = target.number(user)
        if found > queries.MOST:
            raise Invalid({"filters": [queries.too_many()]})
        rows = target.first(user, field.name)
    value = _typed(kind, field, sheet["to"])
    people = words.people_in(field, {value, *(row.value for row in rows)} - {...})
    why = [one for some in sheet.errors.values() for one in some]
    along = {name: form[name] for name in (*kind.table.known(), *OF_LIST) if form.get(name)}
    return render_template(
        "mass_changes/new.html", kind=kind, field=field, label=kind.label(field.name),
        title=kind.table.title(), number=found, others=len(target.ids) - found if target.ids else 0,
        target=target, sheet=sheet, errors={"to": why} if why else {},
        choices=_choices(field), known=field.known() if field.known else (),
        records=words.records, along=along,
        rows=[(row, kind.said(row), words.value_said(field, row.value, people)) for row in rows],
        then=None if value is ... else words.value_said(field, value, people),
        idle=0 < found == len(rows) and all(row.value == value for row in rows),
        back=kind.table.page + (f"?{urlencode(along)}" if along else ""),
    )  # fmt: skip


def _choices(field: Field) -> list[tuple[Any, str]]:
    """What can be chosen; nobody is chosen by no accident."""
    some = list(field.choices()) if field.choices else []
    return [(NONE, field.empty()), *some] if field.empty else some


def _read(kind: Kind, field: Field, text: str) -> dict[str, Any]:
    """The new value as it was typed, for the room's schema."""
    if not text.strip() or (field.empty and text == NONE):
        return {field.name: None if text == NONE else ""}
    return from_form(kind.schema(partial=True), MultiDict({field.name: text}))


def _typed(kind: Kind, field: Field, text: str) -> Any:
    """The value of which the page gives a first look; `...` while there is none."""
    try:
        return queries.values_of(kind, _read(kind, field, text))[field.name] if text else ...
    except Invalid:
        return ...


@bp.post("/mass-changes")
@guard("create", "mass_change")
def ask() -> Page:
    """Change them, in the background."""
    user, asked = the_user(), _asked(request.form)
    field, target = asked
    kind = target.kind

    def effect() -> Any:
        order = {"list": kind.name, "fields": _read(kind, field, request.form.get("to", ""))}
        picked = {"ids": target.ids} if target.filters is None else {"filters": target.filters}
        return actions.request_mass_change(order | picked, user, chosen())

    return created(
        effect,
        lambda made: url_for("mass_changes.show", change_id=made.id),
        lambda sheet: _form(asked, sheet, request.form),
    )


@bp.get("/mass-changes/<int:change_id>")
@guard("view", "mass_change")
def show(change_id: int) -> str:
    """How far a mass change has come and what was refused; the part alone for htmx."""
    user = the_user()
    change = queries.get_mass_change(change_id, user)
    kind, tally = KINDS[change.list], queries.tallies([change.id])[change.id]
    refused = queries.refused_of([change.id], queries.TOLD)
    return render_template(
        "mass_changes/_job.html" if request.headers.get("HX-Request") else "mass_changes/show.html",
        change=change, kind=kind, title=kind.table.title(), tally=tally, refused=refused,
        said=words.changes_said([change])[change.id], waiting=change.state in BUSY,
        progress=queries.progress(change.state, tally), state=words.states()[change.state],
        called=queries.names_of(kind, [one.record_id for one in refused], user),
        can_return=queries.can_return(change, user, tally), tally_said=words.tally_said(tally),
        records=words.records, gone=now() - change.created_at > OLD and not sum(tally.values()),
    )  # fmt: skip


@bp.get("/mass-changes/<int:change_id>/refused.csv")
@guard("view", "mass_change")
def refused(change_id: int) -> Response:
    """Exactly the records that were not changed or not put back, and why."""
    user = the_user()
    change = queries.get_mass_change(change_id, user)
    kind, found = KINDS[change.list], queries.refused_of([change.id])
    called = queries.names_of(kind, [one.record_id for one in found], user)
    columns = [pgettext("export", "Record ID"), _("Name"), _("Account"), _("Reason")]
    rows = [
        [record_id(one.record_id), *called.get(one.record_id, ("", "")), one.reason]
        for one in found
    ]
    if not kind.of_accounts:
        for cells in (columns, *rows):
            del cells[2]
    head = [Column(name) for name in columns]
    answer = Response(b"".join(csv_parts(head, rows, UTF8, Written())), mimetype="text/csv")
    name = f"{change.list}-{change.id}-refused.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/mass-changes/<int:change_id>/reversal")
@guard("edit", "mass_change")
def reverse(change_id: int) -> Page:
    """Put back what nobody has changed since."""
    user = the_user()
    actions.put_back(queries.get_mass_change(change_id, user, "edit"), user)
    db.session.commit()
    return go(url_for("mass_changes.show", change_id=change_id))
