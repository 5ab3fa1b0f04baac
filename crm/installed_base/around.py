"""What a unit's page says of what stands around it: its product, customer, place and people."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.accounts.models import Account, Site
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.own_days import ends
from crm.products.models import Product
from crm.staff.models import Staff


def around(unit: Unit) -> Any:
    """Product, successor, account, site and who looks after them, in one statement."""
    return db.session.execute(_statement(), {"unit": unit.id, "account": unit.account_id}).one()


@cache
def _statement() -> sa.Select[Any]:
    """Built once: to build it takes longer than to run it."""
    after, owner, user = aliased(Product), aliased(Staff), aliased(Account)
    service = aliased(Staff)
    key, account = (sa.bindparam(name, type_=sa.BigInteger) for name in ("unit", "account"))
    return (
        sa.select(
            Product.id.label("product_id"), Product.code, Product.name.label("product"),
            Product.list_price, Product.expected_life_months, Product.inspection_interval_months,
            *ends(), Product.end_of_support_on.label("product_support"),
            Product.parts_supply_end_on.label("product_parts"), Product.category,
            after.id.label("next_id"), after.code.label("next_code"),
            after.list_price.label("next_price"), Account.name.label("account"),
            Account.fiscal_year_end_month, Site.name.label("site"), owner.name.label("owner"),
            service.name.label("service_owner"), user.name.label("end_user"),
        )
        .select_from(Unit)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(after, after.id == Product.successor_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(owner, owner.id == Account.owner_id)
        .outerjoin(service, service.id == Account.service_owner_id)
        .outerjoin(user, user.id == Unit.end_user_account_id)
        .add_columns(*_beside(key, account))
        .where(Unit.id == key)
    )  # fmt: skip


def _beside(key: Any, account: Any) -> list[sa.Label[Any]]:
    """Which of its account's units it is, of how many, and the ones before and after it."""
    other = Unit.__table__.alias("beside").c
    mine = sa.and_(other.account_id == account, other.status != "removed")
    number, one = sa.func.count(other.id), other.id
    asked = {
        "place": sa.select(number).where(mine, one <= key),
        "total": sa.select(number).where(mine),
        "previous": sa.select(sa.func.max(one)).where(mine, one < key),
        "following": sa.select(sa.func.min(one)).where(mine, one > key),
    }
    return [value.scalar_subquery().label(name) for name, value in asked.items()]
