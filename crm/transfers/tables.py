"""The table behind a model, for statements that write many rows at once."""

from __future__ import annotations

import sqlalchemy as sa

from crm.extensions import Model


def table_of(model: type[Model]) -> sa.Table:
    """The table of a model."""
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{model.__name__} has no table of its own")
    return table
