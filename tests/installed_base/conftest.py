"""A customer with a site, and two products to install there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Plant:
    """Keys."""

    account: int
    site: int
    product: int
    successor: int


@pytest.fixture
def plant(api, company) -> Plant:
    """Written through the API, as a customer's data arrive."""
    manager = api(company.manager)
    account = manager.post(
        "/accounts",
        {"name": "株式会社山田製作所", "owner_id": company.rep, "fiscal_year_end_month": 3},
    ).json["id"]
    site = manager.post("/sites", {"account_id": account, "name": "川崎工場"}).json["id"]
    successor = manager.post(
        "/products", {"code": "LX-310", "name": "高速液体クロマトグラフ", "list_price": 7_380_000}
    ).json["id"]
    product = manager.post(
        "/products",
        {
            "code": "LX-210", "name": "高速液体クロマトグラフ", "warranty_months": 12,
            "successor_id": successor, "expected_life_months": 96, "maintenance_price": 480_000,
            "parts_supply_end_on": "2027-09-30", "end_of_support_on": "2028-03-31",
        },
    ).json["id"]  # fmt: skip
    return Plant(account, site, product, successor)


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
