"""What products are to each other."""

from __future__ import annotations

import pytest

from crm.extensions import db
from crm.products.models import Product
from tests.records import a_product


@pytest.fixture
def products(app, company) -> dict[str, int]:
    """A purifier, its cartridge and another maker's purifier."""
    with app.app_context():
        return {code: a_product(code) for code in ("PW-10", "CF-1", "ZZ-9", "PW-20")}


def shown(api, staff: int, product: int) -> list[tuple[str, bool, str]]:
    items = api(staff).get(f"/products/{product}/relations").json["items"]
    return [(one["kind"], one["incoming"], one["code"]) for one in items]


def test_a_manager_says_which_cartridge_a_purifier_needs(api, company, products):
    manager, path = api(company.manager), f"/products/{products['PW-10']}/relations"
    made = manager.post(path, {"kind": "consumable", "other_id": products["CF-1"]})
    assert made.status_code == 201, made.json
    assert made.json["code"] == "CF-1"
    manager.post(path, {"kind": "competitor_equivalent", "other_id": products["ZZ-9"]})
    assert shown(api, company.rep, products["PW-10"]) == [
        ("consumable", False, "CF-1"), ("competitor_equivalent", False, "ZZ-9"),
    ]  # fmt: skip
    assert shown(api, company.rep, products["CF-1"]) == [("consumable", True, "PW-10")]
    gone = manager.delete(f"{path}?kind=consumable&other_id={products['CF-1']}")
    assert gone.status_code == 204, gone.json
    assert manager.delete(f"{path}?kind=consumable&other_id={products['CF-1']}").status_code == 404
    assert shown(api, company.rep, products["CF-1"]) == []


def test_nobody_relates_a_product_twice_or_to_itself(api, company, products):
    manager, path = api(company.manager), f"/products/{products['PW-10']}/relations"
    option = {"kind": "option", "other_id": products["CF-1"]}
    assert manager.post(path, option).status_code == 201
    assert list(manager.post(path, option).json["errors"]) == ["other_id"]
    back = {"kind": "option", "other_id": products["PW-10"]}
    answer = manager.post(f"/products/{products['CF-1']}/relations", back)
    assert answer.status_code == 409
    answer = manager.post(path, back)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["other_id"])
    answer = manager.post(path, {"kind": "option", "other_id": 9999})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["other_id"])
    assert shown(api, company.rep, products["PW-10"]) == [("option", False, "CF-1")]


def test_the_successor_of_a_product_has_one_truth(api, company, products):
    manager, path = api(company.manager), f"/products/{products['PW-10']}"
    answer = manager.post(f"{path}/relations", {"kind": "successor", "other_id": products["PW-20"]})
    assert answer.status_code == 422
    assert "後継は製品の項目です" in answer.json["errors"]["kind"][0]
    version = manager.get(path).json["version"]
    manager.patch(path, {"successor_id": products["PW-20"]}, version=version)
    assert shown(api, company.rep, products["PW-10"]) == [("successor", False, "PW-20")]
    assert shown(api, company.rep, products["PW-20"]) == [("successor", True, "PW-10")]


def test_the_page_of_a_product_takes_and_gives_back_a_relation(company, sign_in, products):
    page = f"/products/{products['PW-10']}"
    browser = sign_in(company.manager)
    option = {"kind": "option", "other_id": str(products["CF-1"])}
    assert browser.post(f"{page}/relations", data=option).status_code == 303
    text = browser.get(page).text
    assert "オプション" in text
    assert "関連製品を登録" in text
    assert ">sales<" not in text
    refused = browser.post(f"{page}/relations", data={"kind": "option", "other_id": ""})
    assert refused.status_code == 422
    rep = sign_in(company.rep)
    assert f"{page}/relations" not in rep.get(page).text
    assert (
        sign_in(company.manager).post(f"{page}/relations/removal", data=option).status_code == 303
    )
    assert "関連製品を取消" in sign_in(company.rep).get(page).text


def test_a_removed_product_takes_its_relations_along(api, app, company, products):
    api(company.manager).post(
        f"/products/{products['PW-10']}/relations",
        {"kind": "option", "other_id": products["CF-1"]},
    )
    gone = api(company.admin).delete(f"/products/{products['CF-1']}", version=1)
    assert gone.status_code == 204, gone.text
    assert shown(api, company.rep, products["PW-10"]) == []
    with app.app_context():
        assert db.session.get(Product, products["CF-1"]) is None
