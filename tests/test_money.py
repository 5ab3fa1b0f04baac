"""Yen are written as in Japanese reports and read as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.money import figure, in_thousands, in_units, parse_yen, ratio, thousands, yen

pytestmark = pytest.mark.once

AMOUNTS = st.integers(-(10**15), 10**15)


def test_amounts_are_written_with_commas_and_a_minus_as_a_triangle() -> None:
    assert yen(1234000) == "¥1,234,000"
    assert yen(-1400000) == "△¥1,400,000"
    assert yen(-1400000, "en") == "-¥1,400,000"
    assert yen(0) == "¥0"
    assert figure(-29684) == "△29,684"


def test_thousands_are_cut_off_toward_zero() -> None:
    assert [in_thousands(n) for n in (1999, 999, 0, -999, -1999)] == [1, 0, 0, 0, -1]
    assert thousands(-1999999) == "△1,999"
    assert thousands(-999) == "0"
    assert in_units(-19999, 10_000) == -1


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (1, 3, "33.3%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),
        (5, 10000, "0.1%"),
        (4, 10000, "0.0%"),
        (-1, 16, "△6.3%"),
        (3, 2, "150.0%"),
        (0, 5, "0.0%"),
        (5, 0, "―"),
        (0, 0, "―"),
    ],
)
def test_a_ratio_has_one_decimal_rounded_half_up(part: int, whole: int, written: str) -> None:
    assert ratio(part, whole) == written


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234000", 1234000),
        ("¥1,234,000", 1234000),
        ("￥１，２３４，０００", 1234000),
        ("\\1,234", 1234),
        ("1,234円", 1234),
        ("金額なし", None),
        ("△1,000", -1000),
        ("▲¥1,000", -1000),
        ("¥-1,000", -1000),
        ("−1000", -1000),
        ("(1,000)", -1000),
        ("（１，０００）", -1000),
        ("120万円", 1200000),
        ("1.5億", 150000000),
        ("3百万円", 3000000),
        ("1,234.00", 1234),
        ("1234.5", None),
        ("1,23,4", None),
        ("--5", None),
        ("(-5)", None),
        ("", None),
        ("1e5", None),
        ("1 000", None),
    ],
)
def test_a_typed_amount_is_read_or_refused(typed: str, amount: int | None) -> None:
    if amount is None:
        with pytest.raises(ValueError, match=r"[Yy]en"):
            parse_yen(typed)
    else:
        assert parse_yen(typed) == amount


@given(AMOUNTS, st.sampled_from(["ja", "en"]))
def test_what_is_written_can_be_read_again(amount: int, language: str) -> None:
    assert parse_yen(yen(amount, language)) == amount


@given(AMOUNTS)
def test_thousands_never_show_more_than_there_is(amount: int) -> None:
    assert abs(in_thousands(amount)) * 1000 <= abs(amount)


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_yen(text), int)
    except ValueError as refusal:
        assert "en" in str(refusal)
