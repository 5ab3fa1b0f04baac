"""What is noticed of a file while its rows are counted: columns of which nothing is read, rows that
a workbook hides, and what stands beside the table."""

from __future__ import annotations

from typing import Any

from crm.sheets.layout import names
from crm.sheets.rows import Row
from crm.sheets.tables import Table
from crm.transfers.mapping import Mapping

MOST_NAMED = 20
"""So many hidden rows and notes are named; all are counted."""


LONGEST = 60
"""Characters of a note."""


class Beside:
    """Sees every row of a table once, blank ones left out."""

    def __init__(self, mapping: Mapping, table: Table) -> None:
        self._header, self._hidden = table.header, table.hidden()
        known = set(names(mapping.named()))
        keys = names(table.header)
        self._unread = {place for place, key in enumerate(keys) if key not in known}
        self._blank = set(self._unread)
        self._lines: list[int] = []
        self._notes: list[tuple[int, str]] = []
        self._count = self._noted = 0

    def saw(self, row: Row) -> int:
        """Take a row into account; it counts as one."""
        if self._blank and not row.junk:
            self._blank -= {place for place in self._blank if row.cells[place].strip()}
        if self._hidden and row.line in self._hidden:
            self._count += 1
            if len(self._lines) < MOST_NAMED:
                self._lines.append(row.line)
        if row.beside:
            self._noted += 1
            if len(self._notes) < MOST_NAMED:
                self._notes.append((row.line, row.beside[:LONGEST]))
        return 1

    def findings(self) -> dict[str, Any]:
        """What was seen, as JSON holds it."""
        left = sorted(self._unread - self._blank)
        found: dict[str, Any] = {"left": [self._header[place] for place in left]}
        if self._count:
            found |= {"hidden": self._lines, "hidden_count": self._count}
        if self._noted:
            found |= {"beside": self._notes, "beside_count": self._noted}
        return found
