"""What an installed base has besides units and repairs: put there for a run, taken away again.

Models are used up and inspected by intervals, campaigns run over many units, one waits to be
started, visits and work are planned for the coming months, some units have meters. A kept
database holds none of it, so that it need not be filled anew when more is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql

from bench.fill import default_of
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY

Bare = psycopg.Connection[Any]

ENGINEERS = 4
"""So many of the engineers have work."""

SERIALS = 200_000_000, 239_999_999
"""The numbers that the recall which waits names, of each of its products."""

METERED, READINGS = 1000, 400
"""One unit in so many has a meter, read on so many days."""

CYCLES = """
UPDATE products SET consumable_cycle_days = (ARRAY[30, 60, 90, 180, 365])[1 + id % 5],
    inspection_interval_months = CASE WHEN id % 3 = 0 THEN 12 ELSE 24 END WHERE id % 2 = 0
"""
CALM = "UPDATE products SET consumable_cycle_days = NULL, inspection_interval_months = NULL"
OLD = """
UPDATE units SET firmware = '0.9', firmware_key = '00000000.00000009'
WHERE product_id <= 20 AND id % 4 = 0
"""
NEW = "UPDATE units SET firmware = NULL, firmware_key = NULL WHERE firmware = '0.9'"
NAMED = f"""(SELECT string_agg(replace(code, '-', '') || '-{SERIALS[0]} 〜 '
|| replace(code, '-', '') || '-{SERIALS[1]}', chr(10)) FROM products WHERE id <= 20)"""
PLANNED = "FROM units u WHERE id %% 10 = 0 AND status <> 'removed'"
ROWS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("campaigns", {
        "id": "%(campaigns)s + n", "number": "'RC-' || n", "title": "'加熱部の交換'",
        "starts_on": "current_date - 90", "ends_on": "current_date + n * 7",
        "status": "'running'",
    }, "FROM generate_series(1, 40) n"),
    ("campaign_products", {"campaign_id": "%(campaigns)s + n", "product_id": "p.id"},
     "FROM generate_series(1, 40) n JOIN products p ON p.id = n + 20 OR n = 1 AND p.id <= 20"),
    ("campaign_items", {
        "campaign_id": "c.campaign_id", "unit_id": "u.id", "account_id": "u.account_id",
        "status": "(ARRAY['open', 'appointed', 'done'])[1 + u.id %% 3]",
        "done_on": "CASE u.id %% 3 WHEN 2 THEN current_date - 5 END",
        "appointed_on": "CASE u.id %% 3 WHEN 1 THEN current_date + (u.id %% 120)::int END",
        "told": "true",
    }, "FROM campaign_products c JOIN units u ON u.product_id = c.product_id "
       "WHERE u.status <> 'removed' AND c.campaign_id > %(campaigns)s"),
    ("campaigns", {
        "id": "%(campaigns)s + 41", "number": "'RC-41'", "title": "'電源基板の交換'",
        "starts_on": "current_date", "serials": NAMED, "firmware_from": "'1.2'",
    }, ""),
    ("campaign_products", {"campaign_id": "%(campaigns)s + 41", "product_id": "p.id"},
     "FROM products p WHERE p.id <= 20"),
    ("deal_units", {"deal_id": "d.id", "unit_id": "u.id"},
     "FROM deals d CROSS JOIN LATERAL (SELECT id FROM units WHERE account_id = d.account_id "
     "ORDER BY id LIMIT 5) u"),
    ("meters", {
        "id": f"%(meters)s + id / {METERED}", "unit_id": "id", "name": "'運転時間'",
        "name_key": "'運転時間'", "measure": "'h'", "rated_limit": "20000 * 1000000::bigint",
    }, f"FROM units WHERE id %% {METERED} = 0"),
    ("readings", {
        "meter_id": "m.id", "at": "current_date - make_interval(days => n)",
        "value": f"({READINGS} - n) * 9 * 1000000::bigint",
    }, f"FROM meters m, generate_series(1, {READINGS}) n WHERE m.id > %(meters)s"),
    ("maintenance_plans", {
        "id": "%(maintenance_plans)s + a.id", "account_id": "a.id", "name": "'年次点検'",
        "every": "12", "first_due_on": "current_date",
    }, "FROM accounts a"),
    ("plan_units", {
        "plan_id": "%(maintenance_plans)s + account_id", "unit_id": "id",
        "next_due_on": "current_date + 60 + (id %% 300)::int",
        "wakes_on": "current_date + (id %% 300)::int",
    }, PLANNED),
    ("work_orders", {
        "id": "%(work_orders)s + id / 10", "unit_id": "id", "account_id": "account_id",
        "kind": "'inspection'", "status": "'received'", "opened_on": "current_date",
        "planned_on": "current_date + (id / 10 %% 60)::int", "symptom": "'年次点検'",
        "assignee_id": "(SELECT min(id) FROM staff WHERE role = 'engineer') "
                       f"+ (u.id / 10 %% {ENGINEERS})",
    }, PLANNED),
    ("visits", {
        "plan_id": "%(maintenance_plans)s + w.account_id", "unit_id": "w.unit_id",
        "due_on": "w.planned_on", "visit_on": "w.planned_on", "assignee_id": "w.assignee_id",
        "work_order_id": "w.id",
    }, "FROM work_orders w WHERE w.id > %(work_orders)s"),
)  # fmt: skip
"""Table, its columns as SQL, and what they are read from."""

MADE = ("maintenance_plans", "plan_units", "work_orders", "visits", "campaigns", "campaign_items",
        "readings", "meters", "outbox")  # fmt: skip


@contextmanager
def busy(connection: Bare, app: Flask) -> Iterator[None]:
    """Everything of it for as long as the block runs; what is due is found by the night's job."""
    before = {name: _last(connection, name) for name in MADE}
    for change in (CYCLES, OLD):
        connection.execute(change.encode())
    for table, columns, read in ROWS:
        connection.execute(_insert(table, columns, read).encode(), before)
    connection.execute(b"ANALYZE")
    with app.app_context():
        send("expiry.dues", "bench:dues", {"day": "bench"}, HEAVY)
        db.session.commit()
        drain(HEAVY)
        db.session.remove()
    connection.execute(b"VACUUM ANALYZE unit_dues")
    try:
        yield
    finally:
        _tidy(connection, before)


def _insert(table: str, columns: dict[str, str], read: str) -> str:
    """An INSERT; columns that nobody names get the model's own defaults."""
    usual = {
        column.name: sql.Literal(default_of(column)).as_string().replace("%", "%%")
        for column in db.metadata.tables[table].columns
        if default_of(column) is not None
    }
    every = usual | columns
    named = ", ".join(f'"{one}"' for one in every)
    return f"INSERT INTO {table} ({named}) SELECT {', '.join(every.values())} {read}"


def _tidy(connection: Bare, before: dict[str, int]) -> None:
    connection.execute(b"SET session_replication_role = replica")
    for change in (CALM, NEW):
        connection.execute(change.encode())
    connection.execute(b"TRUNCATE unit_dues, deal_units")
    named = b"DELETE FROM campaign_products WHERE campaign_id > %(campaigns)s"
    connection.execute(named, before)
    for name, last in before.items():
        query = sql.SQL("DELETE FROM {} WHERE id > %s").format(sql.Identifier(name))
        connection.execute(query, (last,))
    connection.execute(b"SET session_replication_role = DEFAULT")
    connection.execute(b"VACUUM ANALYZE")


def _last(connection: Bare, table: str) -> int:
    query = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
