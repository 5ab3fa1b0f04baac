"""Buildings, floors and rooms of a site, and the units that stand in them."""

from __future__ import annotations

import pytest


@pytest.fixture
def place(api, company, plant):
    """Enter a place: `place("本館")`, `place("2階", parent_id=1)`."""

    def make(name: str, **more: object):
        return api(company.rep).post("/locations", {"site_id": plant.site, "name": name} | more)

    return make


@pytest.fixture
def lab(place):
    """本館 2階 分析室, as keys."""
    building = place("本館").json["id"]
    floor = place("2階", parent_id=building).json["id"]
    return building, floor, place("分析室", parent_id=floor).json["id"]


def test_a_unit_in_a_room_says_the_whole_path_and_a_new_name_is_shown_everywhere(
    api, company, unit, lab, plant
):
    building, floor, room = lab
    made = unit(location_id=room, installed_on="2024-04-01").json
    assert (made["location"], made["site_id"]) == ("本館 2階 分析室", plant.site)
    part = unit("P-1", parent_id=made["id"]).json
    assert (part["location_id"], part["location"]) == (room, "本館 2階 分析室")
    rep = api(company.rep)
    assert rep.get(f"/locations/{room}").json["path"] == "本館 2階 分析室"
    renamed = rep.patch(f"/locations/{floor}", {"name": "3階"}, version=1)
    assert renamed.json["path"] == "本館 3階"
    for key in (made["id"], part["id"]):
        assert rep.get(f"/units/{key}").json["location"] == "本館 3階 分析室"
    past = rep.get(f"/units/{made['id']}/state?on=2024-05-01").json
    assert (past["location"], past["location_id"]) == ("本館 3階 分析室", room)
    up = rep.patch(f"/locations/{room}", {"parent_id": building}, version=1)
    assert up.json["path"] == "本館 分析室"
    lines = rep.get(f"/accounts/{plant.account}/timeline").json["items"]
    assert any("本館 2階 → 本館 3階" in line["text"] for line in lines)


def test_places_form_a_tree_and_nothing_else(api, company, place, lab, plant):
    building, _floor, room = lab
    rep, manager = api(company.rep), api(company.manager)
    site = manager.post("/sites", {"account_id": plant.account, "name": "別館"}).json["id"]
    circle = rep.patch(f"/locations/{building}", {"parent_id": room}, version=1)
    assert list(circle.json["errors"]) == ["parent_id"]
    assert list(place("x", parent_id=building, site_id=site).json["errors"]) == ["parent_id"]
    assert list(place("本館").json["errors"]) == ["name"]
    key = room
    for name in ("a", "b", "c"):
        key = place(name, parent_id=key).json["id"]
    assert list(place("d", parent_id=key).json["errors"]) == ["parent_id"]
    other = place("倉庫").json["id"]
    deep = rep.patch(f"/locations/{building}", {"parent_id": other}, version=1)
    assert list(deep.json["errors"]) == ["parent_id"]
    assert list(place("長" * 60, parent_id=place("長" * 60).json["id"]).json["errors"]) == ["name"]
    assert list(place("x", site_id=99).json["errors"]) == ["site_id"]


def test_a_place_in_which_something_stands_is_not_removed(api, company, unit, lab):
    building, _floor, room = lab
    manager = api(company.manager)
    made = unit(location_id=room).json
    refused = manager.delete(f"/locations/{building}", version=1)
    assert refused.status_code == 409
    assert "1台" in refused.json["detail"]
    manager.patch(f"/units/{made['id']}", {"location": "廊下"}, version=made["version"])
    assert manager.get(f"/units/{made['id']}").json["location_id"] is None
    assert manager.delete(f"/locations/{building}", version=1).status_code == 409
    assert manager.delete(f"/locations/{room}", version=1).status_code == 204
    past = manager.get(f"/units/{made['id']}/states").json["items"]
    assert past[-1]["location"] == "本館 2階 分析室"


