"""A customer, products with and without serial numbers, and deals over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.installed_base.conftest import plant, unit

__all__ = ["plant", "unit"]


@dataclass
class Sale:
    """A deal and who may do what with it, by the API."""

    key: int
    rep: Any
    engineer: Any

    def stage(self, stage: str, **more: Any) -> Any:
        if stage == "won":
            more = {"closed_on": "2026-06-01"} | more
        if stage == "lost":
            more = {"lost_reason": "price"} | more
        return self.rep.post(f"/deals/{self.key}/stage", {"stage": stage} | more)

    def win(self) -> Any:
        return self.stage("won")

    def reopen(self) -> Any:
        return self.stage("negotiation")

    @property
    def handover(self) -> Any:
        return self.rep.get(f"/deals/{self.key}/handover").json

    @property
    def units(self) -> Any:
        return self.handover["units"]

    def fill(self, *rows: Any) -> Any:
        return self.engineer.post(f"/deals/{self.key}/handover/units", {"units": list(rows)})


@pytest.fixture
def reagent(api, company) -> int:
    """A product whose pieces have no numbers."""
    body = {"code": "RX-1", "name": "試薬", "serialised": False}
    return api(company.manager).post("/products", body).json["id"]


@pytest.fixture
def sale(api, company, plant, reagent):
    """Open a deal: `sale(pieces=3)`; its lines are units of the plant's product and a reagent."""
    api(company.manager).patch(
        f"/products/{plant.product}", {"inspection_interval_months": 12}, version=1
    )

    def make(pieces: int = 3, **more: Any) -> Sale:
        rep = api(company.rep)
        lines = [
            {"product_id": plant.product, "quantity": pieces, "unit_price": 100},
            {"product_id": reagent, "quantity": 9, "unit_price": 10},
        ]
        body = {"title": "LX-210 更新", "account_id": plant.account, "site_id": plant.site}
        made = rep.post("/deals", body | {"lines": lines} | more)
        assert made.status_code == 201, made.json
        return Sale(made.json["id"], rep, api(company.engineer))

    return make
