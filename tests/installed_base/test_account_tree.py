"""All that stands at a customer, place by place."""

from __future__ import annotations

import re

import pytest

from crm.installed_base import account_tree_views


@pytest.fixture
def estate(unit, api, company, plant):
    """Two sites, a unit with a component of a component, one without a place, one removed."""
    rep = api(company.rep)
    atsugi = rep.post("/sites", {"account_id": plant.account, "name": "厚木センター"}).json["id"]
    top = unit("T1", site_id=plant.site, location="2階 分析室", installed_on="2024-04-01").json[
        "id"
    ]
    pump = unit("P1", parent_id=top).json["id"]
    unit("S1", parent_id=pump)
    unit("A1", site_id=atsugi, location="1階")
    unit("N1")
    gone = unit("G1", site_id=plant.site, location="2階 分析室").json
    rep.patch(f"/units/{gone['id']}", {"status": "removed", "removed_on": "2026-01-10"}, 1)
    for day in ("2026-10-01", "2023-01-05"):
        api(company.engineer).post(
            "/work-orders", {"unit_id": top, "kind": "repair", "opened_on": day,
                             "parts_amount": 142_000}
        )  # fmt: skip
    return plant.account, atsugi, top


def shown(text: str) -> list[str]:
    """Serial numbers in the order of the page, with how deep each stands."""
    return [f"{serial}{level}" for level, serial in re.findall(r"lv(\d).*?</a> (\w\d) ", text)]


def test_a_customer_s_units_stand_by_site_and_room_with_their_parts(sign_in, company, estate):
    account, atsugi, _top = estate
    rep = sign_in(company.rep)
    first = rep.get(f"/accounts/{account}/units?site_id=1").get_data(as_text=True)
    assert shown(first) == ["T10", "P11", "S12"]
    for text in ("2階 分析室", "川崎工場", "厚木センター", "1件", "¥142,000"):
        assert text in first, text
    there = rep.get(f"/accounts/{account}/units?site_id={atsugi}").get_data(as_text=True)
    assert shown(there) == ["A10"]
    nowhere = rep.get(f"/accounts/{account}/units?site_id=0").get_data(as_text=True)
    assert "N10" in shown(nowhere) and "T10" not in shown(nowhere)
    removed = rep.get(f"/accounts/{account}/units?site_id=1&removed=1").get_data(as_text=True)
    assert shown(removed) == ["T10", "P11", "S12", "G10"]


def test_the_page_asks_little_however_much_stands_there(
    sign_in, company, estate, unit, plant, statements, monkeypatch
):
    monkeypatch.setattr(account_tree_views, "PAGE", 3)
    for number in range(5):
        unit(f"Z{number}", site_id=plant.site, location="9階")
    rep, address = sign_in(company.rep), f"/accounts/{plant.account}/units"
    statements.clear()
    page = rep.get(f"{address}?site_id={plant.site}").get_data(as_text=True)
    assert len(statements) <= 12, statements
    found = shown(page)
    while more := re.search(r'hx-get="([^"]+)"[^>]*hx-target="#more-units"', page):
        page = rep.get(
            more[1].replace("&amp;", "&"), headers={"HX-Request": "true"}
        ).get_data(as_text=True)  # fmt: skip
        assert "<html" not in page
        found += shown(page)
    assert found == ["T10", "P11", "S12", *(f"Z{number}0" for number in range(5))]


@pytest.mark.parametrize("query", ["site_id=x", "site_id=9999999999999999999", "cursor=zzz"])
def test_an_address_that_means_nothing_is_answered_in_words(sign_in, company, plant, query):
    answer = sign_in(company.rep).get(f"/accounts/{plant.account}/units?{query}")
    assert answer.status_code in (400, 404)
