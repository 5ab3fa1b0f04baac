"""What winning a deal makes, and what opening it again takes back."""

from __future__ import annotations


def test_winning_makes_a_unit_for_each_piece_with_a_number_a_plan_and_a_ticket(sale, api, company):
    deal = sale(pieces=3)
    foreseen = deal.handover["next"]
    assert [(one["code"], one["number"]) for one in foreseen["create"]] == [("LX-210", 3)]
    assert deal.handover["handover"] is None
    assert deal.win().status_code == 200
    made = deal.handover
    assert [(u["serial_no"], u["status"]) for u in made["units"]] == [("", "planned")] * 3
    clerk = api(company.clerk)
    ticket = clerk.get(f"/tickets/{made['handover']['ticket_id']}").json
    assert ticket["subject"].startswith("引き継ぎ D-")
    assert ticket["team_id"] == company.service
    assert ticket["assignee_id"] is None
    plans = clerk.get(f"/maintenance-plans?account_id={ticket['account_id']}").json["items"]
    assert [(p["active"], p["unit_ids"]) for p in plans] == [
        (False, [unit["unit_id"] for unit in made["units"]])
    ]
    lines = clerk.get(f"/accounts/{ticket['account_id']}/timeline").json["items"]
    told = [line["text"] for line in lines]
    assert any("サービスへ引き継ぎ：機器3台" in text for text in told)


def test_a_deal_whose_products_have_no_numbers_makes_nothing(sale, reagent):
    deal = sale(lines=[{"product_id": reagent, "quantity": 4, "unit_price": 10}])
    deal.win()
    assert deal.handover["handover"] is None
    assert deal.units == []


def test_winning_twice_makes_one_set_and_changed_lines_complete_it(sale, plant):
    deal = sale(pieces=2)
    deal.win()
    deal.win()
    deal.stage("won", rank="A")
    assert len(deal.units) == 2
    version = deal.rep.get(f"/deals/{deal.key}").json["version"]
    lines = [{"product_id": plant.product, "quantity": 4, "unit_price": 100}]
    assert deal.rep.patch(f"/deals/{deal.key}", {"lines": lines}, version).status_code == 200
    assert len(deal.units) == 4
    version = deal.rep.get(f"/deals/{deal.key}").json["version"]
    lines[0]["quantity"] = 1
    deal.rep.patch(f"/deals/{deal.key}", {"lines": lines}, version)
    assert len(deal.units) == 1


def test_opening_it_again_takes_back_what_nobody_touched(sale, api, company, plant):
    deal = sale(pieces=2)
    deal.win()
    ticket = deal.handover["handover"]["ticket_id"]
    foreseen = deal.handover["next"]
    assert len(foreseen["take_back"]) == 2
    assert foreseen["keep"] == []
    assert deal.reopen().status_code == 200
    assert deal.handover["handover"] is None
    manager = api(company.manager)
    assert manager.get(f"/units?account_id={plant.account}").json["items"] == []
    assert manager.get(f"/maintenance-plans?account_id={plant.account}").json["items"] == []
    assert manager.get(f"/tickets/{ticket}").status_code == 404
    deal.win()
    assert len(deal.units) == 2
    deal.stage("lost")
    assert deal.units == []


def test_what_somebody_touched_stays_with_the_reason_and_winning_again_completes(
    sale, api, company, sign_in
):
    deal = sale(pieces=3)
    deal.win()
    first, second, _third = (unit["unit_id"] for unit in deal.units)
    assert deal.fill({"unit_id": first, "serial_no": "A93-1"}).status_code == 201
    engineer = api(company.engineer)
    engineer.post("/work-orders", {"unit_id": second, "kind": "installation"})
    ticket = deal.handover["handover"]["ticket_id"]
    engineer.post(f"/tickets/{ticket}/notes", {"kind": "internal", "body": "搬入口を確認"})
    keep = {(one["kind"], one["id"]): one["reasons"] for one in deal.handover["next"]["keep"]}
    assert keep == {
        ("unit", first): ["製造番号 A93-1"], ("unit", second): ["作業"],
        ("ticket", ticket): ["メモ1件"],
    }  # fmt: skip
    deal.reopen()
    assert [unit["unit_id"] for unit in deal.units] == [first, second]
    page = sign_in(company.rep).get(f"/deals/{deal.key}/handover").text
    assert f'href="/units/{second}"' in page
    assert "作業" in page
    deal.win()
    assert [unit["unit_id"] for unit in deal.units][:2] == [first, second]
    assert len(deal.units) == 3
    assert deal.handover["handover"]["ticket_id"] == ticket


