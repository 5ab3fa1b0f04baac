"""Ask for plans and visits; the list and the calendar read rows, not records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm import neighbours
from crm.accounts.models import Account, Site
from crm.accounts.queries import get_account
from crm.errors import NotFound, named
from crm.extensions import at_most, db, one_of
from crm.installed_base.models import Unit
from crm.installed_base.queries import get_contract
from crm.maintenance.models import OPEN, MaintenancePlan, PlanUnit, Visit
from crm.paging import Page, Sort, count, page
from crm.products.models import Product
from crm.rights import Person, branches, may
from crm.staff.models import Staff
from crm.staff.queries import get_staff

Fields = dict[str, Any]
V = Visit.__table__.c
SORTS = {"day": V.visit_on, "due": V.due_on, "id": V.id}
MOST_IN_A_MONTH = 400
_who = aliased(Staff)


def get_plan(plan_id: int, user: Person, action: str = "view") -> MaintenancePlan:
    """The door to a plan."""
    found = db.session.get(MaintenancePlan, plan_id)
    if found is None or not may(user, action, "maintenance", found):
        raise NotFound
    return found


def get_visit(visit_id: int, user: Person, action: str = "view") -> Visit:
    """The door to a visit."""
    found = db.session.get(Visit, visit_id)
    if found is None or not may(user, action, "maintenance", found):
        raise NotFound
    return found


def check_links(fields: Fields, user: Person) -> Fields:
    """Every record a plan names must be there for this person. Raises Invalid naming it."""
    doors = {"account_id": get_account, "contract_id": get_contract, "assignee_id": get_staff}
    for name, door in doors.items():
        if isinstance(fields.get(name), int):
            with named(name):
                door(fields[name], user)
    return fields


def units_under(plan_id: int) -> list[int]:
    """The keys of the units under a plan."""
    links = sa.select(PlanUnit.unit_id).where(PlanUnit.plan_id == plan_id)
    return sorted(db.session.scalars(links))


def under_plan(unit_id: int, rules: Sequence[str]) -> bool:
    """Is a unit under a plan of one of these rules?"""
    some = sa.select(PlanUnit.id).join(MaintenancePlan, MaintenancePlan.id == PlanUnit.plan_id)
    own = some.where(PlanUnit.unit_id == unit_id, MaintenancePlan.rule.in_(rules))
    return db.session.scalar(own.limit(at_most(1))) is not None


def fill_units(rows: list[Fields], _user: Person) -> None:
    """Put the units into rows of plans, in one statement."""
    held: dict[int, list[int]] = {row["id"]: [] for row in rows}
    for link in db.session.execute(
        sa.select(PlanUnit.plan_id, PlanUnit.unit_id)
        .where(PlanUnit.plan_id.in_(held))
        .order_by(PlanUnit.unit_id)
    ):
        held[link.plan_id].append(link.unit_id)
    for row in rows:
        row["unit_ids"] = held[row["id"]]


@dataclass(frozen=True, slots=True)
class Past:
    """What the visits of a unit under a plan say about the next one."""

    last_due_on: date | None = None
    done_on: date | None = None
    waiting: bool = False


def past_of(plan_id: int) -> dict[int, Past]:
    """Unit → its visits under a plan summed up, in one statement."""
    waiting = sa.func.max(sa.case((V.state.in_(OPEN), 1), else_=0))
    rows = db.session.execute(
        sa.select(V.unit_id, sa.func.max(V.due_on), sa.func.max(V.done_on), waiting)
        .where(V.plan_id == plan_id)
        .group_by(V.unit_id)
    )
    return {unit: Past(due, done, bool(open_)) for unit, due, done, open_ in rows}


def visit_of_work(work_order_id: int) -> Visit | None:
    """The visit that made a work order."""
    return db.session.scalar(sa.select(Visit).where(Visit.work_order_id == work_order_id))


_COLUMNS = (
    *V, MaintenancePlan.name.label("plan"), MaintenancePlan.work_kind,
    Product.code, Product.name.label("product"), Unit.serial_no, Unit.location,
    Unit.account_id, Account.name.label("account"), Site.name.label("site"),
    _who.name.label("assignee"),
)  # fmt: skip


def _joined() -> Any:
    return (
        sa.join(Visit, MaintenancePlan, MaintenancePlan.id == Visit.plan_id)
        .join(Unit, Unit.id == Visit.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(_who, _who.id == Visit.assignee_id)
    )


def visit_page(
    where: Sequence[sa.ColumnElement[bool]], user: Person, sort: Sort, cursor: str | None,
    limit: int,
) -> tuple[Page, int]:  # fmt: skip
    """One page of visits, and how many match (at most 1,001)."""
    scope = branches(user, "view", "maintenance", Visit)
    rows = page(_COLUMNS, V.id, scope, where, sort, cursor, limit, _joined())
    return rows, count([sa.or_(*scope), *where], V.id)


def place(
    visit: Visit, where: Sequence[sa.ColumnElement[bool]], user: Person, sort: Sort
) -> neighbours.Place | None:
    """Where a visit stands in a list, with the ones beside it."""
    scope = sa.or_(*branches(user, "view", "maintenance", Visit))
    return neighbours.place(sort, V.id, [scope, *where], visit)


def visits_between(
    first: date, last: date, where: Sequence[sa.ColumnElement[bool]]
) -> dict[date, list[Any]]:
    """Day → its visits, for a calendar; at most 400 of them."""
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .select_from(_joined())
        .where(V.visit_on.between(first, last), *where)
        .order_by(V.visit_on, V.id)
        .limit(at_most(MOST_IN_A_MONTH))
    )
    found: dict[date, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.visit_on].append(row)
    return found


def visits_where(condition: sa.ColumnElement[bool], limit: int = 12) -> Sequence[sa.Row[Any]]:
    """The visits of a unit or a plan, those to come first."""
    return db.session.execute(
        sa.select(*_COLUMNS)
        .select_from(_joined())
        .where(condition)
        .order_by(sa.case((V.state.in_(OPEN), 0), else_=1), V.visit_on, V.id)
        .limit(at_most(limit))
    ).all()


def one_visit(visit_id: int) -> sa.Row[Any]:
    """A visit with the words of what it belongs to."""
    return db.session.execute(
        sa.select(*_COLUMNS).select_from(_joined()).where(V.id == visit_id)
    ).one()


def plans_of(unit_id: int) -> Sequence[sa.Row[Any]]:
    """The plans over a unit with its next due day."""
    return db.session.execute(
        sa.select(*MaintenancePlan.__table__.c, PlanUnit.next_due_on)
        .join(PlanUnit, PlanUnit.plan_id == MaintenancePlan.id)
        .where(PlanUnit.unit_id == unit_id)
        .order_by(MaintenancePlan.id)
        .limit(at_most(50))
    ).all()


_FACTS = (
    Unit.id, Unit.account_id, Unit.site_id, Unit.product_id, Unit.serial_no, Unit.delivered_on,
    Unit.installed_on, Unit.accepted_on, Unit.warranty_ends_on, Unit.removed_on, Unit.is_competitor,
)  # fmt: skip


def unit_facts(unit_ids: Iterable[int]) -> dict[int, sa.Row[Any]]:
    """Unit → what is asked of it, with code and name of its product, in one statement."""
    rows = db.session.execute(
        sa.select(*_FACTS, Product.code, Product.name.label("product"))
        .join(Product, Product.id == Unit.product_id)
        .where(one_of(Unit.id, sorted(unit_ids)))
    )
    return {row.id: row for row in rows}
