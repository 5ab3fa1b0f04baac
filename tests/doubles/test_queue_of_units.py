"""Machines and models that were entered twice: told while they are typed, queued by night."""

from __future__ import annotations

import pytest

from crm.clock import today
from crm.doubles import jobs
from crm.extensions import db
from tests.doubles.companies import pairs
from tests.records import a_unit, an_account


@pytest.fixture
def entered(app, api, company) -> dict[str, int]:
    """GTX Pro in two spellings, a machine of either, and a lot of three."""
    manager = api(company.manager)
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        other = an_account(company.stranger, company.second_team, name="別の会社", name_key="別")

    def product(code: str, name: str, **more: str) -> int:
        made = manager.post("/products", {"code": code, "name": name, **more})
        assert made.status_code == 201, made.json
        found: int = made.json["id"]
        return found

    one = product("P-10", "GTX Pro", maker="ブラザー")
    two = product("P-77", "ブラザー ＧＴＸＰｒｏ")
    with app.app_context():
        keys = {
            "lot": a_unit(account, one, "A-001"), "next": a_unit(account, one, "A-002"),
            "letter": a_unit(account, one, "A-OO1"), "alike": a_unit(other, two, "A-001"),
        }  # fmt: skip
        jobs.nightly({"day": today().isoformat()})
        db.session.rollback()
        jobs.compare({})
        db.session.commit()
    return keys | {"one": one, "two": two, "account": account}


def test_the_night_finds_them_and_same_merges_them(app, api, sign_in, company, entered, statements):
    one, two, lot, letter = (entered[name] for name in ("one", "two", "lot", "letter"))
    with app.app_context():
        found = {pair[:3]: pair[3] for pair in pairs()}
    assert found.keys() == {
        ("product", one, two), ("unit", lot, letter), ("unit", lot, entered["alike"]),
    }  # fmt: skip
    assert found["unit", lot, letter] == ["serial_letters", "same_product", "same_account"]
    assert found["product", one, two] == ["model", "maker_missing"]
    manager, browser = api(company.manager), sign_in(company.manager)
    for kind, words in (("unit", "Oと0、Iと1の違いだけ"), ("product", "機種名が同じ")):
        browser.get(f"/doubles?kind={kind}")
        statements.clear()
        page = browser.get(f"/doubles?kind={kind}").text
        assert len(statements) <= 12 and words in page
    assert browser.get(f"/units/{lot}/merge").text.count("A-OO1") == 1
    mine = api(company.rep).get("/doubles?kind=unit").json["items"]
    assert [(pair["left_id"], pair["right_id"]) for pair in mine] == [(lot, letter)]
    assert api(company.rep).get("/doubles?kind=product").json["items"] == []
    pair = manager.get("/doubles?kind=product").json["items"][0]
    assert pair["left_account_id"] is None
    refused = manager.post(f"/doubles/{pair['id']}/decision", {"decision": "same"})
    assert refused.status_code == 409
    done = manager.post(f"/doubles/{mine[0]['id']}/decision", {"decision": "same"})
    assert (done.status_code, done.json["state"]) == (201, "merged")


def test_they_are_told_while_somebody_types(api, sign_in, company, entered):
    account, product = entered["account"], entered["one"]
    body = {"account_id": account, "product_id": product, "serial_no": "A 0O1",
            "installed_on": "2026-11-02"}  # fmt: skip
    clerk = api(company.clerk)
    strict = clerk.post("/units", body, Prefer="handling=strict")
    assert strict.status_code == 409 and "A-001" in str(strict.json["errors"])
    told = clerk.post("/units", body).json["possible_doubles"]
    assert {one["id"]: one["reasons"] for one in told} == {
        entered["lot"]: ["letters", "product", "account"],
        entered["letter"]: ["letters", "product", "account"],
    }  # fmt: skip
    lone = clerk.post("/units", body | {"serial_no": "A-003"}).json
    assert lone["possible_doubles"] == []
    browser = sign_in(company.manager)
    page = browser.get(f"/units/alike?serial_no=a001&product_id={product}").text
    assert f"/units/{entered['lot']}" in page and "ハイフン" in page
    assert f"/units/{entered['next']}" not in page
    page = browser.get("/products/alike?name=GTX-PRO&code=X").text
    assert f"/products/{product}" in page and f"/products/{entered['two']}" in page
    assert "/units/alike" in browser.get(f"/units/new?account_id={account}").text
    assert browser.get("/products/alike?name=GTX-PRO2&code=PX").text.strip() == ""
