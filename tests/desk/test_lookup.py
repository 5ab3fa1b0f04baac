"""Looking up a caller by whatever the clerk hears, however she types it."""

from __future__ import annotations

import pytest

from crm.desk.keys import read

MOBILE = [
    "09012345678", "090-1234-5678", "０９０－１２３４－５６７８", "090 1234 5678", "(090)1234-5678",
    "+81 90-1234-5678", "+819012345678", "819012345678", "090‐1234‐5678", "090−1234−5678",
    "090ー1234ー5678", "携帯：090-1234-5678", "TEL 090.1234.5678", "090-1234-5678 内線12",
    "　090-1234-5678　",
]  # fmt: skip
SERIALS = ["A93-20417", "ａ９３－２０４１７", "a93 20417", "A93‐20417", "A93ー20417", " a93-20417 ",
           "A9320417", "a９３20417"]  # fmt: skip
NAMES = ["山田製作所", "株式会社山田製作所", "㈱山田製作所", "山田", "ヤマダセイ",
         "やまだせいさくしょ",
         "ﾔﾏﾀﾞ", "山田　製作所"]  # fmt: skip
PEOPLE = ["鈴木", "鈴木恵子", "鈴木　恵子", "すずき", "ｽｽﾞｷ", "スズキ ケイコ", "鈴木 山田",
          "鈴木 恵子 様", "鈴木様", "山田製作所　鈴木さん"]  # fmt: skip


def first(api, person, q):
    answer = api(person).get("/calls/lookup", q=None) if q is None else _ask(api(person), q)
    assert answer.status_code == 200, answer.json
    return answer.json["items"][0] if answer.json["items"] else None


def _ask(program, q):
    return program.client.get(
        "/api/v1/calls/lookup", query_string={"q": q},
        headers={"Authorization": f"Bearer {program.token}"},
    )  # fmt: skip


@pytest.mark.parametrize("typed", MOBILE)
def test_a_caller_is_known_by_her_number_in_any_form(api, company, customers, typed):
    found = first(api, company.clerk, typed)
    assert (found["matched"], found["score"]) == ("phone", 100)
    assert found["contact"]["name"] == "鈴木 恵子"
    assert found["account"]["name"] == "株式会社山田製作所"


@pytest.mark.parametrize("typed", SERIALS)
def test_a_caller_is_known_by_a_serial_number(api, company, customers, typed):
    found = first(api, company.clerk, typed)
    assert found["account"]["id"] == customers.yamada
    assert found["unit_id"] == customers.chromatograph


@pytest.mark.parametrize("typed", NAMES)
def test_a_company_is_known_by_name_and_reading(api, company, customers, typed):
    assert first(api, company.clerk, typed)["account"]["id"] == customers.yamada


@pytest.mark.parametrize("typed", PEOPLE)
def test_a_person_is_known_by_name_and_reading(api, company, customers, typed):
    assert first(api, company.clerk, typed)["contact"]["id"] == customers.suzuki


@pytest.mark.parametrize(
    "typed", ["K.Suzuki@yamada.example", "ｋ．ｓｕｚｕｋｉ＠ｙａｍａｄａ．ｅｘａｍｐｌｅ",
              "鈴木 <k.suzuki@yamada.example>"]
)  # fmt: skip
def test_a_person_is_known_by_mail(api, company, customers, typed):
    assert first(api, company.clerk, typed)["contact"]["id"] == customers.suzuki


@pytest.mark.parametrize(
    "typed", ["MC-2024-0051", "mc-2024-0051", "ＭＣ－２０２４－００５１", "MC 2024 0051"]
)
def test_a_contract_number_leads_to_the_customer(api, company, customers, typed):
    assert first(api, company.clerk, typed)["account"]["id"] == customers.yamada


def test_a_site_and_a_company_are_known_by_their_numbers(api, company, customers):
    found = first(api, company.clerk, "044-555-0132")
    assert (found["site"]["name"], found["contact"]) == ("川崎工場", None)
    assert first(api, company.clerk, "03-5555-0199")["account"]["id"] == customers.minato


@pytest.mark.parametrize(
    "form", ["#{}", "{}", "No.{}", "＃{}", "問い合わせ{}", "問合せ番号 {}", "№{}", "{}番"]
)
def test_a_ticket_number_leads_to_its_caller(api, company, customers, form):
    clerk = api(company.clerk)
    ticket = clerk.post("/tickets", {
        "account_id": customers.minato, "contact_id": customers.ono, "subject": "異音",
    }).json  # fmt: skip
    found = _ask(clerk, form.format(ticket["number"])).json["items"][0]
    assert (found["matched"], found["ticket_id"]) == ("ticket", ticket["id"])
    assert found["contact"]["id"] == customers.ono


def test_units_say_who_pays_and_why_and_what_is_open_is_told(api, company, customers):
    clerk = api(company.clerk)
    number = clerk.post("/tickets", {"account_id": customers.yamada, "subject": "漏れ"}).json["id"]
    found = first(api, company.clerk, "090-1234-5678")
    said = {unit["serial_no"]: unit["entitlement"] for unit in found["units"]}
    assert said["PW3381"]["verdict"] == "chargeable"
    assert "2023/10/14" in said["PW3381"]["reason"]
    assert said["A93-20417"]["verdict"] == "free"
    assert said["A93-20417"]["contract_id"] == customers.contract
    assert [one["number"] for one in found["open_tickets"]] == [number]
    assert found["open_deals"] == []


def test_a_confidential_ticket_leads_nobody_else_to_it(api, company, customers):
    clerk = api(company.clerk)
    secret = {"account_id": customers.minato, "subject": "苦情", "confidential": True}
    number = clerk.post("/tickets", secret).json["id"]
    assert first(api, company.engineer, f"#{number}") is None
    assert first(api, company.clerk, f"#{number}")["ticket_id"] == number
    found = first(api, company.engineer, "03-5555-0199")
    assert found["open_tickets"] == []


def test_nobody_is_found_and_that_is_an_answer(api, company, customers):
    for typed in ("0312345678", "存在しない会社", "ZZ-99999", "🙂", "%", "_", "'", '"'):
        assert first(api, company.clerk, typed) is None, typed


def test_a_wrong_question_is_refused_by_name(api, company):
    clerk = api(company.clerk)
    assert list(clerk.get("/calls/lookup").json["errors"]) == ["q"]
    assert list(clerk.get("/calls/lookup?q=a&colour=red").json["errors"]) == ["colour"]
    assert clerk.get(f"/calls/lookup?q={'x' * 201}").status_code == 422
    assert clerk.get("/calls/lookup?q=%00").status_code == 422


def test_a_text_is_read_as_every_key_it_can_be():
    assert read("10482").ticket == 10482
    assert read("10482").phone is None
    assert read("WO-2402").work == 2402
    assert read("0312345678").phone == "+81312345678"
    assert read("").ticket is None
    assert read("あ" * 1000).serial is None
