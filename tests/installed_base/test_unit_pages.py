"""The pages of units, contracts and work orders."""

from __future__ import annotations

import re

import pytest

from tests.accounts.test_account_pages import form


@pytest.fixture
def story(unit, contract, api, company, plant):
    """A unit under contract with some years of work; its key."""
    key = unit(
        site_id=plant.site, accepted_on="2019-03-29", location="2階 分析室", ownership="leased",
        lease_ends_on="2027-03-31", lessor="東都総合リース", criticality="high", lot="L2903",
        parts_supply_end_on="2029-06-30",
    ).json["id"]  # fmt: skip
    contract([key], response_hours=8, auto_renew=True)
    work = [
        {
            "unit_id": key, "kind": kind, "opened_on": f"{year}-11-12",
            "done_on": f"{year}-11-14", "parts_amount": 142_000, "downtime_minutes": 360,
            "symptom": "圧力低下", "action": "ポンプシール交換",
        }
        for year in range(2020, 2026)
        for kind in ("repair", "calibration")
    ]  # fmt: skip
    asked = {"operations": [{"op": "create", "fields": one} for one in work]}
    assert api(company.engineer).post("/work-orders/bulk", asked).json["done"] == len(work)
    return key


def test_the_unit_page_says_who_pays_and_what_ends_when(sign_in, company, story):
    page = sign_in(company.rep).get(f"/units/{story}").get_data(as_text=True)
    for text in (
        "A93-20417", "ポンプシール交換", "LX-310", "2027/03/31", "M-1", "¥7,380,000", "L2903",
        "東都総合リース", "重要度", "2029/06/30", "機種の期日 2027/09/30", "この機器の期日",
    ):  # fmt: skip
        assert text in page, text
    assert 'style="' not in page


def test_pages_take_at_most_twelve_statements(sign_in, company, story, plant, statements):
    rep = sign_in(company.rep)
    paths = [
        "/units", f"/units/{story}", f"/units/panel?account_id={plant.account}", "/products",
        f"/units/sites?account_id={plant.account}", "/units?coverage=contract", "/contracts/1",
        "/work-orders/1", f"/products/{plant.product}", "/units?q=A93&sort=warranty",
    ]  # fmt: skip
    for path in paths:
        statements.clear()
        assert rep.get(path).status_code == 200, path
        assert len(statements) <= 12, (path, statements)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("coverage=contract", True),
        ("coverage=warranty", False),
        ("coverage=chargeable", False),
        ("q=９３２０４１７", True),
        ("q=A93-20417", True),
        ("status=in_use", True),
        ("ending=warranty", False),
        ("criticality=high", True),
        ("criticality=low", False),
        ("q=L2903", True),
    ],
)
def test_units_are_found_by_what_covers_them(sign_in, company, story, query, found):
    page = sign_in(company.rep).get(f"/units?{query}").get_data(as_text=True)
    assert (f'data-row="/units/{story}' in page) is found


def test_a_unit_is_found_by_its_name_plate(sign_in, company, story):
    rep = sign_in(company.rep)
    assert rep.get("/units/SN-a93 20417").location == f"/units/{story}"
    assert rep.get("/units/SN-nothing").status_code == 404
    assert rep.get("/units?coverage=all").status_code == 400


def test_a_unit_is_entered_on_a_page_and_refused_in_words(sign_in, company, plant):
    rep = sign_in(company.rep)
    path = f"/units/new?account_id={plant.account}"
    fields = form(rep, path) | {
        "product_id": str(plant.product), "serial_no": "B1", "installed_on": "2026-02-01",
    }  # fmt: skip
    made = rep.post("/units", data=fields)
    assert made.status_code == 303, made.get_data(as_text=True)
    again = form(rep, path) | {"product_id": str(plant.product), "serial_no": "Ｂ１"}
    refused = rep.post("/units", data=again)
    assert refused.status_code == 422
    assert "why-serial_no" in refused.get_data(as_text=True)
    edit = made.location + "/edit"
    assert rep.post(edit, data=form(rep, edit) | {"location": "3階"}).status_code == 303
    wrong = form(rep, edit) | {"removed_on": "2020-01-01", "end_of_support_on": "2020-01-01"}
    refused = rep.post(edit, data=wrong | {"lot": "L7"})
    assert refused.status_code == 422 and 'value="L7"' in refused.text
    assert "why-removed_on" in refused.text and "why-end_of_support_on" in refused.text
    more = {"criticality": "medium", "lessor": "東都総合リース", "end_of_support_on": "2031-03-31"}
    assert rep.post(edit, data=form(rep, edit) | more | {"lot": "L7"}).status_code == 303
    kept = form(rep, edit)
    assert {name: kept[name] for name in more} == more and kept["lot"] == "L7"
    panel = rep.get(f"/units/panel?account_id={plant.account}").text
    assert "重要度 中" in panel
    assert "3階" in rep.get(made.location).get_data(as_text=True)


