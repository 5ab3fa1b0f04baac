"""What is proposed as a double, and what is not."""

from __future__ import annotations

import pytest

from crm.accounts.rules import account_reading, name_parts
from crm.doubles.comparing import doubles_of_accounts, doubles_of_contacts
from crm.doubles.likeness import Company, companies, loose_key, placed, reading_key
from crm.doubles.people import Human, folded, humans
from crm.text.place import street_key, town

pytestmark = pytest.mark.once
CITY = "神奈川県横浜市鶴見区"


def firm(key: int, name: str, address: str = "", kana: str = "", **more: object) -> Company:
    said = name_parts(name)
    values: dict[str, object] = {"number": None, "parent_id": None, "phone": None, "postal": ""}
    return Company(
        key, name, said["name_key"], said["legal_form"], said["legal_form_position"],
        reading_key(account_reading(kana)), address=address, loose=loose_key(said["name_key"]),
        street=placed(address)[0], town=placed(address)[1], **(values | more),
    )  # fmt: skip


def person(key: int, family: str, given: str, account: int = 1, **more: object) -> Human:
    values: dict[str, object] = {"reading": "", "mail": None, "department": "", "phones": ()}
    values |= more
    values["phones"] = frozenset(values["phones"])  # type: ignore[arg-type]  # numbers of a test
    return Human(key, account, folded(family), folded(given), f"{family} {given}", **values)


SAME = (
    (("㈱山田製作所", CITY), ("株式会社山田 製作所", CITY + "1-2"), {"spelling", "town"}),
    (("髙見精機㈱", CITY), ("高見精機株式会社", CITY), {"spelling", "town"}),
    (("山田サーバー", CITY + "1-2-3"), ("ヤマダサーバ", ""), None),
    (("アシスト株式会社", CITY + "1丁目2番3号"), ("株式会社アシスト", CITY + "１－２－３"),
     {"form_side", "street"}),
    (("株式会社アシスト", CITY), ("アシスト株式会社", CITY), None),
    (("株式会社アシスト", CITY), ("株式会社アシスト", "大阪府堺市北区1"), None),
    (("有限会社アシスト", CITY), ("株式会社アシスト", CITY), None),
    (("株式会社アシスト", CITY), ("株式会社アシスト", ""), {"name", "bare"}),
    (("日本電機精密株式会社", CITY + "1-2"), ("日本電気精密株式会社", CITY + "1-2"),
     {"one_letter", "street"}),
    (("東洋第一工業株式会社", CITY + "1-2"), ("東洋第二工業株式会社", CITY + "1-2"), None),
    (("日東化成株式会社", CITY + "1-2"), ("日西化成株式会社", CITY + "1-2"), None),
    (("山田製作所株式会社", CITY + "1-2"), ("山田製作所株式会社大阪支店", CITY + "1-2"), None),
    (("日本電気（ＮＥＣ）株式会社", CITY + "1"), ("日本電気株式会社", CITY + "1"), None),
    (("ラボラトリー", CITY), ("ラボラトリ", CITY), {"spelling", "town"}),
)  # fmt: skip


def test_small_differences_are_seen_and_namesakes_are_left_alone():
    for left, right, wanted in SAME:
        found = companies(firm(1, *left), firm(2, *right))
        assert (set(found.reasons) if found else None) == wanted, (left, right, found)


def test_a_number_of_its_own_and_a_parent_tell_companies_apart():
    plain = {"phone": "+81455550118", "address": CITY + "1-2"}
    name = "株式会社山田製作所"
    assert companies(firm(1, name, **plain), firm(2, name, **plain)).score == 100
    for left, right in (
        ({"number": "7000012050002"}, {"number": "4011001098993"}),
        ({}, {"parent_id": 1}),
        ({"parent_id": 9}, {"parent_id": 9}),
    ):
        assert companies(firm(1, name, **plain, **left), firm(2, name, **plain, **right)) is None
    one = companies(firm(1, name, **plain, number="7000012050002"), firm(2, name, **plain))
    assert one.reasons[-1] == "one_number"


def test_readings_speak_when_a_place_agrees():
    kana = "トウカイセイミツコウギョウ"
    left = firm(1, "東海精密工業", CITY + "1-2", kana)
    assert companies(left, firm(2, "東開精密工行", CITY + "1-2", f"{kana}カブシキガイシャ"))
    assert companies(left, firm(2, "東開精密工行", "大阪府堺市", kana)) is None


def test_people_are_compared_within_their_account_and_by_what_is_theirs_alone():
    keiko = person(1, "髙橋", "恵子", mail="keiko@yamada.example", phones=["+819012345678"])
    cases = (
        (person(2, "高橋", "恵子"), True),
        (person(2, "高橋", "修"), False),
        (person(2, "高橋", "", department=""), False),
        (person(2, "高橋", "", mail="keiko@yamada.example"), True),
        (person(2, "高橋", "恵子", account=2), False),
        (person(2, "高橋", "恵子", account=2, phones=["+819012345678"]), True),
        (person(2, "高橋", "恵子", account=2, phones=["+81455550118"]), False),
        (person(2, "佐藤", "修", mail="keiko@yamada.example"), False),
    )
    for other, wanted in cases:
        assert (humans(keiko, other) is not None) == wanted, other
    shared = person(1, "鈴木", "", mail="info@yamada.example")
    assert humans(shared, person(2, "鈴木", "修", mail="info@yamada.example")) is None


def test_a_name_that_hundreds_bear_and_a_tower_of_offices_take_no_time():
    crowd = [firm(n, "株式会社アシスト", f"東京都港区{n}-1") for n in range(1, 600)]
    crowd += [firm(n, f"{n}商事", "東京都千代田区丸の内1-1") for n in range(2000, 2600)]
    twins = [firm(5000, "㈱ミナト化成", CITY), firm(5001, "ミナト化成", CITY)]
    found = list(doubles_of_accounts([*crowd, *twins]))
    assert [(one.left_id, one.right_id) for one in found] == [(5000, 5001)]
    people = [person(1, "鈴木", "恵子"), person(2, "鈴木", "惠子"), person(3, "鈴木", "修")]
    assert [(one.left_id, one.right_id) for one in doubles_of_contacts(people)] == [(1, 2)]


def test_towns_and_streets_are_read_from_addresses():
    assert town("三重県四日市市浜田町1番") == "三重県四日市市"
    assert town("神奈川県横浜市鶴見区鶴見中央") == "神奈川県横浜市鶴見区"
    assert town("福岡県糟屋郡志免町") == "福岡県糟屋郡志免町"
    assert town("鶴見中央") == ""
    street = "千代田区大手町1-2-1"
    assert street_key("東京都千代田区大手町一丁目２番１号 大手町ビル5階") == street
    assert street_key("千代田区大手町１－２－１") == street
    assert street_key("千代田区大手町") == ""
