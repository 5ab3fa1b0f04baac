"""Custom fields: what is asked of a kind of record, and the values once more to be found by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attributes.kinds import RECORDS, REFERRED
from crm.extensions import BigKey, Dated, Json, Model, Versioned, db, key_text

KINDS = ("text", "number", "money", "date", "choice", "reference")
ORDERED = ("number", "money", "date")
"""Kinds whose values have an order, so that a span of them can be asked for."""
PLACED = (*ORDERED, "choice")
"""Kinds whose values have a place: those, and choices in the order in which they are offered."""
FOLDED = 80


class Attributed:
    """A record that carries the values of its custom fields: key → value, nothing for nothing."""

    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")


class AttributeDefinition(Versioned, Dated, Model):
    """What is asked of every record of a kind.

    `category` is the product family of units and products; empty: all families. `refers_to` is the
    kind of record that a reference names.
    """

    __tablename__ = "attribute_definitions"
    __table_args__ = (sa.UniqueConstraint("record", "category", "key"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    record: Mapped[str] = mapped_column(sa.String(20), default="unit", server_default="unit")
    category: Mapped[str] = mapped_column(sa.String(60), default="")
    key: Mapped[str] = mapped_column(sa.String(40))
    label_ja: Mapped[str] = mapped_column(sa.String(60))
    label_en: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(10), default="text")
    refers_to: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    required: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    searchable: Mapped[bool] = mapped_column(
        sa.Boolean, default=False, server_default=sa.false()
    )  # fmt: skip
    choices: Mapped[list[str]] = mapped_column(Json, default=list)
    position: Mapped[int] = mapped_column(sa.SmallInteger, default=0)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The choices as a select takes them."""
        return [(one, one) for one in self.choices]


_REFERRED = {one.table: name for name, one in REFERRED.items()}


def _traits(kind: str) -> sa.Table:
    """The table of a kind of record: its values folded, and in their order where they have one.

    A row goes with its record, so it keeps none from being removed; the record that a reference
    names is kept by it (crm/references.py). `place` is millionths of a number, yen, the day counted
    from the year 1, or which of the choices it is.
    """
    name, owner = f"{kind}_traits", f"{kind}_id"
    ordered = sa.text("place IS NOT NULL")
    return sa.Table(
        name, db.metadata,
        sa.Column(
            owner, sa.ForeignKey(f"{RECORDS[kind].table}.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("definition_id", sa.ForeignKey("attribute_definitions.id"), primary_key=True),
        sa.Column("value", key_text(FOLDED), nullable=False),
        sa.Column("place", sa.BigInteger),
        sa.Index(f"ix_{name}_definition_id_value", "definition_id", "value", owner),
        sa.Index(
            f"ix_{name}_definition_id_place", "definition_id", "place", owner,
            postgresql_where=ordered, sqlite_where=ordered,
        ),
        info={"derived": True, "of": RECORDS[kind].table, "refers": _REFERRED},
    )  # fmt: skip


TRAITS: Mapping[str, sa.Table] = {kind: _traits(kind) for kind in RECORDS}
"""Kind of record → the table by which its records are found."""
