"""How `deal_sums` follows `deals`: triggers, so that no way to change a deal passes them by.

On PostgreSQL nobody waits for anybody: who finds the row of a sum held by another transaction
takes the next one of the same key, or adds one. A key has as many rows as people ever changed it
at the same instant; its sum is the sum of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.deals.models import RANK_WEIGHTS

KEY = ("team_id", "stage", "rank")
WEIGHTS = " ".join(f"WHEN '{rank}' THEN {weight}" for rank, weight in RANK_WEIGHTS.items())


def _weighted(row: str = "") -> str:
    """The weighted amount of a row, rounded down to the yen deal by deal as everywhere."""
    return f"({row}amount * CASE {row}rank {WEIGHTS} ELSE 0 END / 100)"


CHANGE = """
  INSERT INTO deal_sums (team_id, stage, rank, number, amount, weighted)
  SELECT coalesce({row}team_id, 0), {row}stage, {row}rank, 0, 0, 0 WHERE NOT EXISTS (
    SELECT 1 FROM deal_sums WHERE team_id = coalesce({row}team_id, 0)
    AND stage = {row}stage AND rank = {row}rank);
  UPDATE deal_sums SET number = number {sign} 1, amount = amount {sign} {row}amount,
    weighted = weighted {sign} {weighted}
  WHERE id = (SELECT min(id) FROM deal_sums WHERE team_id = coalesce({row}team_id, 0)
    AND stage = {row}stage AND rank = {row}rank);"""
CAME = CHANGE.format(row="NEW.", sign="+", weighted=_weighted("NEW."))
WENT = CHANGE.format(row="OLD.", sign="-", weighted=_weighted("OLD."))
DIFFERS = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in (*KEY, "amount"))
ON_SQLITE = {
    "deal_sums_came": f"CREATE TRIGGER deal_sums_came AFTER INSERT ON deals BEGIN{CAME}\nEND",
    "deal_sums_went": f"CREATE TRIGGER deal_sums_went AFTER DELETE ON deals BEGIN{WENT}\nEND",
    "deal_sums_moved": (
        "CREATE TRIGGER deal_sums_moved AFTER UPDATE OF team_id, stage, rank, amount ON deals "
        f"WHEN {DIFFERS} BEGIN{WENT}{CAME}\nEND"
    ),
}
"""Trigger → its text, as SQLite keeps it."""

BODY = """
DECLARE one record;
BEGIN
  FOR one IN
    SELECT * FROM (
      SELECT coalesce(team_id, 0) AS team_id, stage, rank, sum(sign) AS number,
        sum(sign * amount) AS amount, sum(sign * {weighted}) AS weighted
      FROM ({rows}) AS changed GROUP BY 1, 2, 3) AS moved
    WHERE number <> 0 OR amount <> 0 OR weighted <> 0
  LOOP
    UPDATE deal_sums SET number = number + one.number, amount = amount + one.amount,
      weighted = weighted + one.weighted
    WHERE id = (SELECT free.id FROM deal_sums AS free WHERE free.team_id = one.team_id
      AND free.stage = one.stage AND free.rank = one.rank
      ORDER BY free.id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
      INSERT INTO deal_sums (team_id, stage, rank, number, amount, weighted) VALUES
        (one.team_id, one.stage, one.rank, one.number, one.amount, one.weighted);
    END IF;
  END LOOP;
  RETURN NULL;
END"""
NEW = "SELECT 1 AS sign, team_id, stage, rank, amount FROM came"
OLD = "SELECT -1 AS sign, team_id, stage, rank, amount FROM went"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One of PostgreSQL: it sees the rows of a statement together, however many they are."""

    event: str
    seen: str
    rows: str

    @property
    def body(self) -> str:
        """What its function does, as PostgreSQL keeps it."""
        return BODY.format(rows=self.rows, weighted=_weighted())


ON_POSTGRES = {
    "deal_sums_came": Trigger("INSERT", "NEW TABLE AS came", NEW),
    "deal_sums_went": Trigger("DELETE", "OLD TABLE AS went", OLD),
    "deal_sums_moved": Trigger(
        "UPDATE", "OLD TABLE AS went NEW TABLE AS came", f"{OLD} UNION ALL {NEW}"
    ),
}
"""Trigger → what it does; its function has the same name."""


def set_up(connection: sa.Connection) -> bool:
    """Make the triggers unless they are there as written here; True when they were made."""
    sqlite = connection.dialect.name == "sqlite"
    wanted = ON_SQLITE if sqlite else {name: one.body for name, one in ON_POSTGRES.items()}
    if _there(connection) == wanted:
        return False
    take_down(connection)
    for statement in wanted.values() if sqlite else _on_postgres():
        connection.exec_driver_sql(statement)
    return True


def take_down(connection: sa.Connection) -> None:
    """Drop the triggers: nothing follows any more. For a migration that drops the sums."""
    for name in ON_SQLITE:
        drop = f"DROP TRIGGER IF EXISTS {name}"
        if connection.dialect.name == "postgresql":
            drop = f"DROP FUNCTION IF EXISTS {name} CASCADE"
        connection.exec_driver_sql(drop)


def _on_postgres() -> list[str]:
    return [
        statement
        for name, one in ON_POSTGRES.items()
        for statement in (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${one.body}$$",
            f"CREATE TRIGGER {name} AFTER {one.event} ON deals REFERENCING {one.seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        )
    ]


def _there(connection: sa.Connection) -> dict[str, str]:
    """Trigger → its text as the database has it; one that is switched off is not there."""
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'deals'"
    if connection.dialect.name == "postgresql":
        found = (
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = 'deals'::regclass AND NOT tgisinternal AND tgenabled = 'O'"
        )
    rows = connection.exec_driver_sql(found)
    return {row[0]: row[1] for row in rows if row[0] in ON_SQLITE}
