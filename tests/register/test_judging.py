"""What is the same name, the same place, and a row that cannot be one of the register."""

from __future__ import annotations

import pytest

from crm.register.feed import Wrong, glance
from crm.register.judging import same_name, same_place
from crm.sheets.rows import Row
from tests.register.conftest import row

pytestmark = pytest.mark.once


def test_names_and_places_are_the_same_however_they_are_typed():
    for one, other in (
        ("株式会社　サカタ", "㈱サカタ"), ("株式会社ＮＲ", "株式会社NR"),
        ("髙田精機㈱", "高田精機株式会社"),
    ):  # fmt: skip
        assert same_name(one, other), (one, other)
    for one, other in (
        ("株式会社NR", "NR株式会社"),
        ("株式会社NR", "合同会社NR"),
        ("NR", "株式会社NR"),
    ):
        assert not same_name(one, other), (one, other)
    for one, other in (
        ("前橋市古市町一丁目５０番地１２", "群馬県前橋市古市町１丁目５０番地１２"),
        ("東京都港区南青山三丁目１０番４３号", "港区南青山3-10-43"),
        ("堺市南区竹城台三丁２１番１号", "大阪府堺市南区竹城台３丁２１番１号"),
        ("千代田区銀座二十丁目1", "東京都千代田区銀座２０丁目１番"),
    ):
        assert same_place(one, other), (one, other)
    for one, other in (
        ("東京都府中市1-1", "広島県府中市1-1"), ("港区芝1-2-3", "港区芝1-2-3 5階"),
        ("", "港区芝1-2-3"),
    ):  # fmt: skip
        assert not same_place(one, other), (one, other)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["1", "2"], "2"),
        (row("7000012050003", "01").replace('"', "").split(","), "7000012050003"),
        (row("山田", "44").replace('"', "").split(","), "44"),
    ],
)
def test_a_row_that_cannot_be_is_named_in_words(whole_app, cells: list[str], why: str):
    with whole_app.test_request_context(), pytest.raises(Wrong, match=why):
        glance(Row(3, cells))
