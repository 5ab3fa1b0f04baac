"""Rows of two units of which only one can stay when they become one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.doubles import alerts, meters, moving
from crm.doubles.kinds import Fields
from crm.doubles.models import Merge
from crm.doubles.referring import reference
from crm.doubles.unit_clashes import successors
from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.states import TRACKED
from crm.installed_base.warranty_models import Warranty
from crm.maintenance.models import OPEN

WARRANTY = (
    "kind", "starts_on", "ends_on", "meter_name", "meter_limit", "labour_percent",
    "travel_percent", "parts_percent", "transferable", "exclusions",
)  # fmt: skip


def make_room(made: Merge, survivor: Unit, lost: Unit, chosen: Fields) -> dict[str, int]:
    """Take away what the two have alike, each row noted; returns how many went."""
    db.session.execute(sa.delete(UnitDue).where(UnitDue.unit_id.in_((survivor.id, lost.id))))
    for one in successors(survivor.id, lost.id)[1:]:
        one.replaces_id = None
        db.session.flush()
        moving.note_change(made, one, {"replaces_id": lost.id})
    gone = {
        "alerts expired": alerts.move(made),
        "meters removed": meters.join(made, lost.serial_no),
        "warranties removed": _warranties(made, survivor, lost, chosen["warranty_ends_on"]),
        "unit_states removed": moving.remove_like(
            made, reference("unit", "unit_states.unit_id"), ("from_on", *TRACKED)
        ),
    }  # fmt: skip
    return gone | {f"{name} removed": _nearer(made, name) for name in SAME}


SAME: Mapping[str, tuple[str, ...]] = {
    "campaign_items": ("campaign_id",), "visits": ("plan_id", "due_on"),
    "plan_units": ("plan_id",),
}  # fmt: skip
"""Tables with one row for a unit and something else, which is named by these columns."""


def _item(mine: Any, theirs: Any) -> sa.ColumnElement[bool]:
    arranged = sa.and_(mine.appointed_on.is_(None), theirs.appointed_on.is_not(None))
    return sa.and_(mine.done_on.is_(None), sa.or_(theirs.done_on.is_not(None), arranged))


def _visit(mine: Any, theirs: Any) -> sa.ColumnElement[bool]:
    ordered = sa.and_(mine.work_order_id.is_(None), theirs.work_order_id.is_not(None))
    return sa.and_(mine.state.in_(OPEN), sa.or_(theirs.state == "done", ordered))


def _due(mine: Any, theirs: Any) -> sa.ColumnElement[bool]:
    return theirs.next_due_on < sa.func.coalesce(mine.next_due_on, date.max)


AHEAD: Mapping[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "campaign_items": _item, "visits": _visit, "plan_units": _due,
}  # fmt: skip
"""Table → is the lost unit's row the one that has come further?"""


def _nearer(made: Merge, name: str) -> int:
    """The survivor's row goes where the lost unit's has come further. Where it has not, the lost
    unit's goes with all that may be there only once."""
    one = reference("unit", f"{name}.unit_id")
    mine, theirs = one.table.c, one.table.alias().c
    same = [theirs[of] == mine[of] for of in SAME[name]]
    there = sa.exists().where(theirs.unit_id == made.lost_id, *same, AHEAD[name](mine, theirs))
    return moving.remove(made, one, [mine.unit_id == made.survivor_id, there])


def _warranties(made: Merge, survivor: Unit, lost: Unit, side: str) -> int:
    """The maker's warranty is the one whose last day was chosen; of two alike one stays."""
    stays, goes = (survivor, lost) if side == "survivor" else (lost, survivor)
    one = reference("unit", "warranties.unit_id")
    held = set(db.session.scalars(sa.select(Warranty.kind).where(Warranty.unit_id == stays.id)))
    removed = 0
    if "maker" in held or (not held and stays.warranty_ends_on is not None):
        theirs = [Warranty.unit_id == goes.id, Warranty.kind == "maker"]
        removed = moving.remove(made, one, theirs)
    return removed + moving.remove_like(made, one, WARRANTY)
