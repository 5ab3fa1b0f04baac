"""The last days of support and parts: a unit inherits its product's, and may have its own instead.

A read of given units takes them by `ends()`. A walk over the days of all units never does: it takes
the units that have a day of their own by the partial index of it, and of each product those that
have none (`crm/expiry/candidates.py`).
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from crm.installed_base.models import Unit
from crm.products.models import Product

DAYS = {"support": "end_of_support_on", "parts": "parts_supply_end_on"}
"""What ends → the column, alike of units and of products."""


def ends() -> list[sa.Label[date | None]]:
    """For a SELECT of units with their products: both days under the names of their columns, the
    unit's own before its product's, and the unit's own alone as `own_support` and `own_parts`."""
    unit, product = Unit.__table__.c, Product.__table__.c
    return [
        *(sa.func.coalesce(unit[name], product[name]).label(name) for name in DAYS.values()),
        *(unit[name].label(f"own_{what}") for what, name in DAYS.items()),
    ]


def others() -> list[sa.ColumnElement[object]]:
    """All columns of units but these, for a SELECT that has `ends()` as well."""
    return [column for column in Unit.__table__.columns if column.name not in DAYS.values()]
