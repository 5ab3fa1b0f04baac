"""Serial numbers and firmware as a maker's notice names them and people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.campaigns.serials import Range, read
from crm.errors import Invalid
from crm.text.firmware import firmware_key

KEYS = st.builds(
    lambda prefix, digits: f"{prefix}{digits}",
    st.sampled_from(["PW-", "PW", "A93-", "", "PW-A"]),
    st.text("0123456789A", max_size=6),
)


@given(st.integers(0, 12_000), st.integers(0, 12_000), st.lists(KEYS, max_size=20))
def test_the_ranges_of_keys_hold_what_a_person_would_count(one, two, keys):
    low, high = sorted((one, two))
    wanted = Range("PW-", low, high)
    for key in [*keys, f"PW-{low}", f"PW-{high:08d}", f"PW-{high + 1}"]:
        by_keys = any(
            first <= key <= last and len(key) == length and key.rstrip("0123456789") == "PW-"
            for first, last, length in wanted.key_ranges()
        )
        assert by_keys == wanted.holds(key)


@pytest.mark.parametrize("between", [" 〜 ", "~", "～", " - ", " – ", "...", " to ", "から"])
def test_a_range_is_typed_in_many_ways(app, between):
    with app.test_request_context():
        found = read(f"ＰＷ－998{between}pw-1002\n\n A93-20417 ")
    assert found.ranges == (Range("PW-", 998, 1002),)
    assert found.keys == ("A93-20417",)
    assert [found.hold(key) for key in ("PW-999", "PW-0999", "PW-1003", "A93-20417")] == [
        True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["E100-E199", "ｅ100－Ｅ199", "PW-100-PW-199"])
def test_a_bare_hyphen_between_two_numbers_of_a_kind_is_a_range(app, line):
    letters = "PW-" if "W" in line else "E"
    with app.test_request_context():
        found = read(f"{line}\nA93-20417\n2024-0001")
    assert found.ranges == (Range(letters, 100, 199),)
    assert found.hold(f"{letters}150")
    assert found.hold("A93-20417")
    assert not found.hold("2024-0000")


@pytest.mark.parametrize(
    "line", ["PW-1002 〜 PW-998", "PW-1 〜 QX-9", "PW-1 〜 PW", "---", "A1 〜 A2 〜 A3"]
)
def test_a_line_that_is_no_range_is_refused_with_the_line(app, line):
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        read(line)
    assert line[:4] in refused.value.errors["serials"][0]


def test_versions_sort_as_people_count_them():
    typed = ["1.9", "v1.9.3", "1.10", "1.10.0b", "2", "Ver 10.0"]
    keys = [firmware_key(one) for one in typed]
    assert keys == sorted(keys)
    assert firmware_key("1.10.0") == firmware_key("Ｖ１．１０")
    assert firmware_key("―") == ""
