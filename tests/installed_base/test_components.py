"""Components of units, units that took the place of others, and units sold through dealers."""

from __future__ import annotations

import pytest


@pytest.fixture
def tree(unit, plant):
    """A system, a module in it, a part of the module; their keys."""
    system = unit("SYS-1", site_id=plant.site, location="2階", installed_on="2024-04-01").json["id"]
    module = unit("MOD-1", parent_id=system, installed_on="2024-04-01").json["id"]
    return system, module, unit("PART-1", parent_id=module).json["id"]


def test_a_component_stands_where_its_unit_stands(tree, api, company, plant):
    rep = api(company.rep)
    for key in tree[1:]:
        made = rep.get(f"/units/{key}").json
        assert (made["site_id"], made["location"]) == (plant.site, "2階")
    found = rep.get(f"/units?parent_id={tree[0]}").json["items"]
    assert [one["id"] for one in found] == [tree[1]]


def test_a_unit_is_no_part_of_itself_or_of_its_parts(tree, unit, api, company):
    rep = api(company.rep)
    other = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    foreign = unit("F-1", account_id=other).json["id"]
    for key in (tree[0], tree[1], tree[2], foreign, 999):
        answer = rep.patch(f"/units/{tree[0]}", {"parent_id": key}, version=1)
        assert answer.status_code == 422, answer.json
        assert list(answer.json["errors"]) == ["parent_id"]
    assert rep.get(f"/units/{tree[0]}").json["parent_id"] is None
    moved = rep.patch(f"/units/{tree[2]}", {"account_id": other}, version=1)
    assert list(moved.json["errors"]) == ["parent_id"]


def test_a_tree_has_a_limited_depth(tree, unit):
    parent = tree[2]
    for level in range(4, 9):
        parent = unit(f"L-{level}", parent_id=parent).json["id"]
    refused = unit("L-9", parent_id=parent)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["parent_id"]


def test_components_move_with_their_unit(tree, api, company, plant):
    rep = api(company.rep)
    other = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    body = {"account_id": other, "on": "2026-03-31", "reason": "事業譲渡"}
    held = rep.post(f"/units/{tree[1]}/move", body)
    assert held.status_code == 409
    assert rep.post(f"/units/{tree[0]}/move", body).status_code == 200
    for key in tree:
        assert rep.get(f"/units/{key}").json["account_id"] == other
        newest = rep.get(f"/units/{key}/states").json["items"][0]
        assert (newest["account_id"], newest["reason"]) == (other, "事業譲渡")
    assert rep.get(f"/units/{tree[1]}/state?on=2026-03-31").json["parent_id"] == tree[0]
    assert rep.get(f"/units/{tree[1]}/state?on=2026-03-30").json["account_id"] == plant.account
    version = rep.get(f"/units/{tree[0]}").json["version"]
    rep.patch(f"/units/{tree[0]}", {"location": "5階"}, version=version)
    assert rep.get(f"/units/{tree[2]}").json["location"] == "5階"


def test_an_open_ticket_about_a_component_holds_the_unit_back(tree, api, company, plant):
    body = {
        "account_id": plant.account, "unit_id": tree[2], "channel": "phone",
        "category": "failure", "subject": "圧力低下", "voice": "圧力が下がる",
    }  # fmt: skip
    assert api(company.clerk).post("/tickets", body).status_code == 201
    rep = api(company.rep)
    other = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    move = {"account_id": other, "reason": "事業譲渡"}
    assert rep.post(f"/units/{tree[0]}/move", move).status_code == 409
    assert {rep.get(f"/units/{key}").json["account_id"] for key in tree} == {plant.account}
    assert rep.patch(f"/units/{tree[0]}", {"account_id": other}, version=1).status_code == 409
    sure = move | {"even_with_open_tickets": True}
    assert rep.post(f"/units/{tree[0]}/move", sure).status_code == 200


def test_a_component_is_taken_out_and_keeps_its_past(tree, api, company):
    rep = api(company.rep)
    assert rep.patch(f"/units/{tree[1]}", {"parent_id": None}, version=1).status_code == 200
    rows = rep.get(f"/units/{tree[1]}/states").json["items"]
    assert [row["parent_id"] for row in rows] == [None, tree[0]]
    assert api(company.manager).delete(f"/units/{tree[0]}", version=1).status_code == 204
    held = api(company.manager).delete(f"/units/{tree[1]}", version=2)
    assert held.status_code == 409


