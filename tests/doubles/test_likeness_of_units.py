"""Which machines and models are proposed as doubles, and which never are."""

from __future__ import annotations

import pytest

from crm.doubles.catalogue import Model, doubles_of_products
from crm.doubles.machines import Catalogue, Machine, doubles_of_units, units
from crm.text.model_alike import bare, folded
from crm.text.serial_alike import differences, loosest, variants

pytestmark = pytest.mark.once
READ = (
    ("A93-20417", "A93-20417", ()), ("A93-20417", "A9320417", ("gap",)),
    ("PW-1O01", "PW-1001", ("letters",)), ("PW-I001", "PW-1001", ("letters",)),
    ("A-0012", "A-12", ("zeros",)), ("A0012", "A-12", ("zeros", "gap")),
    ("PW-B01", "PW-801", ("worse",)), ("A-001", "A-002", None), ("A-10", "A-1", None),
    ("A9-32", "A93-2", None), ("100", "10", None), ("A-1", "B-1", None),
)  # fmt: skip
KNOWN = Catalogue(frozenset({(1, 2)}), frozenset({9}))
UNITS = (
    (("PW-1O01", 1, 1), ("PW-1001", 1, 1), 78), (("PW-1O01", 1, 1), ("PW-1001", 1, 2), None),
    (("PW-1001", 1, 1), ("PW1001", 1, 2), 70), (("PW-1001", 1, 1), ("PW-1001", 2, 2), 70),
    (("PW-1001", 1, 1), ("PW-1001", 9, 2), 65), (("PW-1001", 1, 1), ("PW-1001", 5, 1), 65),
    (("PW-1001", 1, 1), ("PW-1001", 5, 2), None), (("PW-B01", 1, 1), ("PW-801", 1, 1), 65),
    (("PW-B01", 1, 1), ("PW-801", 1, 2), None), (("PW-1001", 1, 1), ("PW-1002", 1, 1), None),
)  # fmt: skip
MAKERS = {folded("ブラザー"), folded("ミヨシ精機")}


def machine(key: int, serial: str, product: int, account: int) -> Machine:
    return Machine(key, account, None, product, serial)


def model(key: int, code: str, name: str, maker: str = "", category: str = "") -> Model:
    return Model(key, bare(code, MAKERS), bare(name, MAKERS), folded(maker), category, None)


def test_a_misread_number_is_seen_and_a_running_one_is_not():
    for left, right, wanted in READ:
        assert differences(left, right) == wanted, (left, right)
        if wanted is not None:
            assert loosest(left) == loosest(right)
            if len(wanted) < 2:
                assert right in variants(left) and left in variants(right), (left, right)
    assert all(len(variants(one)) < 60 for one in ("A9320417B0O1I8", "A" * 40, "0" * 80))


def test_two_machines_need_more_than_a_number_and_a_lot_takes_no_time():
    for one, two, score in UNITS:
        found = units(machine(1, *one), machine(2, *two), KNOWN)
        assert (found.score if found else None) == score, (one, two, found)
    lot = [machine(n, f"A-{n:03}", 1, 1) for n in range(1, 1000)]
    same = [machine(n, "A-1", n, n) for n in range(1000, 3000)]
    found = [(one.left_id, one.right_id) for one in doubles_of_units([lot + same], KNOWN)]
    assert found == []
    groups = [[machine(5000, "PW-1O01", 1, 1), machine(4000, "PW-1001", 1, 1)]]
    assert [(one.left_id, one.right_id) for one in doubles_of_units(groups, KNOWN)] == [
        (4000, 5000),
    ]  # fmt: skip


def test_one_model_in_two_spellings_is_seen_and_a_series_is_not():
    catalogue = [
        model(1, "P-10", "GTX Pro", "ブラザー"), model(2, "ブラザー ＧＴＸＰｒｏ", "プリンター"),
        model(3, "P-77", "ブラザー GTX-Pro"), model(4, "P-78", "GTX Pro", "ミヨシ精機"),
        model(5, "PW-10", "純水製造装置 PW-10"), model(6, "PW-100", "純水製造装置 PW-100"),
        model(7, "PW 10", "純水製造装置PW10"), model(8, "F-1", "交換フィルター", "ブラザー"),
        model(9, "F-2", "交換フィルター", "ブラザー"), model(10, "不明", "不明"),
        model(11, "UNKNOWN", "不明"),
    ]  # fmt: skip
    found = {(one.left_id, one.right_id) for one in doubles_of_products(catalogue)}
    assert {(1, 3), (5, 7)} <= found
    assert not found & {(5, 6), (6, 7), (1, 4), (8, 9), (10, 11)}
