"""What the search knows of products."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.extensions import db
from crm.products.models import Product
from crm.search.actions import Card

_P = Product.__table__.c


def product_cards(keys: Sequence[int]) -> list[Card]:
    """Models, by code, name and reading."""
    return [
        Card(
            "product", row.id, f"{row.code} {row.name}",
            " ".join(filter(None, (row.category, row.maker))),
            names=[row.name_kana or ""], identifiers=[row.code],
        )
        for row in db.session.execute(sa.select(*_P).where(_P.id.in_(keys)))
    ]  # fmt: skip
