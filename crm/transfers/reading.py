"""A file as rows with their line numbers: header found, title lines and blank lines counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crm.sheets.layout import names as names
from crm.sheets.rows import Row as Row
from crm.sheets.tables import Choice, open_table
from crm.transfers.refusals import Refused


@dataclass(slots=True)
class Sheet:
    """A file that has been read: what its columns are called, and what stands in them."""

    name: str
    encoding: str
    header: list[str]
    rows: list[Row]
    titles: list[Row] = field(default_factory=list)
    broken: list[Refused] = field(default_factory=list)
    blank: int = 0


def read_sheet(
    path: Path, encodings: Sequence[str], given: str | None, delimiter: str | None,
    wanted: Sequence[str], columns: Sequence[str],
) -> Sheet:  # fmt: skip
    """Read a file whose header holds the `wanted` names, or that has `columns` and no header.

    Raises Refusal when it is no such table.
    """
    choice = Choice(given, delimiter, among=tuple(encodings))
    table = open_table(path, choice, () if columns else wanted, columns)
    titles = list(table.titles)
    sheet = Sheet(table.name, table.encoding or "xlsx", list(table.header), [], titles)
    for row in table.rows():
        if row.blank:
            sheet.blank += 1
        elif row.junk:
            sheet.broken.append(Refused(row.line, row.junk, tuple(row.cells)))
        else:
            sheet.rows.append(row)
    return sheet
