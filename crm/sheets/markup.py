"""The child process that takes the tables out of a page of the Web, or of a workbook written as
XML (of 2003).

`python -m crm.sheets.markup FILE BYTES names ENCODING` prints what the tables are called as JSON;
`… write ENCODING PLACE OUT` writes one as text. An encoding of "xml" means the workbook. It has no
database and no settings, and limits to its memory and time. It ends with 4 for what it cannot take
apart, with 5 for a formula without a value, and prints its row and
column from 0.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from xml.parsers.expat import ExpatError

from crm.sheets.confining import confine
from crm.sheets.marked_cells import Grid, tables_in
from crm.sheets.xml_workbook import Unsaved, sheets_in

SECONDS = 60
"""Of processor time."""
MOST_WRITTEN = 256 * 1024 * 1024


def main(file: str, memory: str, *words: str) -> int:
    """Do what was asked; returns the exit code."""
    confine(int(memory), SECONDS, MOST_WRITTEN)
    held = Path(file).read_bytes()
    try:
        found = sheets_in(held) if words[1] == "xml" else tables_in(held.decode(words[1]))
        if words[0] == "names":
            sys.stdout.write(json.dumps([grid.name for grid in found]))
        else:
            _write(found[int(words[2])], Path(words[3]))
    except Unsaved as error:
        sys.stdout.write(f"{error.row} {error.column}")
        return 5
    except (ExpatError, UnicodeDecodeError, IndexError, OSError):
        return 4
    return 0


def _write(grid: Grid, out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(grid.rows)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
