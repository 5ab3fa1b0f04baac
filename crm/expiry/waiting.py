"""What waits for some units in other records: visits, due days of plans, recalls; one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.campaigns.models import OPEN as OPEN_PARTS
from crm.campaigns.models import Campaign, CampaignItem
from crm.expiry.dates import CHECKS, Due
from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.maintenance.models import OPEN, MaintenancePlan, PlanUnit, Visit

Some = Sequence[int] | sa.Select[Any]
"""Units by their keys; those of an account by a read of them, which is shorter than 500 keys."""

C, T, V = Campaign.__table__.c, CampaignItem.__table__.c, Visit.__table__.c
D, L, P = UnitDue.__table__.c, PlanUnit.__table__.c, MaintenancePlan.__table__.c


def waiting(units: Some, intervals: bool = False) -> dict[int, list[Due]]:
    """Unit → its open visits, the due days of its plans beyond them, and the recalls that name it,
    in the order of the days; on request also what is kept of its product's interval.

    A recall stands on the day agreed, else on the campaign's last day; one that has neither stands
    in no calendar.
    """
    branches = [_visits(units), _plans(units), _recalls(units)]
    branches += [_intervals(units)] if intervals else []
    found: dict[int, list[Due]] = defaultdict(list)
    every = sa.union_all(*branches).subquery("waiting")
    order = (every.c.on_day, every.c.record, every.c.id)
    for unit_id, *due in db.session.execute(sa.select(every).order_by(*order)):
        found[unit_id].append(Due(*due))
    return found


def _row(unit: Any, record: str, key: Any, on: Any, kind: Any, name: Any) -> sa.Select[Any]:
    return sa.select(
        unit.label("unit_id"), sa.literal(record).label("record"), key.label("id"),
        on.label("on_day"), kind.label("kind"), name.label("name"),
    )  # fmt: skip


def _visits(units: Some) -> sa.Select[Any]:
    return (
        _row(V.unit_id, "visit", V.id, V.visit_on, P.work_kind, P.name)
        .join_from(Visit, MaintenancePlan, P.id == V.plan_id)
        .where(V.unit_id.in_(units), V.state.in_(OPEN))
    )


def _plans(units: Some) -> sa.Select[Any]:
    return (
        _row(L.unit_id, "maintenance_plan", P.id, L.next_due_on, P.work_kind, P.name)
        .join_from(PlanUnit, MaintenancePlan, P.id == L.plan_id)
        .where(
            L.unit_id.in_(units), L.next_due_on.is_not(None), P.active.is_(True),
            P.work_kind.in_(CHECKS),
        )
    )  # fmt: skip


def _recalls(units: Some) -> sa.Select[Any]:
    on = sa.func.coalesce(T.appointed_on, C.ends_on)
    title = C.number + " " + C.title
    return (
        _row(T.unit_id, "campaign", C.id, on, sa.literal("recall"), title)
        .join_from(CampaignItem, Campaign, C.id == T.campaign_id)
        .where(
            T.unit_id.in_(units), T.status.in_(OPEN_PARTS), C.status == "running", on.is_not(None)
        )
    )


def _intervals(units: Some) -> sa.Select[Any]:
    empty = sa.literal("")
    return _row(D.unit_id, "unit", D.unit_id, D.due_on, D.kind, empty).where(
        D.unit_id.in_(units), D.kind == "inspection"
    )
