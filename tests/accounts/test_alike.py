"""Somebody enters a company or a person that is there already."""

from __future__ import annotations

import pytest

from crm.accounts.models import Account
from crm.extensions import db

YAMADA = {
    "name": "株式会社山田製作所", "phone": "045-555-0118", "postal_code": "230-0051",
    "address": "神奈川県横浜市鶴見区鶴見中央1-2-3", "corporate_number": "7000012050002",
}  # fmt: skip


@pytest.fixture
def yamada(api, company) -> int:
    return api(company.rep).post("/accounts", YAMADA).json["id"]


def test_a_company_is_recognised_by_each_key_while_it_is_typed(
    sign_in, company, yamada, statements
):
    rep = sign_in(company.rep)
    rep.get("/accounts/alike")

    def asked(**typed: str) -> str:
        statements.clear()
        page = rep.get("/accounts/alike", query_string=typed).get_data(as_text=True)
        assert len([one for one in statements if "accounts" in one]) <= 2
        return page if f"/accounts/{yamada}" in page else ""

    assert "法人番号が同じ" in asked(corporate_number="７０００-０１２０-５０００２")
    assert "電話番号が同じ" in asked(phone="０４５（５５５）０１１８")
    assert "社名と所在地が同じ" in asked(name="㈱山田製作所", address="神奈川県横浜市鶴見区")
    assert "社名と所在地が同じ" in asked(name="山田 製作所", postal_code="2300051")
    assert "名前が同じ" in asked(name="株式会社山田製作所")
    assert not asked(name="株式会社山田製作所", address="大阪府堺市北区1")
    assert not asked(name="山田製作所㈱", address="神奈川県横浜市鶴見区寺谷9")
    assert asked(
        name="山田製作所㈱", postal_code="230-0051", address="横浜市鶴見区鶴見中央１丁目２番３号"
    )
    assert not asked(corporate_number="70000", phone="045")


def test_a_person_is_recognised_by_mail_telephone_and_name(sign_in, api, company, yamada):
    suzuki = {
        "account_id": yamada, "family_name": "髙橋", "given_name": "恵子",
        "email": "keiko@yamada.example", "phones": [{"number": "090-1234-5678"}],
    }  # fmt: skip
    key = api(company.rep).post("/contacts", suzuki).json["id"]
    rep = sign_in(company.rep)

    def asked(**typed: object) -> str:
        page = rep.get("/contacts/alike", query_string=typed).get_data(as_text=True)
        return page if f"/contacts/{key}" in page else ""

    assert "メールアドレスが同じ" in asked(email="KEIKO@yamada.example")
    assert "電話番号が同じ" in asked(phones="045-555-0000\n090-1234-5678 内線 3")
    assert "この顧客に同じ名前" in asked(account_id=yamada, family_name="高橋", given_name="恵子")
    assert not asked(account_id=yamada, family_name="高橋", given_name="修")
    assert not asked(account_id=yamada + 1, family_name="髙橋", given_name="恵子")


def test_a_program_is_told_and_stopped_only_when_it_asks_for_that(app, api, company, yamada):
    twin = {"name": "㈱山田製作所", "phone": "045-555-0118"}
    strict = api(company.rep).post("/accounts", twin, Prefer="handling=strict")
    assert strict.status_code == 409
    assert f"{yamada}: 株式会社山田製作所" in strict.json["errors"]["possible_doubles"][0]
    with app.app_context():
        assert db.session.query(Account).count() == 1
    told = api(company.rep).post("/accounts", twin, Idempotency_Key="k1")
    assert told.status_code == 201
    assert told.json["possible_doubles"] == [
        {"id": yamada, "name": "株式会社山田製作所", "reasons": ["phone", "name"]}
    ]
    again = api(company.rep).post("/accounts", twin, Idempotency_Key="k1")
    assert again.json == told.json
    assert "possible_doubles" not in api(company.rep).get(f"/accounts/{yamada}").json
    new = api(company.rep).post("/accounts", {"name": "別の会社"}).json
    assert new["possible_doubles"] == []
