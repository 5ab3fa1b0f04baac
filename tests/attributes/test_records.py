"""What a company asks of its records besides the usual, through the API."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa

from crm.attributes import narrowing
from crm.extensions import db
from tests.conftest import POSTGRES


def narrowed(name: str, text: str) -> str:
    """The address of a list narrowed by a custom field."""
    return f"/{name}?attribute={quote(text)}"


def test_an_account_carries_values_of_the_right_kind_and_each_wrong_one_is_named(
    api, company, fields, account
):
    made = account("甲社", delivery="特急", budget="１２０万円", audited="2026/04/01")
    assert made["attributes"] == {
        "delivery": "特急", "budget": 1_200_000, "audited": "2026-04-01",
    }  # fmt: skip
    rep, path = api(company.rep), f"/accounts/{made['id']}"
    bad = {"delivery": "いつでも", "budget": "-5", "audited": "2月30日", "colour": "青"}
    refused = rep.patch(path, {"attributes": bad}, version=made["version"])
    assert refused.status_code == 422
    assert sorted(refused.json["errors"]) == sorted(f"attributes.{name}" for name in bad)
    changed = rep.patch(
        path, {"attributes": {"budget": 5, "audited": None}}, version=made["version"]
    )
    assert changed.json["attributes"] == {"delivery": "特急", "budget": 5}
    assert rep.patch(path, {"rank": "A"}, version=changed.json["version"]).json["attributes"] == {
        "delivery": "特急", "budget": 5,
    }  # fmt: skip
    told = rep.get(f"{path}/timeline").json["items"]
    said = " ".join(one["text"] for one in told)
    assert "年間予算 ¥1,200,000 → ¥5" in said
    assert "監査日 2026/04/01(水) → ―" in said


def test_accounts_are_found_by_a_value_and_by_a_span_through_an_index(
    api, company, fields, account, app, monkeypatch
):
    keys = [
        account(name, delivery=kind, budget=yen, audited=day)["id"]
        for name, kind, yen, day in (
            ("甲社", "特急", 100, "2026-01-01"),
            ("乙社", "標準", 5_000_000, "2026-03-31"),
            ("丙社", "特急", 9_000_000_000_000, "2026-04-01"),
        )
    ]
    account("丁社")
    asked = {
        "delivery:特急": [0, 2], "delivery": [0, 1, 2], "budget:>=5000000": [1, 2],
        "budget:>5,000,000": [2], "budget:<=5百万円": [0, 1], "budget:101..5000000": [1],
        "audited:2026-01-01..2026-03-31": [0, 1], "audited:2026/04/01..": [2],
        "audited:..2026-02-01": [0], "audited:2026-04-01": [2], "budget:100": [0],
    }  # fmt: skip
    rep = api(company.rep)
    for few in (narrowing.MANY, 0):
        monkeypatch.setattr(narrowing, "MANY", few)
        for text, places in asked.items():
            answer = rep.get(narrowed("accounts", text))
            assert [one["id"] for one in answer.json["items"]] == [keys[n] for n in places], text
    monkeypatch.undo()
    for text in ("colour:blue", "budget:x", "budget:>=", "audited:a..b", "Ü", "rival:x"):
        refused = rep.get(narrowed("accounts", text))
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["attribute"]), text
    rep.patch(f"/accounts/{keys[0]}", {"attributes": {"delivery": "標準"}}, version=1)
    found = rep.get(narrowed("accounts", "delivery:特急")).json["items"]
    assert [one["id"] for one in found] == [keys[2]]
    with app.app_context():
        if POSTGRES:
            # Of so few rows any index is as good; the others are out of the way until the rollback.
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            db.session.execute(
                sa.text("ALTER TABLE account_traits DROP CONSTRAINT pk_account_traits")
            )
            db.session.execute(sa.text("DROP INDEX ix_account_traits_definition_id_value"))
        explain = "EXPLAIN" if POSTGRES else "EXPLAIN QUERY PLAN"
        span = "definition_id = 1 AND place BETWEEN 1 AND 2"
        plan = db.session.execute(
            sa.text(f"{explain} SELECT account_id FROM account_traits WHERE {span}")
        )
        assert "ix_account_traits_definition_id_place" in str(plan.all())


def test_what_has_to_be_filled_in_is_asked_of_people_and_waits_for_the_program(
    api, company, fields, account
):
    admin, rep = api(company.admin), api(company.rep)
    there = account("甲社")
    assert admin.patch(
        f"/attributes/{fields['account', 'delivery']}", {"required": True}, version=1
    )
    refused = rep.post("/accounts", {"name": "乙社"})
    assert list(refused.json["errors"]) == ["attributes.delivery"]
    path = f"/accounts/{there['id']}"
    assert rep.patch(path, {"rank": "A"}, version=1).status_code == 200
    half = rep.patch(path, {"attributes": {"budget": 1}}, version=2)
    assert list(half.json["errors"]) == ["attributes.delivery"]
    assert account("乙社", delivery="標準")["attributes"] == {"delivery": "標準"}


def test_a_deal_names_its_dealer_by_his_door_and_shows_amounts_to_sales_only(
    api, company, fields, account
):
    dealer, customer = account("代理店商事"), account("甲社")
    rep, engineer = api(company.rep), api(company.engineer)
    body = {
        "account_id": customer["id"], "title": "更新",
        "attributes": {"partner": dealer["id"], "rival_price": "3,000,000", "rival": "Sentia"},
    }  # fmt: skip
    deal = rep.post("/deals", body).json
    assert deal["attributes"]["rival_price"] == 3_000_000
    assert engineer.get(f"/deals/{deal['id']}").json["attributes"] == {
        "partner": dealer["id"], "rival": "Sentia",
    }  # fmt: skip
    for text, ways in (
        ("rival_price:>=1", (200, 422)), ("rival:ｓｅｎｔｉａ", (200, 200)),
        ("rival:' OR 1=1 -- 100%s \\", (200, 200)),
    ):  # fmt: skip
        answers = [who.get(narrowed("deals", text)) for who in (rep, engineer)]
        assert tuple(one.status_code for one in answers) == ways, text
    gone = api(company.admin).delete(f"/accounts/{dealer['id']}", version=dealer["version"])
    assert gone.status_code == 409 and "案件" in gone.json["detail"]
    nobody = rep.patch(f"/deals/{deal['id']}", {"attributes": {"partner": 98765}}, version=1)
    assert list(nobody.json["errors"]) == ["attributes.partner"]
    changed = rep.patch(f"/deals/{deal['id']}", {"attributes": {"rival_price": 1}}, version=1)
    assert changed.json["attributes"]["rival"] == "Sentia"
    told = rep.get(f"/accounts/{customer['id']}/timeline").json["items"][0]
    assert "競合の見積額" in told["text"] and "→" not in told["text"]
    assert "3000000" not in str(told["data"])


def test_a_ticket_keeps_what_was_asked_and_a_definition_in_use_stays(api, company, fields, account):
    at = account("甲社")
    clerk, admin = api(company.clerk), api(company.admin)
    body = {"account_id": at["id"], "subject": "異音", "attributes": {"humidity": "５５．５"}}
    ticket = clerk.post("/tickets", body).json
    assert ticket["attributes"] == {"humidity": 55.5}
    path = f"/tickets/{ticket['id']}"
    both = {"severity": "high", "attributes": {"room": "クリーンルーム"}}
    changed = clerk.patch(path, both, version=ticket["version"])
    assert changed.json["attributes"] == {"humidity": 55.5, "room": "クリーンルーム"}
    one = f"/attributes/{fields['ticket', 'humidity']}"
    for name, value in (("kind", "text"), ("record", "deal"), ("key", "damp")):
        assert list(admin.patch(one, {name: value}, version=1).json["errors"]) == [name]
    assert admin.delete(one, version=1).status_code == 409
    assert admin.patch(one, {"label_ja": "室内の湿度"}, version=1).status_code == 200
    assert admin.delete(f"/attributes/{fields['deal', 'rival']}", version=1).status_code == 204
    wrong = {"record": "ticket", "key": "x", "label_ja": "x", "label_en": "x"}
    for more, name in (
        ({"kind": "reference"}, "refers_to"), ({"kind": "choice"}, "choices"),
        ({"category": "液体クロマト"}, "category"), ({"key": "Ünit"}, "key"),
    ):  # fmt: skip
        assert list(admin.post("/attributes", wrong | more).json["errors"]) == [name]
    assert admin.post("/attributes", wrong | {"key": "room"}).status_code == 409
    clerk.delete(path, version=changed.json["version"])
    api(company.manager).delete(path, version=changed.json["version"])
