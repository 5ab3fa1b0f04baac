"""Two customers with purifiers of one model, and the night."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from crm.cli import tick
from crm.outbox.drain import drain
from tests.records import a_contact, a_product, a_unit, an_account


@dataclass(frozen=True)
class Field:
    """Keys."""

    yamada: int
    minato: int
    product: int
    units: dict[str, int]


@pytest.fixture
def field(app, company) -> Field:
    """PW-998, PW-1000 and PW-2000 at 山田, PW-1002 at 港, and one of another model."""
    with app.app_context():
        yamada = an_account(company.rep, company.first_team)
        minato = an_account(company.colleague, company.first_team, name="=港リサイクル")
        a_contact(yamada)
        product, other = a_product("PW-10"), a_product("PW-20")
        units = {
            serial: a_unit(account, which, serial)
            for serial, account, which in (
                ("PW-998", yamada, product), ("PW-1000", yamada, product),
                ("PW-2000", yamada, product), ("PW-1002", minato, product),
                ("PW-1001", minato, other),
            )
        }  # fmt: skip
        return Field(yamada, minato, product, units)


@pytest.fixture
def campaign(api, company, field):
    """Plan a campaign: `campaign(serials="PW-998 〜 PW-1002")`."""

    def make(**fields: object):
        body = {
            "number": "R-1", "title": "ヒーターの過熱", "product_ids": [field.product],
            "starts_on": "2026-01-01", "serials": "PW-998 〜 PW-1002",
        }  # fmt: skip
        return api(company.engineer).post("/campaigns", body | fields)

    return make


@pytest.fixture
def work(app):
    """Everything that waits is done."""

    def do() -> None:
        with app.app_context():
            while drain("fast") + drain("heavy"):
                pass

    return do


@pytest.fixture
def night(app, work):
    """The clock strikes and everything that waits is done."""

    def strike() -> None:
        with app.app_context():
            tick()
        work()

    return strike
