"""Pages of work orders: the list, the dense form, the next state, a loan, the codes."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from crm.clock import today
from tests.service.conftest import form

STATE, LOAN = '<form class="next wo-next"', '<form class="form"'


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


def test_the_list_is_what_its_address_says(sign_in, company, opened, unit, app):
    with app.app_context():
        past, ahead = today() - timedelta(days=3), today() + timedelta(days=3)
    late = opened(unit_id=unit("A").json["id"], symptom="液漏れ", planned_on=past.isoformat())
    soon = opened(
        unit_id=unit("B").json["id"], symptom="異音", kind="inspection",
        planned_at=f"{ahead}T13:00", assignee_id=company.engineer,
    )  # fmt: skip
    done = opened(unit_id=unit("C").json["id"], symptom="済んだこと", done_on=past.isoformat())
    engineer = sign_in(company.engineer)
    page = text(engineer.get("/work-orders"))
    assert page.index(f"WO-{late['id']}") < page.index(f"WO-{soon['id']}")
    assert "済んだこと" not in page and "3日超過" in page and "13:00" in page
    for query, shown in (
        ("status=late", [late]), ("status=all", [late, soon, done]), ("status=returned", [done]),
        ("status=nobody", [late]),
        (f"who={company.engineer}", [soon]), ("kind=inspection", [soon]), (f"day={ahead}", [soon]),
        (f"account_id={late['account_id']}&sort=-opened", [late, soon]), ("status=repairing", []),
    ):  # fmt: skip
        page = text(engineer.get(f"/work-orders?{query}"))
        every = (late, soon, done)
        found = [one for one in every if f'href="/work-orders/{one["id"]}?{query}"' in page]
        assert found == shown, query
    for query in ("status=x", "who=x", "day=31", "kind=x", "sort=symptom", "cursor=x"):
        assert engineer.get(f"/work-orders?{query}").status_code == 400, query


def test_work_leads_to_what_stands_beside_it_in_its_list(sign_in, company, opened, unit):
    days = ("2026-12-03", None, "2026-12-01", "2026-12-02")
    keys = [
        opened(
            unit_id=unit(f"B{number}").json["id"], planned_on=day,
            kind="inspection" if number != 3 else "repair",
        )["id"]
        for number, day in enumerate(days)
    ]  # fmt: skip
    engineer, along = sign_in(company.engineer), "?kind=inspection"
    page = text(engineer.get(f"/work-orders/{keys[0]}{along}"))
    assert f'href="/work-orders{along}"' in page
    assert f'hx-get="/work-orders/{keys[0]}/place{along}"' in page
    beside = engineer.get(f"/work-orders/{keys[0]}/place{along}").text
    assert "2 / 3" in beside
    assert f'href="/work-orders/{keys[2]}{along}" data-prev' in beside
    assert f'href="/work-orders/{keys[1]}{along}" data-next' in beside
    assert "4 / 4" in engineer.get(f"/work-orders/{keys[1]}/place").text
    assert engineer.get(f"/work-orders/{keys[3]}/place{along}").text.strip() == ""


def test_a_companion_who_is_gone_is_told_beside_the_field(sign_in, company, opened):
    path = f"/work-orders/{opened()['id']}/edit"
    engineer = sign_in(company.engineer)
    answer = engineer.post(path, data=form(engineer, path) | {"companion_ids": ["999"]})
    assert answer.status_code == 422
    assert 'id="why-companion_ids"' in text(answer)
    answer = engineer.post(path, data=form(engineer, path) | {"companion_ids": ["x", "y"]})
    assert text(answer).count("整数ではありません。") == 1


def test_the_form_keeps_what_is_typed_and_puts_two_people_together(
    sign_in, company, opened, api, codes
):
    work = opened(
        parts=[{"name": "給水電磁弁", "unit_price": 38_000}, {"name": "給水ホース"}],
        companion_ids=[company.colleague], planned_at="2026-11-27T09:00",
    )  # fmt: skip
    path = f"/work-orders/{work['id']}"
    engineer = sign_in(company.engineer)
    first = form(engineer, f"{path}/edit")
    assert first["planned_from"] == ["09:00"] and len(first["parts.name"]) == 4
    first["parts.name"][2], first["parts.fitted_serial"][2] = "フィルタ", "FC2611"
    first["symptom_code"], first["symptom"] = ["S12"], ["一行目\n二行目"]
    more = engineer.post(f"{path}/edit", data=first | {"more": "parts"})
    assert more.status_code == 200 and "FC2611" in text(more) and "二行目" in text(more)
    assert api(company.engineer).get(path).json["version"] == 1
    wrong = engineer.post(f"{path}/edit", data=first | {"parts.quantity": ["1", "1", "0", "1"]})
    assert wrong.status_code == 422 and "FC2611" in text(wrong)
    other = form(engineer, f"{path}/edit")
    other["parts.unit_price"][1], other["checks.item"][0] = "2,400", "漏水"
    other["checks.passed"][0] = "1"
    assert engineer.post(f"{path}/edit", data=other).status_code == 303
    saved = engineer.post(f"{path}/edit", data=first)
    assert saved.status_code == 303, text(saved)[:4000]
    there = api(company.engineer).get(path).json
    assert [(one["name"], one["unit_price"]) for one in there["parts"]] == [
        ("給水電磁弁", 38_000), ("給水ホース", 2_400), ("フィルタ", 0),
    ]  # fmt: skip
    assert there["checks"][0]["passed"] is True
    assert (there["symptom_code"], there["companion_ids"]) == ("S12", [company.colleague])
    page = text(engineer.get(path))
    assert "S12" in page and "製氷しない" in page and "¥40,400" in page
    clash = first | {"parts.unit_price": ["9", "0", "0", "0"]}
    refused = engineer.post(f"{path}/edit", data=clash)
    assert refused.status_code in (409, 422)
    clock = form(engineer, f"{path}/edit") | {"planned_on": "", "planned_from": "10:00"}
    assert engineer.post(f"{path}/edit", data=clock).status_code == 422


def test_the_work_is_finished_and_lent_on_its_pages(sign_in, company, opened, unit, api, app):
    ours = api(company.manager).post("/accounts", {"name": "東都サイエンス株式会社"}).json["id"]
    loaner = unit("LOAN-1", account_id=ours, status="spare").json["id"]
    work = opened(unit_id=unit("BROKEN").json["id"])
    path, engineer = f"/work-orders/{work['id']}", sign_in(company.engineer)
    lend = form(engineer, f"{path}/loan", LOAN) | {"unit_id": str(loaner)}
    assert engineer.post(f"{path}/loan", data=lend | {"unit_id": ""}).status_code == 422
    assert engineer.post(f"{path}/loan", data=lend).status_code == 303
    assert engineer.post(f"{path}/loan", data=lend).status_code == 303
    page = text(engineer.get(path))
    assert page.count("LOAN-1") == 1 and "貸出中" in page
    assert "LOAN-1" in text(engineer.get("/work-orders?status=lent"))
    step = form(engineer, path, STATE) | {"status": "estimating", "note": "代理店へ照会"}
    assert engineer.post(f"{path}/state", data=step).status_code == 303
    ask = form(engineer, path, STATE) | {"status": "awaiting_approval", "note": "急ぎ"}
    asked = engineer.post(f"{path}/state", data=ask | {"estimate_amount": ""})
    assert asked.status_code == 422 and "急ぎ" in text(asked)
    assert engineer.post(f"{path}/state", data=ask | {"estimate_amount": "¥168,000"}).location
    assert "代理店へ照会" in text(engineer.get(path)) and "¥168,000" in text(engineer.get(path))
    assert f"{path}/finish" not in text(engineer.get(path))
    back = engineer.post(f"{path}/return", data={"returned_on": ""})
    assert back.status_code == 303 and "返却済" in text(engineer.get(path))
    assert path not in text(engineer.get("/work-orders?status=lent"))
    agreed = form(engineer, path, STATE) | {"status": "repairing", "approved_by": "鈴木"}
    assert engineer.post(f"{path}/state", data=agreed).status_code == 303
    last = form(engineer, f"{path}/finish") | {"labour_amount": "168,000", "action": "基板交換"}
    assert engineer.post(f"{path}/finish", data=last).status_code == 303
    done = api(company.engineer).get(path).json
    assert (done["status"], done["invoice_amount"]) == ("returned", 168_000)


def test_administrators_change_codes_on_their_page(sign_in, company, codes):
    admin = sign_in(company.admin)
    body = form(admin, "/fault-codes") | {"kind": "cause", "code": "C99", "name": "落雷"}
    assert admin.post("/fault-codes", data=body).status_code == 303
    assert admin.post("/fault-codes", data=body | {"idempotency_key": "other"}).status_code == 422
    edit = form(admin, "/fault-codes/1/edit") | {"name": "氷ができない", "active": "0"}
    assert admin.post("/fault-codes/1/edit", data=edit).status_code == 303
    page = text(sign_in(company.engineer).get("/fault-codes"))
    assert "落雷" in page and "氷ができない" in page and "使用停止" in page
    assert "code-form" not in page


@pytest.mark.parametrize("count", [1, 5])
def test_pages_take_at_most_twelve_statements(
    sign_in, company, opened, unit, statements, codes, count
):
    rows = [{"name": f"部品{n}", "chargeable": n == 1} for n in range(count)]
    for number in range(count):
        work = opened(
            unit_id=unit(f"U{number}").json["id"], parts=rows, symptom_code="S12",
            checks=[{"item": "流量"}] * count, companion_ids=[company.colleague],
            assignee_id=company.engineer,
        )  # fmt: skip
    engineer = sign_in(company.engineer)
    path = f"/work-orders/{work['id']}"
    for address in ("/work-orders", path, f"{path}/edit", f"{path}/loan", "/fault-codes"):
        engineer.get(address)
        statements.clear()
        assert engineer.get(address).status_code == 200
        assert len(statements) <= 12, (address, len(statements), statements)
