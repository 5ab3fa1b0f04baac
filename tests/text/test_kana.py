"""Readings are written one way and stand in the order of a Japanese index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text.kana import KEY_LENGTH, kana_key, reading

pytestmark = pytest.mark.once

IN_ORDER = (
    "ヴィレッジ ウエダ カトウ ガトウ サアバ サーバー サイトウ ツカ ハート ハアト ハイ ビレッジ ン"
)


def test_an_index_of_readings_is_in_the_order_people_expect() -> None:
    names = IN_ORDER.split()
    assert sorted(sorted(names), key=kana_key) == names


def test_hiragana_and_half_width_stand_where_katakana_stands() -> None:
    assert kana_key("さーばー") == kana_key("ｻｰﾊﾞｰ") == kana_key("サーバー")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("やまだ　たろう", "ヤマダ タロウ"),
        ("さーばー", "サーバー"),
        ("サ-バ-", "サーバー"),
        ("カ\u3099トウ", "ガトウ"),
        ("ヤマダ", "ヤマダ"),
        ("ABC-1", "ABC-1"),
    ],
)
def test_a_reading_is_full_width_katakana(typed: str, written: str) -> None:
    assert reading(typed) == written


@given(st.text(max_size=30))
def test_any_text_has_a_reading_and_a_key(text: str) -> None:
    assert reading(reading(text)) == reading(text)
    assert len(kana_key(text * 20)) <= KEY_LENGTH
