"""Which units a maintenance plan is over: a file names all of them; one that it names no more
leaves the plan, and what was arranged for it stays.

They stand in a table of their own, and are compared, kept for an undo and put back like a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.maintenance.models import MaintenancePlan, PlanUnit
from crm.maintenance.queries import units_under
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Lines, named_units
from crm.transfers.tables import table_of

PLANS, LINKS = table_of(MaintenancePlan), table_of(PlanUnit)
NOTHING: Fields = {"units": []}


def _read(fields: Fields, finder: Finder) -> Fields:
    return {"units": named_units.named(fields["account"], fields["units"], finder)}


def _before(fields: Fields, finder: Finder) -> Fields:
    return {"units": named_units.named_before(fields["account"], fields.get("units"), finder)}


def _held(plan_ids: Sequence[int]) -> dict[int, Fields]:
    found: dict[int, Fields] = {key: {"units": []} for key in plan_ids}
    for key, unit in named_units.held(LINKS.c.plan_id, PLANS, plan_ids):
        found[key]["units"].append(unit)
    return found


def _shown(_name: str, value: Any, finder: Finder) -> str:
    return named_units.shown("unit", value, finder)


def wanted(plan: MaintenancePlan, item: Item) -> list[int]:
    """The units that a plan is to be over: those of the row that are still the customer's, and
    those of others, of which no file speaks."""
    there = units_under(plan.id)
    others = set(there) - set(named_units.still_of(plan.account_id, there))
    named = named_units.still_of(plan.account_id, item.columns["units"])
    return sorted(others.union(named))


UNDER = Lines(NOTHING, _read, _before, _held, _shown)
