"""What the pages of the engineer's day, of the form and of the signature show."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import gettext as _

from crm.clock import today
from crm.editing import Sheet, sheet_of
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.verdict_words import reason
from crm.installed_base.words import kinds, work_statuses
from crm.products.models import Product
from crm.rights import Person, may
from crm.service import onsite_rows, onsite_words, queries, signature_actions, signature_changes
from crm.service.onsite_day import day_of
from crm.service.onsite_reading import NAMES, ROWS, USUAL, Form, Onsite
from crm.service.onsite_report import content_of, fingerprint, told_later
from crm.service.signature_strokes import path
from crm.staff.models import Staff

ONE = timedelta(days=1)
EMPTY_ROWS = 1
MOST_PEOPLE = 500


def _tools() -> dict[str, Any]:
    return {
        "labels": onsite_words.labels(), "kinds": kinds(), "work_statuses": work_statuses(),
        "reason": reason, "zone": str(current_app.config["ZONE"]),
        "offline_words": json.dumps(onsite_words.states(), ensure_ascii=False),
    }  # fmt: skip


def day_page(staff: Staff, day: date, user: Person) -> str:
    """The work of one engineer on one day."""
    on = today()
    people = _engineers() if user.role != "engineer" else []
    return render_template(
        "service/day.html", staff=staff, day=day, shown=day_of(staff.id, day, on), people=people,
        before=day - ONE, after=day + ONE, mine=staff.id == user.id,
        may_edit=may(user, "edit", "work_order"), **_tools(),
    )  # fmt: skip


def _engineers() -> list[tuple[int, str]]:
    wanted = sa.select(Staff.id, Staff.name).where(Staff.role == "engineer", Staff.active)
    rows = db.session.execute(wanted.order_by(Staff.id).limit(at_most(MOST_PEOPLE)))
    return [(row.id, row.name) for row in rows]


def onsite_form(work: WorkOrder, sheet: Sheet, form: Form | None = None) -> str:
    """The form: as the record stands, or as it was typed."""
    unit, product = _unit_of(work)
    return render_template(
        "service/onsite.html", work=work, unit=unit, product=product, sheet=sheet,
        rows={name: _typed_rows(name, sheet, form) for name in ROWS},
        blank={name: empty(name) for name in ROWS}, codes=queries.code_choices(work),
        signatures=signature_actions.signatures_of(work.id),
        **_tools(),
    )  # fmt: skip


def sheet_as_it_stands(stands: Onsite) -> Sheet:
    """The form of a record; its key makes a second press harmless."""
    return sheet_of(stands, NAMES)


def _unit_of(work: WorkOrder) -> tuple[Any, Any]:
    unit = db.session.get_one(Unit, work.unit_id)
    return unit, db.session.get_one(Product, unit.product_id)


def _typed_rows(name: str, sheet: Sheet, form: Form | None) -> list[dict[str, str]]:
    """Rows as texts of their fields, and an empty one at the end."""
    fields = ROWS[name]
    if form is not None and f"{name}.id" in form:
        columns = {field: form.getlist(f"{name}.{field}") for field in fields}
        places = range(len(columns["id"]))
        rows = [{f: (c[i] if i < len(c) else "") for f, c in columns.items()} for i in places]
    else:
        told = _readable(sheet[name])
        rows = [{field: _text(row.get(field)) for field in fields} for row in told]
    filled = [row for row in rows if any(v and v != USUAL.get(f) for f, v in row.items())]
    return filled + [empty(name)] * EMPTY_ROWS


def _readable(text: str) -> list[onsite_rows.Row]:
    try:
        return onsite_rows.read(text or onsite_rows.NOTHING)
    except ValueError:
        return []


def empty(name: str) -> dict[str, str]:
    """A row nobody has written into."""
    return {field: USUAL.get(field, "") for field in ROWS[name]}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def said(name: str, value: Any) -> str:
    """A value of the form in words, for the page on which somebody chooses between two."""
    if value in (None, "", onsite_rows.NOTHING):
        return "―"
    if name in ROWS:
        return "\n".join(_row(row) for row in onsite_rows.read(str(value)))
    return str(value).replace("T", " ") if name.endswith(("_at", "_from", "_until")) else str(value)


def _row(row: onsite_rows.Row) -> str:
    skipped = ("id", "product_id", "chargeable", "passed")
    told = [_text(value) for name, value in row.items() if name not in skipped and value]
    judged = {True: _("Good"), False: _("Not good")}.get(row.get("passed"), "")  # type: ignore[arg-type]  # None is no key
    return " ".join(filter(None, [*told, judged]))


def signature_form(work: WorkOrder, errors: dict[str, list[str]], name: str = "") -> str:
    """What is signed, and the pad."""
    content = content_of(work)
    unit, product = _unit_of(work)
    return render_template(
        "service/onsite_signature.html", work=work, unit=unit, product=product, content=content,
        told_later=told_later(content),
        sha256=fingerprint(content), errors=errors, name=name or content["contact"],
        reasons=onsite_words.unsigned_reasons(), may_end=signature_actions.may_end(work),
        **_tools(),
    )  # fmt: skip


def signatures_panel(work: WorkOrder, user: Person) -> str:
    """The signatures under a work order, and what changed after the newest."""
    signed = signature_actions.signatures_of(work.id)
    names = dict(_names({one.taken_by_id for one in signed}))
    changed = signature_changes.changes(signed[0].content, content_of(work)) if signed else []
    return render_template(
        "service/onsite_signatures.html", work=work, signed=signed, names=names, changed=changed,
        path=path, reasons=dict(onsite_words.unsigned_reasons()),
        may_edit=may(user, "edit", "work_order", work),
    )  # fmt: skip


def _names(keys: set[int]) -> list[tuple[int, str]]:
    if not keys:
        return []
    wanted = sa.select(Staff.id, Staff.name).where(Staff.id.in_(keys))
    return [(row.id, row.name) for row in db.session.execute(wanted)]
