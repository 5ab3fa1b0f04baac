"""What collides when two units become one, counted before anything happens."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from crm.doubles import alerts, meters
from crm.extensions import db
from crm.installed_base.models import ContractUnit, ServiceContract, Unit
from crm.maintenance.models import MaintenancePlan, PlanUnit


def clashes(survivor: Unit, lost: Unit) -> Iterator[tuple[str, int]]:
    """Reason → how many; each reason has its words and its way out in crm/doubles/words.py."""
    two = survivor.id, lost.id
    parents = {survivor.parent_id, lost.parent_id} - {None}
    counted = {
        "owners": int(survivor.account_id != lost.account_id), "parents": int(len(parents) > 1),
        "alerts": len(alerts.clashing("unit", *two)),
    }  # fmt: skip
    asked = {
        "successors": _replaced(*two), "campaigns": _in_both("campaign_items", "campaign_id", *two),
        "same_plans": _in_both("plan_units", "plan_id", *two), "plans": _overlapping(*two),
        "contracts": _customers(*two),
    }  # fmt: skip
    row = db.session.execute(sa.select(*(one.label(name) for name, one in asked.items()))).one()
    found = counted | dict(row._mapping) | {"successors": row.successors // 2}
    found["contracts"] = int(row.contracts > 1)
    yield from ((name, number) for name, number in found.items() if number)
    yield from meters.clashes(*two)


def _replaced(survivor_id: int, lost_id: int) -> sa.ScalarSelect[int]:
    """How many units replaced one of the two."""
    here = Unit.replaces_id.in_((survivor_id, lost_id))
    return sa.select(sa.func.count(Unit.id)).where(here).scalar_subquery()


def successors(survivor_id: int, lost_id: int) -> list[Unit]:
    """The units that replaced the two, when both were replaced; the lost one's last."""
    here = Unit.replaces_id.in_((survivor_id, lost_id))
    found = db.session.scalars(sa.select(Unit).where(here)).all()
    return sorted(found, key=lambda one: one.replaces_id == lost_id) if len(found) > 1 else []


def _in_both(name: str, of: str, survivor_id: int, lost_id: int) -> sa.ScalarSelect[int]:
    """Rows of a table that name the same campaign, or plan, for both."""
    mine, theirs = db.metadata.tables[name].alias().c, db.metadata.tables[name].alias().c
    here = mine.unit_id == survivor_id, theirs.unit_id == lost_id, mine[of] == theirs[of]
    return sa.select(sa.func.count()).where(*here).scalar_subquery()


def _overlapping(survivor_id: int, lost_id: int) -> sa.ScalarSelect[int]:
    """Plans over the lost unit for a kind of work for which the survivor has another plan."""

    def plans(unit_id: int) -> sa.Subquery:
        return (
            sa.select(MaintenancePlan.id, MaintenancePlan.work_kind)
            .join(PlanUnit, PlanUnit.plan_id == MaintenancePlan.id)
            .where(PlanUnit.unit_id == unit_id, MaintenancePlan.active.is_(True))
            .subquery()
        )

    mine, theirs = plans(survivor_id).c, plans(lost_id).c
    shared = mine.work_kind == theirs.work_kind, mine.id != theirs.id
    return sa.select(sa.func.count(sa.distinct(theirs.id))).where(*shared).scalar_subquery()


def _customers(survivor_id: int, lost_id: int) -> sa.ScalarSelect[int]:
    """Of how many customers the contracts over the one machine are."""
    owners = sa.select(sa.func.count(sa.distinct(ServiceContract.account_id)))
    found = owners.join(ContractUnit, ContractUnit.contract_id == ServiceContract.id)
    return found.where(ContractUnit.unit_id.in_((survivor_id, lost_id))).scalar_subquery()
