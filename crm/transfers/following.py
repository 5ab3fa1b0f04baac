"""What an import brought or took back moves the days of units (crm/expiry): they follow at once.

Behind the import, like the search, some hundred records at a time; of a model all of its units, by
messages of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from crm.expiry import keeping
from crm.expiry.jobs import of_product
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.maintenance.models import PlanUnit
from crm.transfers.directories import among, parts
from crm.transfers.run_models import ImportStep
from crm.transfers.tables import table_of

L, W, S = table_of(PlanUnit).c, table_of(WorkOrder).c, table_of(ImportStep).c
_UNIT_OF = {"work_order": (W.unit_id, W.id), "plan": (L.unit_id, L.plan_id)}


def units_of(record: str, keys: Iterable[int]) -> set[int]:
    """The units whose days may be others because of some records."""
    if record == "unit":
        return set(keys)
    if record not in _UNIT_OF:
        return set()
    unit, key = _UNIT_OF[record]
    wanted = sa.select(unit)
    some = (wanted.where(among(key, part)) for part in parts(sorted(set(keys))))
    return {one for read in some for one in db.session.scalars(read)}


def units_left(steps: Iterable[int]) -> set[int]:
    """The units that were under plans before some steps of an import changed them."""
    found: set[int] = set()
    for part in parts(sorted(steps)):
        for one in db.session.scalars(sa.select(S.before).where(among(S.id, part))):
            found |= set(one["columns"].get("units", ())) if one else set()
    return found


def follow(units: Iterable[int]) -> None:
    """Bring the days of some units up to date; those that are gone are no matter."""
    for part in parts(sorted(set(units))):
        keeping.refresh_units(part)


def follow_products(keys: Iterable[int], why: str) -> None:
    """Models that a file changed, perhaps in how often something is due."""
    for key in sorted(set(keys)):
        of_product(key, f"{why}:{key}")
