"""The sums that the board reads: put on with the tables, compared with the deals and mended."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.deals.board import WEIGHTED
from crm.deals.sum_triggers import KEY, set_up, take_down
from crm.extensions import db

D, K = db.metadata.tables["deals"], db.metadata.tables["deal_sums"]
FIGURES = ("number", "amount", "weighted")


def keep(connection: sa.Connection) -> int:
    """Have the sums follow the deals from now on, and be right; returns how many were wrong.

    Does nothing while there is no table of them. Can run at any time, also while people work.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if not {D.name, K.name} <= tables:
        if D.name in tables:
            take_down(connection)
        return 0
    set_up(connection)
    return _mend(connection)


def after_migration(*, ctx: Any, **_told: object) -> None:
    """A table that a migration copies loses its triggers; Alembic says so after each step."""
    if not ctx.as_sql:
        keep(ctx.connection)


def mend() -> int:
    """The same in the open transaction. Does not commit."""
    return keep(db.session.connection())


def differences() -> sa.Select[tuple[object, ...]]:
    """Team, stage and rank whose sum is not that of their deals, and what is missing of it.

    One statement, so that it sees deals and sums of the same instant.
    """
    deals = sa.select(
        sa.func.coalesce(D.c.team_id, 0).label("team_id"), D.c.stage, D.c.rank,
        sa.literal_column("1").label("number"), D.c.amount, WEIGHTED.label("weighted"),
    )  # fmt: skip
    sums = sa.select(*(K.c[name] for name in KEY), *(-K.c[name] for name in FIGURES))
    both = sa.union_all(deals, sums).subquery().c
    missing = [sa.cast(sa.func.sum(both[name]), sa.BigInteger) for name in FIGURES]
    return (
        sa.select(*(both[name] for name in KEY), *missing)
        .group_by(*(both[name] for name in KEY))
        .having(sa.or_(*(one != 0 for one in missing)))
    )


def _mend(connection: sa.Connection) -> int:
    """Write what is missing beside what is there: no row that others write is touched."""
    written = sa.insert(K).from_select([*KEY, *FIGURES], differences()).returning(K.c.id)
    return len(connection.execute(written).all())


def _with_the_tables(_all: sa.MetaData, connection: sa.Connection, **_options: object) -> None:
    keep(connection)


sa.event.listen(db.metadata, "after_create", _with_the_tables)
