"""A customer with a site, and two products to install there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from crm.accounts.actions import add_account, add_site
from crm.extensions import db
from crm.products.actions import add_product


@dataclass(frozen=True)
class Plant:
    """Keys."""

    account: int
    site: int
    product: int
    successor: int


@pytest.fixture
def plant(app, company) -> Plant:
    """Written as the rooms do it, in one transaction: most tests of this folder begin here."""
    with app.app_context():
        by = company.manager
        account = add_account(
            {"name": "株式会社山田製作所", "owner_id": company.rep, "fiscal_year_end_month": 3}, by
        )
        db.session.flush()
        site = add_site({"account_id": account.id, "name": "川崎工場"}, by)
        name = "高速液体クロマトグラフ"
        successor = add_product({"code": "LX-310", "name": name, "list_price": 7_380_000}, by)
        db.session.flush()
        product = add_product(
            {
                "code": "LX-210", "name": name, "warranty_months": 12,
                "successor_id": successor.id, "expected_life_months": 96,
                "maintenance_price": 480_000, "parts_supply_end_on": date(2027, 9, 30),
                "end_of_support_on": date(2028, 3, 31),
            },
            by,
        )  # fmt: skip
        db.session.commit()
        return Plant(account.id, site.id, product.id, successor.id)


@pytest.fixture
def unit(api, company, plant):
    """Make a unit: `unit(serial_no="A1", installed_on="2020-01-01")`."""
    rep = api(company.rep)

    def make(serial_no: str = "A93-20417", **fields: object):
        body = {"account_id": plant.account, "product_id": plant.product, "serial_no": serial_no}
        return rep.post("/units", body | fields)

    return make


@pytest.fixture
def contract(api, company, plant):
    """Make a contract over units."""
    rep = api(company.rep)

    def make(unit_ids: list[int], **fields: object):
        body = {
            "number": "M-1", "account_id": plant.account, "unit_ids": unit_ids,
            "starts_on": "2026-04-01", "ends_on": "2027-03-31", "annual_amount": 480_000,
        }  # fmt: skip
        return rep.post("/contracts", body | fields)

    return make
