"""Looking around many places costs a look at the index each, whatever PostgreSQL has counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.readings import queries
from crm.readings.judging import Line
from crm.readings.models import Reading

LONG_AGO = now().replace(microsecond=0) - timedelta(days=400)
PLACES = 50


def run(meter: int, first: int, last: int) -> None:
    """Readings of a meter, a minute apart, the value of each its minute."""
    db.session.execute(
        sa.insert(Reading),
        [{"meter_id": meter, "at": at(n), "value": n} for n in range(first, last)],
    )
    db.session.commit()


def at(minute: int) -> datetime:
    return LONG_AGO + timedelta(minutes=minute)


def count_rows() -> None:
    """What PostgreSQL does by itself, from time to time."""
    if db.session.get_bind().dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
            alone.execute(sa.text("VACUUM ANALYZE readings"))


def rows_read() -> int:
    """Rows of readings that this transaction has read, by index or one after another."""
    if db.session.get_bind().dialect.name != "postgresql":
        return 0
    return db.session.scalars(sa.text(
        "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
        " FROM pg_stat_xact_user_tables WHERE relname = 'readings'"
    )).one()  # fmt: skip


def test_looking_around_reads_what_is_near_though_the_table_has_grown(app, read):
    lines = [Line(n, read.hours, at(1_000 + 2 * n), Decimal(0)) for n in range(PLACES)]
    with app.app_context():
        run(read.hours, 0, 10)
        count_rows()
        for _turn in range(12):
            queries.around(lines)
            queries.thinned([read.hours], [line.at for line in lines])
            queries.latest([read.hours])
        run(read.hours, 10, 2_000)
        before = rows_read()
        found = queries.around(lines)
        assert [(near.before.value, near.same.value, near.after.value, near.revision)
                for near in found.values()] == [
            (n - 1, n, n + 1, 1) for n in range(1_000, 1_000 + 2 * PLACES, 2)]  # fmt: skip
        thin = queries.thinned([read.hours], [line.at for line in lines])[read.hours]
        assert [one.value for one in thin] == list(range(1_000, 1_000 + 2 * PLACES, 2))
        assert queries.latest([read.hours])[read.hours].value == 1_999
        assert rows_read() - before < 20 * PLACES
        if db.session.get_bind().dialect.name == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                assert db.session.scalar(sa.text(f"SHOW enable_{way}")) == "on"
