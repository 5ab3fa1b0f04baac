"""Companies, sites and people through the API."""

from __future__ import annotations

import pytest

YAMADA = {
    "name": "株式会社山田製作所", "name_kana": "かぶしきがいしゃ　やまだせいさくしょ",
    "corporate_number": "7123456789012", "phone": "０４５－５５５－０１１８", "rank": "A",
    "postal_code": "2300001", "industry": "精密部品製造", "fiscal_year_end_month": 3,
}  # fmt: skip


@pytest.fixture
def rep(api, company):
    return api(company.rep)


def account(rep, **fields):
    return rep.post("/accounts", YAMADA | fields)


def test_a_rep_enters_a_company_as_it_is_written(rep, company):
    made = account(rep)
    assert made.status_code == 201, made.json
    assert made.json["name"] == "株式会社山田製作所"
    assert made.json["legal_form"] == "株式会社"
    assert made.json["legal_form_position"] == "before"
    assert made.json["name_core"] == "山田製作所"
    assert made.json["name_kana"] == "ヤマダセイサクショ"
    assert made.json["phone"] == "０４５－５５５－０１１８"
    assert made.json["phone_e164"] == "+81455550118"
    assert made.json["postal_code"] == "230-0001"
    assert made.json["owner_id"] == company.rep
    assert made.json["team_id"] == company.first_team


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("corporate_number", "7123456789013"),
        ("corporate_number", "12345"),
        ("phone", "なし"),
        ("postal_code", "123"),
        ("rank", "S"),
        ("fiscal_year_end_month", 13),
        ("fiscal_year_end_month", "3"),
        ("credit_limit", -1),
        ("owner_id", 999),
        ("parent_id", 999),
        ("owner_id", 2**70),
        ("screened_on", "2026-11-31"),
        ("name", "  "),
        ("secret", "x"),
    ],
)
def test_a_wrong_field_is_refused_by_name(rep, field, value):
    answer = account(rep, **{field: value})
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]


def test_two_companies_do_not_share_a_corporate_number(rep):
    account(rep)
    answer = account(rep, name="別の会社", corporate_number="7-1234-5678-9012")
    assert answer.status_code == 409
    assert "山田製作所" in answer.json["errors"]["corporate_number"][0]


def test_a_company_is_not_its_own_grandparent(rep):
    first = account(rep).json
    second = account(rep, name="子", corporate_number=None, parent_id=first["id"]).json
    third = account(rep, name="孫", corporate_number=None, parent_id=second["id"]).json
    for parent in (first, third):
        answer = rep.patch(f"/accounts/{first['id']}", {"parent_id": parent["id"]}, version=1)
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["parent_id"]


def test_a_colleague_may_change_a_company_and_a_stranger_may_not(rep, api, company):
    made = account(rep).json
    path = f"/accounts/{made['id']}"
    assert api(company.stranger).patch(path, {"rank": "B"}, version=1).status_code == 404
    assert api(company.colleague).patch(path, {"rank": "B"}, version=1).status_code == 200


def test_a_new_owner_takes_the_company_to_her_team(rep, company):
    made = account(rep).json
    changed = rep.patch(f"/accounts/{made['id']}", {"owner_id": company.stranger}, version=1)
    assert changed.json["team_id"] == company.second_team


def test_a_site_and_a_person_belong_to_their_company(rep):
    mine = account(rep).json["id"]
    other = account(rep, name="他社", corporate_number=None).json["id"]
    site = rep.post("/sites", {"account_id": other, "name": "他社工場"}).json
    person = {"account_id": mine, "family_name": "鈴木", "given_name": "恵子"}
    refused = rep.post("/contacts", person | {"site_id": site["id"]})
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["site_id"]
    moved = rep.patch(f"/sites/{site['id']}", {"account_id": mine}, version=1)
    assert list(moved.json["errors"]) == ["account_id"]


