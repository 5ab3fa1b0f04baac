"""The catalogue: what we sell, how long it lives and what comes after it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attributes.models import Attributed
from crm.extensions import BigKey, Dated, Model, Versioned, key_text

RELATIONS = ("consumable", "option", "upgrade", "competitor_equivalent")
"""What one product is to another; the successor is a column of the product (decision 0020)."""
RELATION_KINDS = ("successor", *RELATIONS)


class Product(Attributed, Versioned, Dated, Model):
    """One model. Prices in yen without tax, terms in months, dates are calendar days.

    `serialised`: every piece has a number of its own. `consumable_cycle_days`: after so many days
    what is used up in it has to be bought again.
    """

    __tablename__ = "products"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    code_key: Mapped[str] = mapped_column(key_text(60), default="", index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_kana: Mapped[str] = mapped_column(sa.String(200), default="")
    category: Mapped[str] = mapped_column(sa.String(60), default="")
    maker: Mapped[str] = mapped_column(sa.String(100), default="")
    installable: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    serialised: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    list_price: Mapped[int | None] = mapped_column(sa.BigInteger)
    maintenance_price: Mapped[int | None] = mapped_column(sa.BigInteger)
    warranty_months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    expected_life_months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    inspection_interval_months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    consumable_cycle_days: Mapped[int | None] = mapped_column(sa.SmallInteger)
    end_of_sale_on: Mapped[date | None] = mapped_column(sa.Date)
    end_of_support_on: Mapped[date | None] = mapped_column(sa.Date, index=True)
    parts_supply_end_on: Mapped[date | None] = mapped_column(sa.Date, index=True)
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("products.id"), index=True)


class ProductRelation(Dated, Model):
    """`other` is a consumable, an option, an upgrade of the product, or another maker's like."""

    __tablename__ = "product_relations"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "kind", "other_id"),
        sa.CheckConstraint("product_id <> other_id", name="not_to_itself"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("products.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(
        sa.ForeignKey("products.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(24))
