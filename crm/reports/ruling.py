"""The lines and fills of the printed list, as one block for every row that lies behind the table.

A border and a fill for each of sixteen cells cost a fifth of the time; one for a row costs little.
The heights are those of the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm.reports.sheets import Division, Head, Row, Sum


def ruled(rows: Sequence[Row]) -> list[str]:
    """For every row of a sheet the classes of what is drawn behind it: its fill, and the line
    below it, which is that of the sum that follows."""
    after = [*rows[1:], None]
    return [
        f"{_fill(row)} {_below(row, following)}".strip()
        for row, following in zip(rows, after, strict=True)
    ]


def _fill(row: Row) -> str:
    if isinstance(row, Division):
        return "f1"
    if isinstance(row, Head):
        return "f2"
    if isinstance(row, Sum):
        return {"rep": "", "team": "f2", "division": "f1", "all": "f1"}[row.level]
    return ""


def _below(row: Row, following: Row | None) -> str:
    if isinstance(following, Sum):
        return f"to-{following.level}"
    return "to-end" if isinstance(row, Sum) and row.level == "all" else ""
