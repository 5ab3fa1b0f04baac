"""When a unit is visited next. Visits live a floor above, so their tables are asked by name."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from crm.extensions import db

ARRANGED = ("planned", "moved")
CHECKS = ("inspection", "calibration")


def next_check(unit_id: int) -> date | None:
    """The day of the next arranged inspection or calibration of a unit; one statement."""
    visits, plans = db.metadata.tables["visits"], db.metadata.tables["maintenance_plans"]
    found: date | None = db.session.scalar(
        sa.select(sa.func.min(visits.c.visit_on))
        .join_from(visits, plans, plans.c.id == visits.c.plan_id)
        .where(
            visits.c.unit_id == unit_id, visits.c.state.in_(ARRANGED),
            plans.c.work_kind.in_(CHECKS),
        )
    )  # fmt: skip
    return found
