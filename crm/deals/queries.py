"""The doors to deals and activities, and what belongs to one deal."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.attributes.asking import asked_in, hide_amounts
from crm.clock import local, now
from crm.deals.models import (
    OPEN_STAGES,
    RANK_WEIGHTS,
    Activity,
    ActivityContact,
    Deal,
    DealChange,
    DealLine,
    DealUnit,
    StagePace,
    deal_number,
)
from crm.errors import NotFound
from crm.extensions import among, at_most, db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.rights import Person, may, sees_amounts
from crm.staff.models import Staff, Team
from crm.typed import LARGEST_KEY

Rows = list[dict[str, Any]]


def get_deal(deal_id: int, user: Person, action: str = "view") -> Deal:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(Deal, deal_id) if deal_id <= LARGEST_KEY else None
    if found is None or not may(user, action, "deal", found):
        raise NotFound
    return found


def get_activity(activity_id: int, user: Person, action: str = "view") -> Activity:
    """The door to an activity."""
    found = db.session.get(Activity, activity_id) if activity_id <= LARGEST_KEY else None
    if found is None or not may(user, action, "activity", found):
        raise NotFound
    return found


def complete_deals(rows: Rows, user: Person) -> None:
    """Lines, units, number and weighted amount of a page of deals; amounts only for who may."""
    ids = [row["id"] for row in rows]
    lines = _grouped(DealLine, DealLine.deal_id, ids, DealLine.position)
    units = _grouped(DealUnit, DealUnit.deal_id, ids, DealUnit.unit_id)
    hide_amounts("deal", rows, user)
    for row in rows:
        row["number"] = deal_number(row["created_at"], row["id"])
        row["weighted_amount"] = row["amount"] * RANK_WEIGHTS[row["rank"]] // 100
        row["lines"] = lines.get(row["id"], [])
        row["unit_ids"] = [unit["unit_id"] for unit in units.get(row["id"], [])]
        if not sees_amounts(user):
            row["amount"] = row["weighted_amount"] = row["gross_profit"] = None
            for line in row["lines"]:
                line["unit_price"] = line["unit_cost"] = None


def complete_activities(rows: Rows, _user: Person) -> None:
    """Who took part in a page of activities."""
    ids = [row["id"] for row in rows]
    found = _grouped(ActivityContact, ActivityContact.activity_id, ids, ActivityContact.contact_id)
    for row in rows:
        row["contact_ids"] = [one["contact_id"] for one in found.get(row["id"], [])]


def _grouped(model: Any, column: Any, ids: list[int], order: Any) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    if ids:
        for row in db.session.execute(_all_of(model, column, order), {"ids": ids}).mappings():
            found.setdefault(row[column.key], []).append(dict(row))
    return found


@cache
def _all_of(model: Any, column: Any, order: Any) -> sa.Select[Any]:
    wanted = column.in_(sa.bindparam("ids", expanding=True))
    return sa.select(*model.__table__.columns).where(wanted).order_by(column, order)


_PACE = sa.select(StagePace.stage, StagePace.median_days)


def medians() -> dict[str, int]:
    """Stage → median days of the stays that ended; a stage nobody has left yet is missing."""
    rows = db.session.execute(_PACE)
    return {row.stage: row.median_days for row in rows}


def days_since(instant: datetime) -> int:
    """Calendar days from an instant to today."""
    return (local(now()).date() - local(instant).date()).days


def lines_of(deal_id: int) -> list[sa.Row[Any]]:
    """The lines of a deal with their products."""
    return list(
        db.session.execute(
            sa.select(
                DealLine.description, DealLine.quantity, DealLine.unit_price, DealLine.unit_cost,
                DealLine.product_id, Product.code, Product.name,
            )
            .outerjoin(Product, Product.id == DealLine.product_id)
            .where(DealLine.deal_id == deal_id)
            .order_by(DealLine.position)
        )
    )  # fmt: skip


def units_of(deal_id: int) -> list[sa.Row[Any]]:
    """The units a deal is about."""
    return list(
        db.session.execute(
            sa.select(Unit.id, Unit.serial_no, Unit.product_id, Product.code, Product.name)
            .join(DealUnit, DealUnit.unit_id == Unit.id)
            .join(Product, Product.id == Unit.product_id)
            .where(DealUnit.deal_id == deal_id)
            .order_by(Unit.id)
        )
    )


def changes_of(deal_id: int) -> list[sa.Row[Any]]:
    """Every state of a deal, oldest first."""
    columns = DealChange.__table__.columns
    return list(
        db.session.execute(
            sa.select(*columns).where(columns.deal_id == deal_id).order_by(columns.at, columns.id)
        )
    )


def people(deal: Deal) -> list[sa.Row[Any]]:
    """Who matters at the customer: those met over this deal, its contact, and who decides."""
    met = (
        sa.select(ActivityContact.contact_id, sa.func.max(Activity.at).label("met"))
        .join(Activity, Activity.id == ActivityContact.activity_id)
        .where(Activity.deal_id == deal.id, Activity.planned.is_(False))
        .group_by(ActivityContact.contact_id)
        .subquery()
    )
    return list(
        db.session.execute(
            sa.select(
                Contact.id, Contact.family_name, Contact.given_name, Contact.department,
                Contact.title, Contact.influence, met.c.met,
            )
            .outerjoin(met, met.c.contact_id == Contact.id)
            .where(
                Contact.account_id == deal.account_id,
                sa.or_(
                    met.c.met.is_not(None),
                    Contact.id == deal.contact_id,
                    Contact.influence.is_not(None),
                ),
            )
            .order_by(met.c.met.is_(None), Contact.id)
            .limit(at_most(6))
        )
    )  # fmt: skip


def of_account(account_id: int, limit: int = 6) -> list[sa.Row[Any]]:
    """The open deals of a customer, the nearest first."""
    return list(
        db.session.execute(
            sa.select(
                Deal.id, Deal.title, Deal.stage, Deal.stage_since, Deal.rank, Deal.amount,
                Deal.expected_close_on, Deal.next_step, Deal.next_step_on, Deal.origin,
                Deal.from_alert_id, Staff.name.label("owner"),
            )
            .outerjoin(Staff, Staff.id == Deal.owner_id)
            .where(Deal.account_id == account_id, among(Deal.stage, OPEN_STAGES))
            .order_by(Deal.expected_close_on.is_(None), Deal.expected_close_on, Deal.id)
            .limit(at_most(limit))
        )
    )  # fmt: skip


def of_unit(unit_id: int, limit: int = 8) -> list[sa.Row[Any]]:
    """The deals that are and were about a unit, those still open first, then the newest."""
    return list(
        db.session.execute(
            sa.select(
                Deal.id, Deal.title, Deal.stage, Deal.rank, Deal.amount, Deal.expected_close_on,
                Deal.closed_on, Staff.name.label("owner"),
            )
            .join(DealUnit, DealUnit.deal_id == Deal.id)
            .outerjoin(Staff, Staff.id == Deal.owner_id)
            .where(DealUnit.unit_id == unit_id)
            .order_by(sa.case((among(Deal.stage, OPEN_STAGES), 0), else_=1), Deal.id.desc())
            .limit(at_most(limit))
        )
    )  # fmt: skip


def next_of_account(account_id: int) -> sa.Row[Any] | None:
    """The deal of a customer whose next step comes first."""
    return db.session.execute(
        sa.select(
            Deal.id, Deal.title, Deal.next_step, Deal.next_step_on, Deal.next_step_kind,
            Deal.next_step_time, Deal.owner_id, Deal.team_id, Staff.name.label("owner"),
        )
        .outerjoin(Staff, Staff.id == Deal.owner_id)
        .where(
            Deal.account_id == account_id, among(Deal.stage, OPEN_STAGES), Deal.next_step != ""
        )
        .order_by(Deal.next_step_on.is_(None), Deal.next_step_on, Deal.id)
        .limit(at_most(1))
    ).first()  # fmt: skip


_SALES_TEAMS = (
    sa.select(Team.id, Team.name)
    .where(Team.department.in_(("sales", "management")))
    .order_by(Team.position, Team.id)
)


def sales_teams() -> dict[int, str]:
    """Teams that have deals, in the organisation's order."""
    return {row.id: row.name for row in db.session.execute(_SALES_TEAMS)}


