"""The catalogue through the API."""

from __future__ import annotations

LX = {"code": "LX-210", "name": "高速液体クロマトグラフ", "warranty_months": 12}


def test_a_manager_enters_a_product(api, company):
    made = api(company.manager).post("/products", LX | {"list_price": 7_380_000})
    assert made.status_code == 201, made.json
    assert made.json["list_price"] == 7_380_000
    assert api(company.rep).post("/products", LX).status_code == 403
    assert api(company.rep).get("/products?code=LX-210").json["items"][0]["name"] == LX["name"]


def test_a_code_is_given_once_whatever_its_width(api, company):
    manager = api(company.manager)
    manager.post("/products", LX)
    answer = manager.post("/products", LX | {"code": "ｌｘ－２１０"})
    assert answer.status_code == 409
    assert list(answer.json["errors"]) == ["code"]


def test_a_product_does_not_succeed_itself(api, company):
    manager = api(company.manager)
    old = manager.post("/products", LX).json
    new = manager.post("/products", {"code": "LX-310", "name": "後継"}).json
    path = f"/products/{old['id']}"
    assert manager.patch(path, {"successor_id": new["id"]}, version=1).status_code == 200
    back = manager.patch(f"/products/{new['id']}", {"successor_id": old["id"]}, version=1)
    assert list(back.json["errors"]) == ["successor_id"]
    assert "後継をたどるとこの製品に戻る" in back.json["errors"]["successor_id"][0]
    gone = manager.patch(path, {"successor_id": 999}, version=2)
    assert list(gone.json["errors"]) == ["successor_id"]


def test_support_does_not_end_before_the_sale(api, company):
    answer = api(company.manager).post(
        "/products", LX | {"end_of_sale_on": "2026-03-31", "end_of_support_on": "2025-03-31"}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["end_of_support_on"]


def test_a_product_says_its_reading_its_consumable_and_whether_pieces_are_numbered(api, company):
    manager = api(company.manager)
    plain = manager.post("/products", LX).json
    assert (plain["name_kana"], plain["serialised"], plain["consumable_cycle_days"]) == (
        "", True, None,
    )  # fmt: skip
    told = {"name_kana": "コウソク", "serialised": False, "consumable_cycle_days": 180}
    changed = manager.patch(f"/products/{plain['id']}", told, version=1)
    assert {name: changed.json[name] for name in told} == told
    found = api(company.clerk).get("/search?q=コウソク").json
    assert "LX-210" in str(found)


def test_a_consumable_lasts_a_day_at_least(api, company):
    answer = api(company.manager).post("/products", LX | {"consumable_cycle_days": 0})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["consumable_cycle_days"]


def test_a_product_does_not_name_itself_as_what_comes_after_it(api, company):
    manager = api(company.manager)
    made = manager.post("/products", LX).json
    answer = manager.patch(f"/products/{made['id']}", {"successor_id": made["id"]}, version=1)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["successor_id"]


def test_a_manager_fills_in_the_form_of_a_product(company, sign_in):
    browser = sign_in(company.manager)
    typed = {"code": "PW-10", "name": "純水製造装置", "name_kana": "ジュンスイ", "serialised": "0"}
    made = browser.post("/products", data=typed | {"consumable_cycle_days": "１８０"})
    assert made.status_code == 303
    page = browser.get(made.location).text
    assert "ジュンスイ" in page
    assert "180日" in page
    wrong = browser.post("/products", data=typed | {"code": "B", "consumable_cycle_days": "x"})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.text