def test_a_person_has_numbers_that_are_found_by_any_spelling(rep):
    mine = account(rep).json["id"]
    phones = [{"number": "０９０ー１２３４ー５６７８"}, {"number": "045-555-0118 内線 21"}]
    made = rep.post(
        "/contacts",
        {
            "account_id": mine, "family_name": "鈴木", "given_name": "恵子",
            "family_name_kana": "すずき", "email": "Suzuki@Example.com", "phones": phones,
        },
    )  # fmt: skip
    assert made.status_code == 201, made.json
    assert made.json["family_name_kana"] == "スズキ"
    assert [one["e164"] for one in made.json["phones"]] == ["+819012345678", "+81455550118"]
    assert made.json["phones"][1]["extension"] == "21"
    path = f"/contacts/{made.json['id']}"
    changed = rep.patch(path, {"phones": phones[:1]}, version=1)
    assert changed.json["version"] == 2
    assert len(changed.json["phones"]) == 1
    refused = rep.patch(path, {"phones": [{"number": "x"}]}, version=2)
    assert list(refused.json["errors"]) == ["phones.0.number"]


def test_a_company_with_people_is_not_removed(rep, api, company):
    mine = account(rep).json["id"]
    rep.post("/contacts", {"account_id": mine, "family_name": "鈴木"})
    answer = api(company.manager).delete(f"/accounts/{mine}", version=1)
    assert answer.status_code == 409
    assert "（担当者）" in answer.json["detail"]


def test_a_company_nobody_refers_to_is_removed(rep, api, company):
    mine = account(rep).json["id"]
    assert api(company.manager).delete(f"/accounts/{mine}", version=1).status_code == 204
    assert rep.get(f"/accounts/{mine}").status_code == 404


def test_the_history_tells_what_happened_newest_first(rep):
    mine = account(rep).json["id"]
    rep.patch(f"/accounts/{mine}", {"rank": "B"}, version=1)
    rep.post("/contacts", {"account_id": mine, "family_name": "鈴木"})
    first = rep.get(f"/accounts/{mine}/timeline?limit=2").json
    assert [one["kind"] for one in first["items"]] == ["contact.added", "account.changed"]
    assert first["items"][0]["subject"]["label"] == "鈴木"
    rest = rep.get(f"/accounts/{mine}/timeline?cursor={first['next']}").json
    assert [one["kind"] for one in rest["items"]] == ["account.added"]
    only = rep.get(f"/accounts/{mine}/timeline?kind=account.changed").json
    assert len(only["items"]) == 1
    assert rep.get(f"/accounts/{mine}/timeline?kind=nothing").status_code == 400
    assert rep.get(f"/accounts/{mine}/timeline?cursor=xx").status_code == 400


def test_the_history_of_calls_is_that_of_activities(rep):
    mine = account(rep).json["id"]
    rep.post("/activities", {"kind": "phone", "account_id": mine, "summary": "お電話"})
    got = [rep.get(f"/accounts/{mine}/timeline?kind={word}").json for word in ("call", "activity")]
    assert got[0] == got[1] and len(got[0]["items"]) == 1


def test_a_query_that_names_a_field_twice_is_refused_by_name(rep):
    for query, field in (("limit=1&limit=2", "limit"), ("rank=A&rank=B&limit=5", "rank")):
        answer = rep.get(f"/accounts?{query}")
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_half_a_character_is_refused_by_the_name_of_its_field(rep):
    answer = account(rep, industry="\ud800")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["industry"])


def test_companies_are_listed_in_the_order_of_their_readings(rep):
    for name, kana in (("斎藤", "サイトウ"), ("佐和", "サーバー"), ("会田", "アイダ")):
        account(rep, name=name, name_kana=kana, corporate_number=None)
    listed = rep.get("/accounts?sort=kana_key").json["items"]
    assert [one["name"] for one in listed] == ["会田", "佐和", "斎藤"]
