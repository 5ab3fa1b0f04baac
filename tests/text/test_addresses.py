"""Addresses of records are found in what people write."""

from __future__ import annotations

import pytest

from crm.text.addresses import parted

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("引き継ぎ /deals/286/handover\nPW-10 × 1", ["/deals/286/handover"]),
        ("/tickets/7、/units/5を参照", ["/tickets/7", "/units/5"]),
        ("https://example.com/deals/5 も 3/deals/4 も違う", []),
        ("/deals/<b> /deals/5/../6 /secrets/1", []),
        ("", []),
    ],
)
def test_an_address_inside_a_text_leads_to_its_record(text: str, found: list[str]) -> None:
    pieces = parted(text)
    assert [address for _text, address in pieces if address] == found
    assert "".join(piece for piece, _address in pieces) == text