def test_a_recall_that_named_a_unit_meanwhile_lets_it_go_unless_somebody_cared_for_it(
    sale, api, company, plant, drained
):
    engineer = api(company.engineer)
    recall = {
        "number": "R-1", "title": "ヒーターの過熱", "product_ids": [plant.product],
        "starts_on": "2026-01-01",
    }  # fmt: skip
    campaign = engineer.post("/campaigns", recall).json["id"]
    assert engineer.post(f"/campaigns/{campaign}/start", {}).status_code == 201
    deal = sale(pieces=2)
    deal.win()
    while drained():
        pass
    items = engineer.get(f"/campaign-items?campaign_id={campaign}").json["items"]
    assert {item["unit_id"] for item in items} == {unit["unit_id"] for unit in deal.units}
    called = items[0]
    said = {"status": "appointed", "appointed_on": "2026-12-01"}
    assert engineer.post(f"/campaign-items/{called['id']}/outcome", said).status_code == 201
    keep = deal.handover["next"]["keep"]
    assert [(one["id"], one["reasons"]) for one in keep] == [
        (called["unit_id"], ["リコール・対策"])
    ]
    assert deal.reopen().status_code == 200
    assert [unit["unit_id"] for unit in deal.units] == [called["unit_id"]]
    left = engineer.get(f"/campaign-items?campaign_id={campaign}").json["items"]
    assert [item["unit_id"] for item in left] == [called["unit_id"]]


def test_filling_in_starts_the_warranty_and_the_plan_and_ends_the_hand_over(sale, api, company):
    deal = sale(pieces=2)
    deal.win()
    first, second = (unit["unit_id"] for unit in deal.units)
    days = {"delivered_on": "2026-06-10", "installed_on": "2026-06-12"}
    deal.fill({"unit_id": first, "serial_no": "Ａ９３－１　", **days})
    unit = deal.units[0]
    assert (unit["serial_no"], unit["status"]) == ("A93-1", "in_use")
    assert unit["warranty_ends_on"] == "2027-06-11"
    deal.fill({"unit_id": first, "accepted_on": "2026-06-20"})
    assert deal.units[0]["warranty_ends_on"] == "2027-06-19"
    assert deal.handover["handover"]["open"] is True
    clerk = api(company.clerk)
    (plan,) = clerk.get("/maintenance-plans").json["items"]
    assert (plan["active"], plan["first_due_on"]) == (True, "2027-06-20")
    deal.fill({"unit_id": second, "serial_no": "A93-2", "accepted_on": "2026-06-20"})
    assert deal.handover["handover"]["open"] is False


def test_a_save_writes_all_rows_or_none_and_names_each_wrong_cell(sale, unit):
    taken = unit("A93-9").json["id"]
    deal = sale(pieces=3)
    deal.win()
    one, two, three = (row["unit_id"] for row in deal.units)
    twice = deal.fill(
        {"unit_id": one, "serial_no": "B-1"}, {"unit_id": two, "serial_no": "ｂ-1 "},
        {"unit_id": three, "accepted_on": "2100-01-01"},
    )  # fmt: skip
    assert twice.status_code == 422
    assert sorted(twice.json["errors"]) == sorted(
        [f"serial_no-{one}", f"serial_no-{two}", f"accepted_on-{three}"]
    )
    known = deal.fill({"unit_id": one, "serial_no": "B-1"}, {"unit_id": two, "serial_no": "a93-9"})
    assert list(known.json["errors"]) == [f"serial_no-{two}"]
    assert str(taken) in known.json["errors"][f"serial_no-{two}"][0]
    missing = deal.fill({"unit_id": one, "accepted_on": "2026-06-01"})
    assert list(missing.json["errors"]) == [f"serial_no-{one}"]
    foreign = deal.fill({"unit_id": taken, "serial_no": "X"})
    assert foreign.status_code == 422
    assert {row["serial_no"] for row in deal.units} == {""}
    deal.fill({"unit_id": one, "serial_no": "B-1"}, {"unit_id": two, "serial_no": "B-2"})
    swapped = deal.fill({"unit_id": one, "serial_no": "B-2"}, {"unit_id": two, "serial_no": "B-1"})
    assert swapped.status_code == 201
    assert [row["serial_no"] for row in deal.units] == ["B-2", "B-1", ""]