def test_a_move_goes_to_a_room_and_takes_the_parts_along(api, company, unit, lab, plant):
    building, _floor, room = lab
    rep, manager = api(company.rep), api(company.manager)
    made = unit(location_id=building, installed_on="2024-04-01").json
    part = unit("P-1", parent_id=made["id"]).json
    move = {"location_id": room, "reason": "模様替え", "on": "2025-01-10"}
    assert rep.post(f"/units/{made['id']}/move", move).json["location"] == "本館 2階 分析室"
    assert rep.get(f"/units/{part['id']}").json["location_id"] == room
    before = rep.get(f"/units/{made['id']}/state?on=2025-01-09").json
    assert (before["location_id"], before["location"]) == (building, "本館")
    other = manager.post("/sites", {"account_id": plant.account, "name": "別館"}).json["id"]
    gone = rep.post(f"/units/{made['id']}/move", {"site_id": other, "reason": "移設"}).json
    assert (gone["location_id"], gone["location"]) == (None, "")
    wrong = {"site_id": other, "location_id": room, "reason": "x", "account_id": plant.account}
    back = rep.post(f"/units/{made['id']}/move", wrong | {"site_id": plant.site})
    assert back.json["location_id"] == room
    refused = rep.patch(
        f"/units/{made['id']}", {"site_id": other, "location_id": room}, back.json["version"]
    )
    assert list(refused.json["errors"]) == ["location_id"]


def test_places_are_entered_renamed_and_removed_on_the_page_of_a_site(
    sign_in, company, plant, unit, statements
):
    browser, address = sign_in(company.rep), f"/sites/{plant.site}/places"
    assert address in browser.get(f"/units/sites?account_id={plant.account}").text
    assert browser.post(address, data={"name": "本館", "parent_id": ""}).status_code == 303
    assert browser.post(address, data={"name": "2階", "parent_id": "1"}).status_code == 303
    twice = browser.post(address, data={"name": "2階", "parent_id": "1"})
    assert (twice.status_code, 'value="2階"' in twice.text) == (422, True)
    key = unit(location_id=2).json["id"]
    statements.clear()
    page = browser.get(address).text
    assert len(statements) <= 12
    assert "/units?location_id=2" in page
    assert f"/units/{key}" in browser.get("/units?location_id=2").text
    assert f"/units/{key}" not in browser.get("/units?location_id=1").text
    assert browser.post("/places/2", data={"name": "3階", "parent_id": "1"}).status_code == 303
    assert "本館 3階" in browser.get(f"/units/{key}").text
    late = browser.post("/places/2", data={"name": "地階", "parent_id": "1", "version": "1"})
    assert (late.status_code, 'value="地階"' in late.text) == (422, True)
    assert "ほかの方" in late.text
    assert "本館 3階" in browser.get(f"/units/{key}").text
    refused = browser.post("/places/1/removal")
    assert refused.status_code == 422
    form = browser.get(f"/units/{key}/edit").text
    assert '<option value="2" selected>本館 3階</option>' in form


def test_accounts_and_units_are_picked_by_name_with_and_without_script(
    sign_in, company, unit, plant, api, drained
):
    one, two = unit("K-100").json, unit("K-200").json
    browser = sign_in(company.rep)
    rep = api(company.rep)
    other = rep.post("/accounts", {"name": "鈴木商店"}).json["id"]
    asked = f"/units/choices?account_id={plant.account}&name=parent_id"
    found = browser.get(f"{asked}&parent_id_q=K-100").text
    assert f'value="{one["id"]}"' in found
    assert browser.get(f"/units/choices?account_id={plant.account}&name=x").status_code == 400
    edit = f"/units/{two['id']}/edit"
    form = {"version": "1", "original_parent_id": "", "parent_id": ""}
    many = browser.post(edit, data=form | {"parent_id_q": "K-"})
    assert many.status_code == 422
    assert f'name="parent_id" value="{one["id"]}"' in many.text
    owner = {"original_end_user_account_id": "", "end_user_account_id": ""}
    typed = form | owner | {"parent_id_q": "K-100", "end_user_account_id_q": "鈴木"}
    assert browser.post(edit, data=typed).status_code == 303
    saved = rep.get(f"/units/{two['id']}").json
    assert (saved["parent_id"], saved["end_user_account_id"]) == (one["id"], other)
    move = {"account_id": str(plant.account), "original_account_id": str(plant.account)}
    move |= {"account_id_q": "鈴木", "reason": "譲渡", "site_id": "", "location": ""}
    assert browser.post(f"/units/{one['id']}/move", data=move).status_code == 303
    assert rep.get(f"/units/{two['id']}").json["account_id"] == other
    nobody = browser.post(f"/units/{one['id']}/move", data=move | {"account_id_q": "ない名"})
    assert nobody.status_code == 422
