"""The definitions as the page of custom fields lists them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.attributes.asking import MOST_SHOWN
from crm.attributes.models import AttributeDefinition
from crm.extensions import at_most, db


def every(kinds: Sequence[str]) -> Sequence[AttributeDefinition]:
    """All definitions, in the order of `kinds`, family by family; one statement."""
    order = sa.case({kind: at for at, kind in enumerate(kinds)}, value=AttributeDefinition.record)
    return db.session.scalars(
        sa.select(AttributeDefinition)
        .order_by(
            order, AttributeDefinition.category, AttributeDefinition.position,
            AttributeDefinition.id,
        )
        .limit(at_most(MOST_SHOWN))
    ).all()  # fmt: skip


def families() -> list[str]:
    """The product families there are."""
    products = db.metadata.tables["products"].c
    names = sa.select(products.category).where(products.category > "").distinct()
    return list(db.session.scalars(names.order_by(products.category).limit(at_most(MOST_SHOWN))))
