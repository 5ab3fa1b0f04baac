"""A model that was entered twice is one product, and two again when that was a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.alerts.models import Alert
from crm.campaigns.models import CampaignProduct
from crm.clock import today
from crm.deals.models import DealLine
from crm.doubles import merging, unmerging
from crm.doubles.referring import references
from crm.extensions import db
from crm.installed_base.models import ContractScope, Unit
from crm.products.models import Product, ProductRelation
from tests.doubles.companies import state
from tests.doubles.test_units import seen
from tests.records import (
    a_campaign,
    a_contract,
    a_deal,
    a_product,
    a_unit,
    an_account,
    an_alert,
)

FIELDS = ("code", "name", "maker", "category", "list_price", "successor_id", "serialised")
SIDES = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(("survivor", "lost")))


def two_products(company, tag: str = "", twin: str = "") -> tuple[int, int]:
    """GTX Pro and GTXPro, each sold and under contract; `twin` is a number that both have."""
    account = an_account(company.rep, company.first_team)
    one = a_product(f"GTX Pro{tag}", name="GTX Pro", maker="ブラザー", category="印刷")
    two = a_product(f"GTXPro{tag}", name="ブラザー ＧＴＸＰｒｏ", list_price=None, category="")
    unit, _other = (_sold(company, account, key, f"{key}-{tag}") for key in (one, two))
    if twin:
        a_unit(account, one, twin)
        a_unit(account, two, twin)
    contract = a_contract(account, [], today(), today() + timedelta(days=90), f"G{tag}")
    db.session.add_all(ContractScope(contract_id=contract, product_id=key) for key in (one, two))
    db.session.add(ProductRelation(product_id=one, other_id=two, kind="upgrade"))
    db.session.add(CampaignProduct(campaign_id=a_campaign(account, unit, one, tag)[0],
                                   product_id=two))  # fmt: skip
    offer = {"ja": "保守契約", "en": "A contract", "product_id": two}
    an_alert(account, company.rep, company.first_team, unit_id=unit, offer=offer, dedupe=f"x{tag}")
    seen()
    return one, two


def _sold(company, account: int, key: int, serial: str) -> int:
    deal = a_deal(account, company.rep, company.first_team)
    option = a_product(f"OP-{serial}", successor_id=key)
    db.session.add_all([
        DealLine(deal_id=deal, product_id=key), DealLine(deal_id=deal, product_id=option),
        ProductRelation(product_id=key, other_id=option, kind="option"),
    ])  # fmt: skip
    return a_unit(account, key, serial, attributes={})


@settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(choices=SIDES, swapped=st.booleans())
def test_what_nobody_touched_comes_back_row_by_row(app, company, choices, swapped):
    with app.app_context():
        tag = f"{db.session.scalar(sa.select(sa.func.max(Unit.id))) or 0}"
        survivor, lost = two_products(company, tag)
        survivor, lost = (lost, survivor) if swapped else (survivor, lost)
        before = state()
        merge = merging.merge("product", survivor, lost, choices, company.manager)
        db.session.commit()
        for one in references("product"):
            rows = sa.select(sa.func.count()).select_from(one.table)
            assert db.session.scalar(rows.where(*one.naming(lost))) == 0, one.name
        offered = db.session.scalars(sa.select(Alert.offer)).all()
        assert lost not in {one["product_id"] for one in offered}
        assert unmerging.unmerge(merge, company.manager) == []
        db.session.commit()
        after = state()
        assert [name for name in before if before[name] != after[name]] == []


def test_units_that_would_be_equal_are_named_and_come_first(app, api, sign_in, company, statements):
    with app.app_context():
        one, two = two_products(company, twin="A-100")
        db.session.get_one(Product, two).list_price = 5
        db.session.commit()
    manager, browser = api(company.manager), sign_in(company.manager)
    browser.get("/doubles?kind=product")
    statements.clear()
    page = browser.get(f"/products/{one}/merge?with={two}").text
    assert len(statements) <= 12
    plan = manager.get(f"/products/{one}/merge?lost_id={two}").json
    assert plan["clashes"] == {"twins": 1, "relations": 1, "families": 1}
    twins = plan["twins"][0]
    assert f"/units/{twins['survivor_id']}/merge?with={twins['lost_id']}" in page
    refused = manager.post(f"/products/{one}/merge", {"lost_id": two})
    assert refused.status_code == 409 and "A-100" in refused.json["detail"]
    order = {"lost_id": twins["lost_id"]}
    assert manager.post(f"/units/{twins['survivor_id']}/merge", order).status_code == 201
    form = {"lost_id": two, "name": "lost", "list_price": "survivor"}
    done = browser.post(f"/products/{one}/merge", data=form, follow_redirects=True)
    assert "統合しました" in done.text and "に統合" in done.text
    assert browser.get(f"/products/{two}").location == f"/products/{one}"
    assert browser.get(f"/products/{one}/merge?q=GTX").status_code == 200
    key = manager.get(f"/products/{one}/merges").json["items"][0]["id"]
    back = manager.post(f"/products/{one}/unmerge", {"merge_id": key})
    assert back.json["left_over"] == []
    assert api(company.rep).post(f"/products/{one}/merge", {"lost_id": two}).status_code == 404


def test_a_product_and_its_successor_are_two(app, company):
    with app.app_context():
        one = a_product("GTX")
        middle = a_product("GTX2", successor_id=one)
        two = a_product("GTX3", successor_id=middle)
        with pytest.raises(Exception, match="後継機種"):
            merging.merge("product", one, two, {}, company.manager)
