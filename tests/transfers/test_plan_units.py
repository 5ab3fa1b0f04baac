"""A later file says which units a plan is over, or what a campaign is about; it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm.campaigns.models import Campaign, CampaignProduct
from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.maintenance.models import MaintenancePlan, PlanUnit
from crm.products.models import Product
from tests.records import a_meter, a_product, a_unit, an_account

HEAD = "account,name,units,rule,every,first_due_on,meter,counts\n"
YAMADA, SATO = "株式会社山田製作所", "株式会社佐藤"


def row(name: str, units: str, **more: str) -> str:
    says = {"rule": "fixed", "every": "12", "first": "2026-04-01", "meter": "", "counts": ""} | more
    tail = (says[name] for name in ("rule", "every", "first", "meter", "counts"))
    return ",".join((YAMADA, name, units, *tail)) + "\n"


@pytest.fixture
def fleet(app, company) -> dict[str, int]:
    """A customer's units that are inspected every year; two share a serial number, and one has a
    meter. Another customer has none."""
    with app.app_context():
        account = an_account(company.rep, company.first_team, name=YAMADA)
        other = an_account(company.rep, company.first_team, name=SATO, name_key="佐藤")
        models = [a_product(code, inspection_interval_months=12) for code in ("LX-210", "PW-10")]
        names = ("A-1", "A-2", "A-3", "T-9")
        made = {name: a_unit(account, models[0], name) for name in names}
        made |= {"T-9b": a_unit(account, models[1], "T-9"), SATO: other}
        a_meter(made["A-1"])
        db.session.commit()
    return made


@pytest.fixture
def bring(take, fleet, tmp_path: Path) -> Callable[[str], Any]:
    def run(rows: str) -> Any:
        path = tmp_path / "plans.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        return take("maintenance-plans", path)

    return run


@pytest.fixture
def under(app, fleet) -> Callable[[], dict[str, list[str]]]:
    """Plan → the units under it, by the names above; and the units that have a day of their own
    product's interval, because no plan arranges their inspections."""
    names = {key: name for name, key in fleet.items() if name != SATO}

    def look() -> dict[str, list[str]]:
        with app.app_context():
            found: dict[str, list[str]] = {"alone": []}
            links = sa.select(MaintenancePlan.name, PlanUnit.unit_id).join_from(
                MaintenancePlan, PlanUnit, PlanUnit.plan_id == MaintenancePlan.id
            )
            for plan, unit in db.session.execute(links):
                found.setdefault(plan, []).append(names[unit])
            found["alone"] = [names[key] for key in db.session.scalars(sa.select(UnitDue.unit_id))]
            return {plan: sorted(some) for plan, some in found.items()}

    return look


def test_a_later_file_takes_units_into_a_plan_and_out_and_is_taken_back(
    api, company, bring, under, undone, fingerprint
):
    assert bring(row("年次", "A-1；A-2") + row("半期", "A-3", every="6")).new == 2
    first = under()
    assert first == {"年次": ["A-1", "A-2"], "半期": ["A-3"], "alone": []}
    later = row("年次", "A-2；LX-210 T-9") + row("半期", "A-3", every="6")
    taken = bring(later)
    assert (taken.changed, taken.same, taken.refused) == (1, 1, [])
    assert under() == {"年次": ["A-2", "T-9"], "半期": ["A-3"], "alone": ["A-1"]}
    manager = api(company.manager)
    newest = manager.get("/imports").json["items"][0]["id"]
    told = manager.get(f"/imports/{newest}/rows?verdict=changed").json["items"][0]["changes"]
    assert told == {"units": ["A-1, A-2", "A-2, T-9"]}
    before = fingerprint()
    assert bring(later).same == 2
    assert fingerprint() == before
    assert undone()["undone"] == 1
    assert under() == first | {"alone": ["T-9"]}
    refused = bring(row("年次", "A-1；A-2；NOWHERE") + row("半期", "", every="6"))
    assert [one.line for one in refused.refused] == [2, 3]
    assert "NOWHERE" in refused.refused[0].reason
    assert under()["年次"] == ["A-1", "A-2"]


def test_what_somebody_did_to_a_plan_or_a_unit_since_the_file_stays(
    app, api, company, fleet, bring, under, undone
):
    metered = row("時間", "A-1", rule="counter", every="", first="", meter="運転時間", counts="500")
    bring(row("年次", "A-1；A-2；A-3") + metered)
    wrong = bring(row("年次", "A-1；A-2；A-3") + metered.replace("A-1", "A-1；A-2"))
    assert "A-2" in wrong.refused[0].reason
    bring(row("年次", "A-1；A-2") + metered)
    with app.app_context():
        db.session.get_one(Unit, fleet["A-2"]).account_id = fleet[SATO]
        db.session.commit()
    named = bring(row("年次", "A-2") + metered)
    assert "A-2" in named.refused[0].reason
    assert bring(row("年次", "A-1；LX-210 T-9") + metered).changed == 1
    engineer = api(company.engineer)
    [plan] = (
        one for one in engineer.get("/maintenance-plans").json["items"] if one["name"] == "年次"
    )
    address = f"/maintenance-plans/{plan['id']}"
    changed = engineer.patch(address, {"horizon_days": 30}, plan["version"])
    assert changed.status_code == 200, changed.json
    units = {"unit_ids": [fleet["A-1"], fleet["T-9b"]]}
    assert engineer.patch(address, units, changed.json["version"]).status_code == 200
    clash = bring(row("年次", "A-1；A-3") + metered)
    assert [one.line for one in clash.refused] == [2]
    assert (undone()["undone"], undone()["kept"]) == (0, 1)
    assert under()["年次"] == ["A-1", "T-9b"]


def test_a_later_file_names_other_products_of_a_campaign_until_it_has_ended(
    app, company, take, fleet, undone, tmp_path
):
    def bring(products: str, serials: str = "") -> Any:
        path = tmp_path / "campaigns.csv"
        rows = f"RC-1,弁の交換,2026-11-01,{products},{serials}\n"
        path.write_text("number,title,starts_on,products,serials\n" + rows, encoding="utf-8")
        return take("campaigns", path)

    def named() -> list[str]:
        with app.app_context():
            table = db.metadata.tables["campaign_products"].c
            codes = sa.select(Product.code).join(CampaignProduct, table.product_id == Product.id)
            return sorted(db.session.scalars(codes))

    assert bring("LX-210").new == 1
    assert bring("LX-210；PW-10").changed == 1
    assert named() == ["LX-210", "PW-10"]
    assert bring("PW-10").changed == 1
    assert bring("；").refused[0].reason and bring("NOWHERE").refused
    assert named() == ["PW-10"]
    assert undone()["undone"] == 1
    assert named() == ["LX-210", "PW-10"]
    with app.app_context():
        db.session.execute(sa.update(Campaign).values(status="ended"))
        db.session.commit()
    over = bring("LX-210", "A-1 〜 A-9")
    assert (over.changed, len(over.refused), named()) == (0, 1, ["LX-210", "PW-10"])
