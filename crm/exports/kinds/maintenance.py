"""Maintenance plans with the units that they are over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.exports.asked import same
from crm.exports.kinds.installed_base import PARTED, unit_names
from crm.exports.tables import Field, Row, Table
from crm.installed_base.models import ServiceContract
from crm.installed_base.words import kinds
from crm.maintenance import words
from crm.maintenance.models import MaintenancePlan, PlanUnit
from crm.staff.models import Staff

PLAN: Any = MaintenancePlan.__table__
P = PLAN.c


def _labels() -> dict[str, str]:
    every = words.labels()
    return every | {
        "account": every["account_id"], "units": every["unit_ids"],
        "contract": every["contract_id"], "assignee": every["assignee_id"],
    }  # fmt: skip


def _sides() -> Mapping[Any, str]:
    return {True: _("above it"), False: _("below it")}


def _fill_units(rows: list[Row]) -> None:
    held = unit_names(PlanUnit.__table__.c.plan_id, PLAN, [row["_key"] for row in rows])
    for row in rows:
        row["units"] = PARTED.join(held.get(row["_key"], ()))


PLANS = Table(
    name="maintenance-plans",
    record="maintenance",
    model=MaintenancePlan,
    title=lambda: _("Maintenance plans"),
    labels=_labels,
    fields=(
        Field("id", P.id, "record"),
        Field("name", P.name, shown=True),
        Field("account", Account.name, shown=True),
        Field("account_id", P.account_id, "number", key=True),
        Field("units", shown=True),
        Field("contract", ServiceContract.number, shown=True),
        Field("work_kind", P.work_kind, words=kinds, shown=True),
        Field("rule", P.rule, words=words.rules, shown=True),
        Field("every", P.every, "number", shown=True),
        Field("period", P.period, words=words.periods, shown=True),
        Field("first_due_on", P.first_due_on, "day", shown=True),
        Field("meter", P.meter),
        Field("counts", P.counts, "number"),
        Field("threshold", P.threshold, "number"),
        Field("above", P.above, words=_sides),
        Field("in_a_row", P.in_a_row, "number"),
        Field("horizon_days", P.horizon_days, "number"),
        Field("assignee", Staff.name, shown=True),
        Field("active", P.active, "flag", shown=True),
        Field("updated_at", P.updated_at, "instant"),
    ),
    joins=sa.join(MaintenancePlan, Account, Account.id == P.account_id)
    .outerjoin(ServiceContract, ServiceContract.id == P.contract_id)
    .outerjoin(Staff, Staff.id == P.assignee_id),
    where=same(account_id=P.account_id),
    filters=("account_id",),
    sorts={"id": P.id, "first_due_on": P.first_due_on},
    fill=_fill_units,
)
