"""Write the lists of a work order: parts, checks, companions; rows that stay keep their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.service.charging import Line
from crm.service.models import WorkCheck, WorkCompanion, WorkPart
from crm.service.queries import checks_of, companions_of, parts_of

Fields = dict[str, Any]
PART: Fields = {
    "part_no": "", "name": "", "product_id": None, "removed_serial": "", "fitted_serial": "",
    "quantity": 1, "unit_price": 0, "chargeable": None,
}  # fmt: skip
CHECK: Fields = {"item": "", "standard": "", "measured": "", "passed": None}
FITTED = ("product_id", "removed_serial", "fitted_serial")
"""What of a part cannot change any more once the unit's tree has followed it."""


def lines_of(rows: Sequence[Fields]) -> list[Line]:
    """Rows of parts as the invoice reads them."""
    full = [PART | row for row in rows]
    return [Line(row["quantity"] * row["unit_price"], row["chargeable"]) for row in full]


def write_parts(work: WorkOrder, rows: Sequence[Fields]) -> list[WorkPart]:
    """Let the parts of a work order be these. Raises Invalid naming the line and its field.

    A row with an `id` changes that one; without, it changes one of the same name that no other
    row names, or is new. What is not named goes, unless the unit's tree has followed it.
    """
    held = {one.id: one for one in parts_of(work.id)} if work.id else {}
    matched = _match(held, rows, PART, ("part_no", "name", "fitted_serial"), "parts")
    for number, (found, row) in enumerate(matched):
        fitted = found is not None and (found.fitted_unit_id or found.removed_unit_id)
        moved = [name for name in FITTED if row[name] != getattr(found, name, row[name])]
        if fitted and moved:
            why = _("This part was fitted when the work ended; its serial numbers stay.")
            raise Invalid({f"parts.{number}.{moved[0]}": [why]})
    gone = set(held) - {found.id for found, _row in matched if found is not None}
    if any(held[key].fitted_unit_id or held[key].removed_unit_id for key in gone):
        raise Invalid(
            {"parts": [_("A part that was fitted when the work ended stays in the list.")]}
        )
    return _write(WorkPart, work, held, matched)


def write_checks(work: WorkOrder, rows: Sequence[Fields]) -> list[WorkCheck]:
    """Let the checks of a work order be these, as with parts."""
    held = {one.id: one for one in checks_of(work.id)} if work.id else {}
    return _write(WorkCheck, work, held, _match(held, rows, CHECK, ("item",), "checks"))


def write_companions(work: WorkOrder, keys: Sequence[int]) -> None:
    """Let these go along with the engineer."""
    wanted = set(keys)
    if work.assignee_id in wanted:
        raise Invalid({"companion_ids": [_("The engineer goes anyway.")]})
    held = set(companions_of(work.id))
    if held - wanted:
        db.session.execute(
            sa.delete(WorkCompanion).where(
                WorkCompanion.work_order_id == work.id, WorkCompanion.staff_id.in_(held - wanted)
            )
        )
    for key in sorted(wanted - held):
        db.session.add(WorkCompanion(work_order_id=work.id, staff_id=key))


def plain(record: Any, names: Mapping[str, Any]) -> Fields:
    """A row as it is sent: its key and its fields."""
    return {"id": record.id} | {name: getattr(record, name) for name in names}


def _match(
    held: Mapping[int, Any], rows: Sequence[Fields], usual: Fields, same: Sequence[str], name: str
) -> list[tuple[Any, Fields]]:
    named = [row["id"] for row in rows if row.get("id") is not None]
    free = [one for key, one in held.items() if key not in named]
    matched: list[tuple[Any, Fields]] = []
    for number, given in enumerate(rows):
        row = usual | {key: value for key, value in given.items() if key != "id"}
        key = given.get("id")
        if key is not None and (key not in held or named.count(key) > 1):
            raise Invalid({f"{name}.{number}.id": [_("This work order has no such line.")]})
        found = held[key] if key is not None else _alike(free, row, same)
        matched.append((found, row))
    return matched


def _alike(free: list[Any], row: Fields, same: Sequence[str]) -> Any:
    for number, one in enumerate(free):
        if all(getattr(one, name) == row[name] for name in same):
            return free.pop(number)
    return None


def _write(
    model: Any, work: WorkOrder, held: Mapping[int, Any], matched: list[tuple[Any, Fields]]
) -> list[Any]:
    kept: list[Any] = []
    for position, (found, row) in enumerate(matched):
        record = found if found is not None else model(work_order_id=work.id)
        for name, value in (row | {"position": position}).items():
            setattr(record, name, value)
        db.session.add(record)
        kept.append(record)
    for one in held.values():
        if one not in kept:
            db.session.delete(one)
    return kept