def test_a_contract_is_made_by_ticking_units(sign_in, company, plant, story):
    rep = sign_in(company.rep)
    narrow = {"product_ids": "", "site_ids": "", "whole_account": "0"}
    path = f"/contracts/new?account_id={plant.account}"
    fields = form(rep, path) | {
        "number": "M-9", "starts_on": "2027-04-01", "ends_on": "2028-03-31",
        "annual_amount": "480,000", "unit_ids": [str(story)], "auto_renew": "0",
    }  # fmt: skip
    made = rep.post("/contracts", data=fields | narrow)
    assert made.status_code == 303, made.get_data(as_text=True)
    page = rep.get(made.location).get_data(as_text=True)
    assert "¥480,000" in page
    assert f'href="/units/{story}"' in page
    along = f"account_id={plant.account}"
    assert f"{made.location}/place?{along}" in page
    listed = rep.get(f"/contracts?{along}&sort=-ends_on").text
    assert f'href="{made.location}?{along}&amp;sort=-ends_on"' in listed
    beside = rep.get(f"{made.location}/place?{along}&sort=-ends_on").text
    assert "1 / 2" in beside and "data-next" in beside and "data-prev" not in beside
    edit = made.location + "/edit"
    late = form(rep, edit) | {"ends_on": "2026-01-01", "unit_ids": [str(story)], "auto_renew": "0"}
    assert rep.post(edit, data=late).status_code == 422
    none = form(rep, edit) | narrow | {"unit_ids": "", "auto_renew": "1"}
    assert rep.post(edit, data=none).status_code == 303
    assert f'href="/units/{story}"' not in rep.get(made.location).get_data(as_text=True)
    wide = form(rep, edit) | narrow | {"whole_account": "1", "parts_percent": "0"}
    assert rep.post(edit, data=wide).status_code == 303
    page = rep.get(made.location).get_data(as_text=True)
    assert f'href="/units/{story}"' in page and "この取引先の全機器" in page


def test_work_is_arranged_and_finished(sign_in, company, story):
    engineer = sign_in(company.engineer)
    fields = form(engineer, f"/work-orders/new?unit_id={story}") | {
        "kind": "repair", "symptom": "液漏れ",
    }  # fmt: skip
    made = engineer.post("/work-orders", data=fields)
    assert made.status_code == 303, made.get_data(as_text=True)
    finish = made.location + "/finish"
    done = form(engineer, finish) | {
        "action": "シール交換", "parts_amount": "¥142,000", "chargeable": "0",
    }  # fmt: skip
    assert engineer.post(finish, data=done).status_code == 303
    page = engineer.get(made.location).get_data(as_text=True)
    assert "¥142,000" in page
    assert "シール交換" in page
    assert engineer.post(finish, data=form(engineer, finish)).status_code == 422
    assert sign_in(company.rep).get(f"/work-orders/new?unit_id={story}").status_code in (403, 404)


def test_the_account_page_counts_units_by_site(sign_in, company, plant, story):
    part = sign_in(company.rep).get(f"/units/sites?account_id={plant.account}")
    assert "川崎工場" in part.get_data(as_text=True)
    panel = sign_in(company.rep).get(f"/units/panel?account_id={plant.account}")
    assert re.search(r'hx-swap-oob="true"', panel.get_data(as_text=True))
    paid = sign_in(company.rep).get(f"/contracts/totals?account_id={plant.account}")
    assert "¥480,000" in paid.get_data(as_text=True)


def test_one_leafs_through_the_units_of_a_customer(sign_in, company, unit, api):
    first, gone, last = (unit(f"P{number}").json["id"] for number in range(3))
    body = {"status": "removed", "removed_on": "2026-01-10"}
    api(company.rep).patch(f"/units/{gone}", body, version=1)
    browser = sign_in(company.rep)
    page = browser.get(f"/units/{first}").text
    assert "1 / 2" in page and f'href="/units/{last}" data-next' in page
    assert "data-prev aria-label" not in page
    end = browser.get(f"/units/{last}").text
    assert "2 / 2" in end and f'href="/units/{first}" data-prev' in end
    assert f'/units/{gone}?status=removed"' in browser.get("/units?status=removed").text
    assert (
        f"/units/{gone}/place?status=removed" in browser.get(f"/units/{gone}?status=removed").text
    )
    assert "1 / 1" in browser.get(f"/units/{gone}/place?status=removed").text
    assert "2 / 3" in browser.get(f"/units/{gone}/place?sort=id").text


def test_the_page_of_a_unit_tells_its_deals_and_the_parts_it_got(
    sign_in, api, company, plant, story, statements
):
    rep, engineer = api(company.rep), api(company.engineer)
    deal = {"account_id": plant.account, "title": "LX-310 更新", "unit_ids": [story]}
    assert rep.post("/deals", deal | {"amount": 8_640_000}).status_code == 201
    assert rep.post("/deals", deal | {"title": "別の機器", "unit_ids": []}).status_code == 201
    part = {"name": "ポンプシール一式", "removed_serial": "EV-22", "fitted_serial": "EV-09"}
    work = {"unit_id": story, "kind": "repair", "opened_on": "2026-11-01", "parts": [part]}
    assert engineer.post("/work-orders", work).status_code == 201
    deals, parts = f"/deals/of-unit?unit_id={story}", f"/work-orders/parts?unit_id={story}"
    browser = sign_in(company.rep)
    page = browser.get(f"/units/{story}").text
    assert f'hx-get="{deals}"' in page and f'hx-get="{parts}"' in page
    statements.clear()
    told = browser.get(deals).text
    assert "LX-310 更新" in told and "別の機器" not in told and "¥8,640,000" in told
    assert "¥" not in sign_in(company.clerk).get(deals).text
    used = browser.get(parts).text
    assert used.index("ポンプシール一式") < used.index("EV-22") < used.index("EV-09")
    assert len(statements) <= 15
    assert browser.get("/deals/of-unit?unit_id=99999").status_code == 404
