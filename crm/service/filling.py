"""The form of a work order: times, parts and checks as people type them, and as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.editing import Sheet, load, shown
from crm.errors import Invalid
from crm.installed_base.models import WorkOrder
from crm.service.instants import typed
from crm.service.onsite_rows import merge, read, written
from crm.service.queries import checks_of, parts_of
from crm.service.schemas import WorkCheckSchema, WorkPartSchema
from crm.service.writing import CHECK, PART, plain

Fields = dict[str, Any]
Form = MultiDict[str, str]
SIMPLE = (
    "kind", "opened_on", "done_on", "planned_on", "symptom_code", "symptom", "cause_code", "cause",
    "action_code", "action", "labour_minutes", "travel_km", "labour_amount", "travel_amount",
    "parts_amount", "labour_share", "travel_share", "parts_share", "charge_reason",
    "downtime_minutes", "substitute", "customer_notice", "estimate_amount", "estimated_on",
    "assignee_id",
)  # fmt: skip
INSTANTS = (
    "planned_at", "planned_until", "arrived_at", "finished_at", "down_from", "down_until",
)  # fmt: skip
ROWS = {"parts": (WorkPartSchema, PART), "checks": (WorkCheckSchema, CHECK)}
LISTS = ("companion_ids", "more", "planned_from", "planned_to")
BLANK = {"parts": 2, "checks": 2}
EMPTY = {"quantity"}
"""A row in which nothing else is typed is no row."""


def sheet(work: WorkOrder) -> Sheet:
    """The form of a work order as it stands."""
    values = {name: shown(getattr(work, name)) for name in SIMPLE}
    values |= {name: typed(getattr(work, name)) for name in INSTANTS}
    return Sheet(with_hours(values), dict(values), version=str(work.version))


def with_hours(values: Fields) -> Fields:
    """The window of the visit as two fields of hours beside its day."""
    hours = {"planned_from": "planned_at", "planned_to": "planned_until"}
    return values | {name: str(values.get(of, ""))[11:16] for name, of in hours.items()}


def plain_form(form: Form) -> Form:
    """The fields of the record alone: no rows, and the window as instants. Raises Invalid."""
    kept: Form = MultiDict(
        (name, value)
        for name, value in form.items(multi=True)
        if name not in LISTS and not name.startswith(("parts.", "checks.", "were_"))
    )
    if "planned_from" in form or "planned_to" in form:
        for name, hour in (("planned_at", "planned_from"), ("planned_until", "planned_to")):
            kept[name] = _instant(form.get("planned_on", ""), form.get(hour, ""))
    return kept


def _instant(day: str, hour: str) -> str:
    if not hour.strip():
        return ""
    if not day.strip():
        raise Invalid({"planned_on": [_("Say on which day.")]})
    return f"{day.strip()}T{hour.strip()}"


def typed_rows(form: Form, name: str) -> list[dict[str, str]]:
    """The rows of a form as typed; those in which nothing is typed fall away."""
    _schema, usual = ROWS[name]
    columns = {one: form.getlist(f"{name}.{one}") for one in ("id", *usual)}
    many = max(len(values) for values in columns.values())
    rows = [
        {one: values[at] if at < len(values) else "" for one, values in columns.items()}
        for at in range(many)
    ]
    ignored = {"id"} | EMPTY
    return [row for row in rows if any(row[one].strip() for one in row if one not in ignored)]


def rows_of(form: Form, name: str) -> list[Fields]:
    """The rows of a form, checked. Raises Invalid naming each as `parts.0.name`."""
    schema, _usual = ROWS[name]
    found: list[Fields] = []
    wrong: dict[str, list[str]] = {}
    for number, row in enumerate(typed_rows(form, name)):
        some = MultiDict((one, text) for one, text in row.items() if text.strip())
        try:
            found.append(load(schema(), some))
        except Invalid as error:
            wrong |= {f"{name}.{number}.{one}": why for one, why in error.errors.items()}
    if wrong:
        raise Invalid(wrong)
    return found


def standing(work: WorkOrder | None, name: str) -> list[Fields]:
    """The rows of a work order as they stand."""
    if work is None:
        return []
    of: Sequence[Any] = parts_of(work.id) if name == "parts" else checks_of(work.id)
    return [plain(one, ROWS[name][1]) for one in of]


def changed_rows(form: Form, work: WorkOrder, name: str) -> list[Fields] | None:
    """The rows to write: what this form changed and nobody else did; None when it changed nothing.

    Raises Invalid when somebody else changed the same row meanwhile.
    """
    if f"were_{name}" not in form:
        return None
    usual = {"id": None} | ROWS[name][1]
    mine = written(usual | row for row in rows_of(form, name))
    before, now = _were(form, name), written(standing(work, name))
    if mine == before:
        return None
    merged = merge(before, now, mine)
    if merged is None:
        why = _("Somebody changed the same line meanwhile. Open the form again beside this one.")
        raise Invalid({name: [why]})
    return [
        {key: value for key, value in row.items() if (key, value) != ("id", None)}
        for row in read(merged)
    ]


def _were(form: Form, name: str) -> str:
    try:
        return written(read(form[f"were_{name}"]))
    except ValueError:
        return "[]"


def were(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as the hidden field that says what they were when the form was opened."""
    return written(rows)


def as_text(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as its fields show it."""
    return {name: shown(value) for name, value in row.items()}