def test_what_a_new_unit_replaces_is_proposed_to_be_taken_out_of_use(sale, unit, sign_in, company):
    old = unit("OLD-1", installed_on="2016-04-01").json["id"]
    stranger = unit("OLD-2").json["id"]
    deal = sale(pieces=1, unit_ids=[old])
    deal.win()
    (new,) = (row["unit_id"] for row in deal.units)
    assert deal.fill({"unit_id": new, "replaces_id": stranger}).status_code == 422
    deal.fill({"unit_id": new, "serial_no": "N-1", "replaces_id": old})
    assert deal.handover["to_remove"] == []
    deal.fill({"unit_id": new, "accepted_on": "2026-06-20"})
    assert deal.handover["to_remove"] == [old]
    browser = sign_in(company.engineer)
    address = f"/deals/{deal.key}/handover"
    assert f"{address}/removals" in browser.get(address).text
    assert browser.post(f"{address}/removals", data={"unit_id": old}).status_code == 303
    assert deal.rep.get(f"/units/{old}").json["removed_on"] == "2026-06-20"
    assert deal.handover["to_remove"] == []
    assert browser.post(f"{address}/removals", data={"unit_id": stranger}).status_code == 409


def test_a_planned_unit_never_looks_like_one_with_a_number(sale, api, company, sign_in, plant):
    deal = sale(pieces=2)
    deal.win()
    key = deal.units[0]["unit_id"]
    browser = sign_in(company.clerk)
    assert "製造番号未定" in browser.get(f"/units/{key}").text
    assert "製造番号未定" in browser.get("/units").text
    assert f"/units/{key}" not in browser.get(f"/units/labels?account_id={plant.account}").text
    clerk = api(company.clerk)
    running = clerk.patch(f"/units/{key}", {"status": "in_use"}, version=deal.units[0]["version"])
    assert list(running.json["errors"]) == ["serial_no"]
    bare = {"account_id": plant.account, "product_id": plant.product}
    assert list(clerk.post("/units", bare).json["errors"]) == ["serial_no"]
    assert clerk.post("/units", bare | {"status": "planned"}).status_code == 201


def test_a_won_deal_that_goes_to_another_account_takes_along_what_nobody_touched(
    sale, api, company, plant
):
    deal = sale(pieces=2)
    deal.win()
    first, second = (unit["unit_id"] for unit in deal.units)
    manager = api(company.manager)
    other = manager.post("/accounts", {"name": "株式会社富士食品"}).json["id"]
    deal.fill({"unit_id": first, "serial_no": "A93-1"})
    version = manager.get(f"/deals/{deal.key}").json["version"]
    moved = manager.patch(f"/deals/{deal.key}", {"account_id": other, "site_id": None}, version)
    assert moved.status_code == 200, moved.json
    held = {key: manager.get(f"/units/{key}").json["account_id"] for key in (first, second)}
    assert held == {first: plant.account, second: other}
    (plan,) = manager.get("/maintenance-plans").json["items"]
    assert (plan["account_id"], plan["unit_ids"]) == (other, [second])
    ticket = deal.handover["handover"]["ticket_id"]
    assert manager.get(f"/tickets/{ticket}").json["account_id"] == other
    told = manager.get(f"/accounts/{other}/timeline").json["items"]
    assert any("機器 1台、残した記録 1件" in one["text"] for one in told), told
    assert manager.get(f"/units/{second}").json["status"] == "planned"
    assert [one["id"] for one in deal.handover["next"]["keep"]] == [first]
    back = deal.reopen()
    assert back.status_code == 200, back.json
    assert [unit["unit_id"] for unit in deal.units] == [first]
