"""Corporate numbers, telephone numbers, postal codes and serials, as dirty as people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text.houjin import check_digit, corporate_number
from crm.text.phone import e164, split_extension
from crm.text.postal import postal_code
from crm.text.serial import plain_serial, serial_key, squashed

pytestmark = pytest.mark.once

TRUE_NUMBERS = ["7000012050002", "4011001098993", "2120901007402", "7123456789012"]


@pytest.mark.parametrize("number", TRUE_NUMBERS)
def test_true_corporate_numbers_are_taken(number: str) -> None:
    assert corporate_number(number) == number


@pytest.mark.parametrize(
    "typed", ["７０００－０１－２０５－０００２", " 7000-0120-50002 ", "7000 0120 50002"]
)
def test_a_corporate_number_may_be_wide_and_hyphened(typed: str) -> None:
    assert corporate_number(typed) == "7000012050002"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8000012050002", "check digit"),
        ("700001205000", "13 digits"),
        ("", "digits"),
        ("70000120500O2", "digits alone"),
        ("T7000012050002", "digits alone"),
        ("0000012050002", "check digit"),
        ("²000012050002", "check digit"),
    ],
)
def test_a_wrong_corporate_number_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        corporate_number(typed)


@given(st.from_regex("[0-9]{12}", fullmatch=True))
def test_every_base_has_exactly_one_check_digit(base: str) -> None:
    assert 1 <= check_digit(base) <= 9
    assert corporate_number(f"{check_digit(base)}{base}")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("044-123-4567", "+81441234567"),
        ("０４４（１２３）４５６７", "+81441234567"),
        ("044−123−4567", "+81441234567"),
        ("044ー123ー4567", "+81441234567"),
        ("(044)123-4567", "+81441234567"),
        ("+81 44 123 4567", "+81441234567"),
        ("+81 (0)44-123-4567", "+81441234567"),
        ("441234567", "+81441234567"),
        ("090 1234 5678", "+819012345678"),
        ("0120-123-456", "+81120123456"),
        ("0800-123-4567", "+818001234567"),
        ("044-123-4567 内線 12", "+81441234567"),
        ("044-123-4567(内線:305)", "+81441234567"),
        ("+1 650 253 0000 ext. 9", "+16502530000"),
    ],
)
def test_one_telephone_has_one_number_however_it_is_typed(typed: str, stored: str) -> None:
    assert e164(typed) == stored


@pytest.mark.parametrize("typed", ["", "電話なし", "110番", "123", "0" * 40, "山田 044"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        e164(typed)


def test_an_extension_is_parted_from_the_number() -> None:
    assert split_extension("044-123-4567 内線１２") == ("044-123-4567", "12")
    assert split_extension("044-123-4567 x9")[1] == "9"
    assert split_extension("044-123-4567") == ("044-123-4567", None)


@given(st.text(max_size=30))
def test_any_text_is_a_telephone_number_or_refused(text: str) -> None:
    try:
        assert e164(text).startswith("+")
    except ValueError as refusal:
        assert "telephone" in str(refusal)


@pytest.mark.parametrize(
    "typed",
    ["2120001", "212-0001", "〒212-0001", "〒２１２ー０００１", " 212−0001 ", "〒 212 0001"],
)
def test_a_postal_code_has_one_form(typed: str) -> None:
    assert postal_code(typed) == "212-0001"


@pytest.mark.parametrize("typed", ["", "21-20001", "212-00012", "ABC-0001"])
def test_a_wrong_postal_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        postal_code(typed)


@pytest.mark.parametrize(
    "typed",
    ["A93-20417", "Ａ９３－２０４１７", "a93 20417", " A93--20417 ", "A93ー20417", "A93−20417",
     "\ufeffA93-20417", "A93-20\u200b417\u200e"],
)  # fmt: skip
def test_one_name_plate_has_one_serial(typed: str) -> None:
    assert serial_key(typed) == "A93-20417"
    assert squashed(typed) == "A9320417"


def test_a_number_is_kept_without_what_nobody_sees() -> None:
    assert plain_serial("\ufeffＡ93-20\u200b417\u200e ") == "A93-20417"


def test_two_name_plates_stay_two() -> None:
    assert serial_key("A9-320417") != serial_key("A93-20417")
    assert serial_key("A/1") != serial_key("A1")
    assert serial_key("モーター1") == "モーター1"


@given(st.text(max_size=20))
def test_a_serial_key_is_stable(text: str) -> None:
    assert serial_key(serial_key(text)) == serial_key(text)
