"""A customer of each rep with units of which something ends in the coming months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.extensions import db
from crm.installed_base.models import ContractScope
from crm.installed_base.terms import months_after
from tests.people import Company
from tests.records import a_contract, a_product, a_unit, an_account


def month(number: int, day: int = 15) -> date:
    """A day of a coming month; 0 is this month."""
    here = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    return months_after(here.replace(day=1), number).replace(day=day)


@dataclass
class Base:
    """The keys of what is there."""

    account: int
    other: int
    product: int
    old: int
    units: dict[str, int] = field(default_factory=dict)
    contracts: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def base(app: Any, company: Company) -> Base:
    """Two accounts; the first unit's warranty ends, two share a contract that ends, one's is
    renewed, one is leased, one is of a product whose support ends, one was removed."""
    with app.app_context():
        return _founded(company)


def _founded(company: Company) -> Base:
    mine = an_account(company.rep, company.first_team, fiscal_year_end_month=3)
    other = an_account(None, None, name="富士食品株式会社")
    product = a_product("PW-10")
    old = a_product("LX-210", end_of_support_on=month(3, 20))
    made = Base(mine, other, product, old)
    gone = month(-30)
    unit = _unit_of(made)
    unit("warranty", mine, product, warranty_ends_on=month(1, 10))
    for name in ("first", "second", "renewed"):
        unit(name, mine, product, warranty_ends_on=gone)
    unit("leased", other, product, warranty_ends_on=gone, ownership="leased",
         lease_ends_on=month(2, 28))  # fmt: skip
    unit("again", mine, product, warranty_ends_on=gone, ownership="leased",
         lease_ends_on=months_after(month(2, 5), -24))  # fmt: skip
    unit("support", mine, old, warranty_ends_on=gone)
    unit("removed", mine, product, warranty_ends_on=month(1, 10), status="removed")
    units, starts = made.units, month(-11, 1)
    ends = month(1, 20)
    made.contracts["shared"] = a_contract(mine, [units["first"], units["second"]], starts, ends)
    made.contracts["old"] = a_contract(mine, [units["renewed"]], starts, ends, "old")
    made.contracts["new"] = a_contract(mine, [], month(1, 21), month(13, 20), "new")
    db.session.add(ContractScope(contract_id=made.contracts["new"], product_id=old))
    db.session.commit()
    made.contracts["after"] = a_contract(
        mine, [units["renewed"]], month(1, 21), month(13, 20), "after"
    )
    return made


def _unit_of(made: Base) -> Callable[..., None]:
    def unit(name: str, account: int, product: int, **more: Any) -> None:
        made.units[name] = a_unit(account, product, name.upper(), **more)

    return unit
