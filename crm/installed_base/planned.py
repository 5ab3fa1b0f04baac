"""What is planned for a unit: the next visit, the deal about it. Both live on floors above, so
their tables are asked by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.extensions import at_most, db

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


def open_deal(unit_id: int) -> sa.Row[Any] | None:
    """Key and title of the newest open deal about a unit; one statement."""
    named, deals = db.metadata.tables["deal_units"].c, db.metadata.tables["deals"].c
    return db.session.execute(
        sa.select(deals.id, deals.title)
        .join(db.metadata.tables["deal_units"], named.deal_id == deals.id)
        .where(named.unit_id == unit_id, deals.closed_on.is_(None))
        .order_by(deals.id.desc())
        .limit(at_most(1))
    ).first()