def sales_people() -> list[sa.Row[Any]]:
    """Who may have deals, in the organisation's order."""
    return list(
        db.session.execute(
            sa.select(Staff.id, Staff.name, Team.name.label("team"))
            .outerjoin(Team, Team.id == Staff.team_id)
            .where(Staff.active.is_(True), Staff.role.in_(("rep", "manager", "admin")))
            .order_by(Team.position, Staff.id)
        )
    )


def activities_of(deal_id: int, limit: int = 30) -> list[sa.Row[Any]]:
    """What was done and planned over a deal, the latest first."""
    return list(
        db.session.execute(
            sa.select(
                Activity.id, Activity.kind, Activity.at, Activity.planned, Activity.summary,
                Activity.result, Activity.promised, Staff.name.label("by"),
                Team.department.label("department"),
            )
            .outerjoin(Staff, Staff.id == Activity.by_id)
            .outerjoin(Team, Team.id == Staff.team_id)
            .where(Activity.deal_id == deal_id)
            .order_by(Activity.at.desc(), Activity.id.desc())
            .limit(at_most(limit))
        )
    )  # fmt: skip


def contacts_of(account_id: int) -> list[sa.Row[Any]]:
    """People at a customer, those who decide first."""
    return list(
        db.session.execute(
            sa.select(
                Contact.id, Contact.family_name, Contact.given_name, Contact.title,
                Contact.department, Contact.influence,
            )
            .where(Contact.account_id == account_id)
            .order_by(Contact.influence.is_(None), Contact.kana_key, Contact.id)
            .limit(at_most(50))
        )
    )  # fmt: skip


def products() -> list[sa.Row[Any]]:
    """The catalogue, to choose the product of a line from."""
    return list(
        db.session.execute(
            sa.select(Product.id, Product.code, Product.name, Product.list_price)
            .order_by(Product.code)
            .limit(at_most(500))
        )
    )


def around(deal_id: int) -> sa.Row[Any] | None:
    """The customer (`id`, `name`), the owner's name, what is `asked` besides; loads the deal."""
    return db.session.execute(
        sa.select(Account.id, Account.name, Staff.name.label("owner"), Deal, asked_in("deal"))
        .join(Deal, Deal.account_id == Account.id)
        .outerjoin(Staff, Staff.id == Deal.owner_id)
        .where(Deal.id == min(deal_id, LARGEST_KEY))
    ).first()
