"""Addresses of records inside what people write: /deals/42, /deals/42/handover."""

from __future__ import annotations

import re

PLACES = (
    "accounts", "alerts", "campaigns", "contacts", "contracts", "deals", "maintenance-plans",
    "products", "tickets", "units", "work-orders",
)  # fmt: skip
_ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9_/.])/(?:{'|'.join(PLACES)})/\d{{1,18}}(?:/[a-z-]+)?(?![A-Za-z0-9_/])"
)


def parted(text: str) -> list[tuple[str, str]]:
    """The pieces of a text, each with the address that it is, or with nothing."""
    pieces, last = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [(text[last : found.start()], ""), (found[0], found[0])]
        last = found.end()
    return [piece for piece in (*pieces, (text[last:], "")) if piece[0]]
