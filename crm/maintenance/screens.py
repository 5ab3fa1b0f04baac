"""What the pages of plans and visits are drawn from; nothing here changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import render_template, request

from crm.accounts.models import Account
from crm.clock import today
from crm.closed_days.queries import workdays
from crm.editing import Sheet
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.installed_base.queries import named_units
from crm.installed_base.words import kinds
from crm.maintenance import listing, queries, words
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.neighbours import along
from crm.paging import COUNTED, choose_sort
from crm.rights import Person, may
from crm.staff.queries import everybody, names
from crm.typed import key_of

PAGE = 50
PLAN = (
    "name", "account_id", "contract_id", "work_kind", "rule", "every", "period", "first_due_on",
    "horizon_days", "assignee_id", "active", "meter", "counts", "threshold", "above", "in_a_row",
)  # fmt: skip
V = Visit.__table__.c


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {"words": words, "labels": words.labels(), "kinds": kinds(), "today_on": today()}


def list_page(user: Person) -> str:
    """The list of visits; its address is its whole state."""
    asked = listing.read(request.args, "open")
    sort = choose_sort(request.args.get("sort"), queries.SORTS, "day")
    cursor = request.args.get("cursor")
    rows, total = queries.visit_page(asked.where, user, sort, cursor, PAGE)
    return render_template(
        "maintenance/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, asked=asked, people=everybody(),
        along=along(request.args, listing.IN_LIST), **tools(),
    )  # fmt: skip


def place(visit: Visit, user: Person) -> str:
    """Where a visit stands in the list that the address describes, with the ones beside it."""
    sort = choose_sort(request.args.get("sort"), queries.SORTS, "day")
    found = queries.place(visit, listing.read(request.args, "open").where, user, sort)
    query = along(request.args, listing.IN_LIST)
    return render_template("parts/place.html", place=found, base="/visits/", along=query)


def calendar_page() -> str:
    """A month of visits as a calendar; on a phone its days one under the other."""
    asked = listing.read(request.args, "all")
    month = asked.month or today().replace(day=1)
    wanted = listing.Asked(asked.who, None, asked.state).where
    visits = queries.visits_between(month, listing.last_of(month), wanted)
    before, after = month - timedelta(days=1), listing.last_of(month) + timedelta(days=1)
    return render_template(
        "maintenance/calendar.html", month=month,
        squares=list(listing.squares(month, visits, workdays())), before=before, after=after,
        asked=asked, people=everybody(),
        number=sum(len(one) for one in visits.values()), most=queries.MOST_IN_A_MONTH, **tools(),
    )  # fmt: skip


def panel(unit: Unit, user: Person) -> str:
    """The plans over a unit and its visits, for the unit's page; two statements."""
    return render_template(
        "maintenance/panel.html", unit=unit, plans=queries.plans_of(unit.id),
        rows=queries.visits_where(V.unit_id == unit.id, 6),
        may_create=may(user, "create", "maintenance"), **tools(),
    )  # fmt: skip


def plan_page(plan: MaintenancePlan, user: Person) -> str:
    """One plan with its units and visits."""
    under = sa.select(PlanUnit.unit_id).where(PlanUnit.plan_id == plan.id)
    contract = db.session.get(ServiceContract, plan.contract_id) if plan.contract_id else None
    return render_template(
        "maintenance/plan.html", plan=plan, contract=contract,
        units=named_units(Unit.id.in_(under), 1000),
        rows=queries.visits_where(V.plan_id == plan.id, 50),
        account=db.session.get_one(Account, plan.account_id),
        assignee=names({plan.assignee_id}).get(plan.assignee_id) if plan.assignee_id else "",
        may_edit=may(user, "edit", "maintenance", plan), **tools(),
    )  # fmt: skip


def plan_form(sheet: Sheet, account: Account, plan: MaintenancePlan | None) -> str:
    """The form of a plan; units are ticked."""
    chosen = {key for key in map(key_of, request.values.getlist("unit_ids")) if key}
    if request.method == "GET" and plan is not None:
        chosen = set(queries.units_under(plan.id))
    contracts = db.session.execute(
        sa.select(ServiceContract.id, ServiceContract.number)
        .where(ServiceContract.account_id == account.id)
        .order_by(ServiceContract.ends_on.desc(), ServiceContract.id)
        .limit(200)
    ).all()
    return render_template(
        "maintenance/plan_form.html", sheet=sheet, account=account, plan=plan, chosen=chosen,
        units=named_units(Unit.account_id == account.id, 1000), people=everybody(),
        contracts=[tuple(one) for one in contracts], **tools(),
    )  # fmt: skip


def visit_page(
    visit: Visit, user: Person, skip: Sheet | None = None, move: Sheet | None = None
) -> str:
    """One visit, with what can be done about it."""
    row = queries.one_visit(visit.id)
    day = {"visit_on": visit.visit_on.isoformat()}
    return render_template(
        "maintenance/visit.html", visit=row, skip=skip or Sheet({}), move=move or Sheet(day),
        may_edit=may(user, "edit", "maintenance", visit),
        along=along(request.args, listing.IN_LIST), **tools(),
    )  # fmt: skip
