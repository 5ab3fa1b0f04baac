"""A letter is addressed with 御中 or with 様, never with both."""

import pytest

from crm.text.addressee import addressee, company_alone, person_alone

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("株式会社山田製作所",), "株式会社山田製作所 御中"),
        (("㈱山田製作所", "総務部"), "株式会社山田製作所 総務部 御中"),
        (("株式会社○○", "総務部", "鈴木", "部長"), "株式会社○○ 総務部 部長 鈴木様"),
        (("山田㈱", "", "鈴木 一郎"), "山田株式会社 鈴木 一郎 様"),
        (("株式会社山田 御中", "", "鈴木様"), "株式会社山田 鈴木様"),
        (("株式会社山田 御中",), "株式会社山田 御中"),
        (("株式会社山田", "総務部御中", "鈴木殿"), "株式会社山田 総務部 鈴木様"),
        (("国立大学法人北大学", "理学部", "田中先生"), "国立大学法人北大学 理学部 田中先生"),
        (("", "", "鈴木"), "鈴木様"),
        (("",), "ご担当者様"),
    ],
)
def test_a_letter_goes_to_the_right_door(parts: tuple[str, ...], line: str) -> None:
    assert addressee(*parts) == line


def test_whoever_is_in_charge_is_addressed_politely() -> None:
    assert addressee("㈱山田", "購買課", unknown=True) == "株式会社山田 購買課 ご担当者様"


def test_a_person_and_an_organisation_are_never_both_honoured() -> None:
    line = addressee("株式会社山田御中", "総務部御中", "鈴木様", "部長")
    assert "御中" not in line
    assert line.count("様") == 1


def test_a_list_of_addresses_is_read_without_its_honorifics():
    companies = ("㈱山田 御中", "㈱山田御中", "山田 様", "株式会社王様")
    assert [company_alone(one) for one in companies] == ["㈱山田", "㈱山田", "山田", "株式会社王様"]
    people = ("佐藤様", "佐藤 花子 様", "鈴木 一郎殿", "鵜殿")
    assert [person_alone(one) for one in people] == ["佐藤", "佐藤 花子", "鈴木 一郎", "鵜殿"]
