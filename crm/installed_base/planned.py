"""What is planned for a unit: the next visit, the deal about it. Both live on floors above, so
their tables are asked by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.extensions import at_most, db

ARRANGED = ("planned", "moved")
CHECKS = ("inspection", "calibration")


def next_check(unit_id: int) -> tuple[date, str] | None:
    """The day of the next arranged inspection or calibration of a unit, and which of them it is;
    one statement."""
    visits, plans = db.metadata.tables["visits"], db.metadata.tables["maintenance_plans"]
    found = db.session.execute(
        sa.select(visits.c.visit_on, plans.c.work_kind)
        .join_from(visits, plans, plans.c.id == visits.c.plan_id)
        .where(
            visits.c.unit_id == unit_id, visits.c.state.in_(ARRANGED),
            plans.c.work_kind.in_(CHECKS),
        )
        .order_by(visits.c.visit_on, visits.c.id)
        .limit(at_most(1))
    ).first()  # fmt: skip
    return (found.visit_on, found.work_kind) if found else None


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
