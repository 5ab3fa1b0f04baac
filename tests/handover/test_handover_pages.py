"""The table in which a hand-over is filled in, its part of the deal's page, the open ones."""

from __future__ import annotations


def test_the_table_takes_what_is_typed_and_gives_back_what_is_wrong(sale, sign_in, company):
    deal = sale(pieces=2)
    deal.win()
    one, two = (row["unit_id"] for row in deal.units)
    browser, address = sign_in(company.engineer), f"/deals/{deal.key}/handover"
    assert "0" in browser.get(address).text
    form = {"unit": [str(one), str(two)]}
    for key in (one, two):
        form |= {f"original_serial_no-{key}": "", f"original_accepted_on-{key}": ""}
    wrong = browser.post(
        address, data=form | {f"serial_no-{one}": "S 1", f"accepted_on-{two}": "32日"}
    )
    assert wrong.status_code == 422
    assert 'value="S 1"' in wrong.text
    assert f'id="why-accepted_on-{two}"' in wrong.text
    assert deal.units[0]["serial_no"] == ""
    typed = form | {f"serial_no-{one}": "S 1", f"serial_no-{two}": "S 2"}
    assert browser.post(address, data=typed).status_code == 303
    assert [row["serial_no"] for row in deal.units] == ["S 1", "S 2"]
    late = browser.post(address, data=form | {f"serial_no-{one}": "S 7"})
    assert late.status_code == 422
    assert "S 1" in late.text
    same = browser.post(address, data=typed)
    assert same.status_code == 303


def test_the_rep_sees_beforehand_and_at_once_what_winning_makes(sale, sign_in, company):
    deal = sale(pieces=2)
    browser, address = sign_in(company.rep), f"/deals/{deal.key}/handover"
    assert f"{address}/preview?to=won" in browser.get(f"/deals/{deal.key}/won").text
    assert "LX-210" in browser.get(f"{address}/preview?to=won").text
    assert browser.get(f"{address}/panel").text.strip() == ""
    won = {"stage": "won", "closed_on": "2026-06-01"}
    assert browser.post(f"/deals/{deal.key}/stage", data=won).status_code == 303
    assert f"{address}/panel" in browser.get(f"/deals/{deal.key}").text
    panel = browser.get(f"{address}/panel").text
    assert panel.count("製造番号未定") == 2
    assert "受注を取り消すと" in panel
    assert deal.rep.get("/handovers").json["items"][0]["deal_id"] == deal.key


def test_service_finds_the_open_hand_overs(sale, sign_in, company, statements):
    deals = [sale(pieces=2) for _ in range(3)]
    for deal in deals:
        deal.win()
    first = deals[0]
    rows = [
        {"unit_id": row["unit_id"], "serial_no": f"Z-{place}", "accepted_on": "2026-06-20"}
        for place, row in enumerate(first.units)
    ]
    first.fill(*rows)
    browser = sign_in(company.engineer)
    listed = browser.get("/handovers").text
    assert f"/deals/{first.key}/handover" not in listed
    assert f"/deals/{deals[1].key}/handover" in listed
    assert "/handovers/panel" in browser.get("/").text
    assert f"/deals/{deals[1].key}/handover" in browser.get("/handovers/panel").text
    assert f"/deals/{first.key}/handover" in browser.get("/handovers?show=all").text
    for address in ("/handovers", f"/deals/{deals[1].key}/handover"):
        statements.clear()
        assert browser.get(address).status_code == 200
        assert len(statements) <= 12, statements