def test_what_a_unit_consists_of_goes_out_of_use_with_it(tree, unit, api, company):
    rep = api(company.rep)
    spare = unit("SPARE-1", parent_id=tree[0], installed_on="2026-04-02").json["id"]
    gone = {"status": "removed", "removed_on": "2026-04-01"}
    early = rep.patch(f"/units/{tree[0]}", gone, version=1)
    assert (early.status_code, list(early.json["errors"])) == (422, ["removed_on"])
    assert early.json["errors"]["removed_on"][0].startswith("SPARE-1：")
    assert rep.get(f"/units/{tree[0]}").json["status"] == "in_use"
    taken = {"parent_id": None, "status": "spare"}
    assert rep.patch(f"/units/{spare}", taken, version=1).status_code == 200
    assert rep.patch(f"/units/{tree[0]}", gone, version=1).status_code == 200
    for key in tree:
        made = rep.get(f"/units/{key}").json
        assert (made["status"], made["removed_on"]) == ("removed", "2026-04-01")
    assert rep.get(f"/units/{tree[1]}/state?on=2026-03-31").json["status"] == "in_use"
    assert rep.get(f"/units/{spare}").json["status"] == "spare"


def test_one_unit_takes_the_place_of_another(unit, api, company, sign_in):
    old, new = unit("OLD").json["id"], unit("NEW").json["id"]
    rep = api(company.rep)
    assert rep.patch(f"/units/{new}", {"replaces_id": old}, version=1).status_code == 200
    for key, wrong in ((new, new), (old, new)):
        version = rep.get(f"/units/{key}").json["version"]
        answer = rep.patch(f"/units/{key}", {"replaces_id": wrong}, version=version)
        assert list(answer.json["errors"]) == ["replaces_id"]
    assert list(unit("THIRD", replaces_id=old).json["errors"]) == ["replaces_id"]
    browser = sign_in(company.rep)
    for here, there in ((old, new), (new, old)):
        assert f'href="/units/{there}"' in browser.get(f"/units/{here}").get_data(as_text=True)


def test_a_unit_sold_by_a_dealer_names_its_end_user(unit, api, company, sign_in):
    user = api(company.rep).post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    key = unit(end_user_account_id=user, produced_on="2024-01-10").json["id"]
    page = sign_in(company.rep).get(f"/units/{key}").get_data(as_text=True)
    assert "相模プラント株式会社" in page
    assert "2024/01/10" in page
    api(company.rep).patch(f"/units/{key}", {"end_user_account_id": None}, version=1)
    rows = api(company.rep).get(f"/units/{key}/states").json["items"]
    assert [row["end_user_account_id"] for row in rows] == [None, user]


@pytest.mark.parametrize("field", ["delivered_on", "installed_on"])
def test_nothing_is_installed_before_it_was_produced(unit, field):
    refused = unit(produced_on="2024-04-02", **{field: "2024-04-01"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert unit(produced_on="2024-04-02", **{field: "2024-04-02"}).status_code == 201


def test_units_of_other_makers_are_one_each_by_maker_product_and_serial(unit, api, company):
    manager = api(company.manager)
    keys = [
        manager.post("/products", {"code": code, "name": "純水装置", "maker": maker}).json["id"]
        for code, maker in (("甲-1", "甲社"), ("乙-1", "乙社"))
    ]
    first = unit("X-1", product_id=keys[0], is_competitor=True)
    assert unit("X-1", product_id=keys[1], is_competitor=True).status_code == 201
    for again in ("X-1", "Ｘ－１", "x 1 　"):
        twice = unit(again, product_id=keys[0], is_competitor=True)
        assert twice.status_code == 409
        assert str(first.json["id"]) in twice.json["errors"]["serial_no"][0]


def test_the_page_shows_the_tree_of_components(tree, sign_in, company, statements):
    browser = sign_in(company.rep)
    page = browser.get(f"/units/{tree[1]}").get_data(as_text=True)
    assert f"/units/{tree[1]}/parts" in page
    assert f'href="/units/{tree[0]}"' in page
    part = browser.get(f"/units/{tree[1]}/parts").get_data(as_text=True)
    assert part.index("SYS-1") < part.index("MOD-1") < part.index("PART-1")
    statements.clear()
    browser.get(f"/units/{tree[1]}?on=2026-03-31")
    assert len(statements) <= 12, statements
