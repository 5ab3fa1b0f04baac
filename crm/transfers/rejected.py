"""The rows that were not taken, as a file: line and reason, then the columns as they stood."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask_babel import pgettext

from crm.text.cells import harmless
from crm.transfers.refusals import Refused


def write_rejected(path: Path, header: Sequence[str], refused: Iterable[Refused]) -> None:
    """Write the file, UTF-8 with a mark so that a spreadsheet opens it rightly. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            [pgettext("import", "Line"), pgettext("import", "Reason"), *map(harmless, header)]
        )
        for one in refused:
            out.writerow([one.line, one.reason, *map(harmless, one.cells)])


def rejected_path(file: Path, data_dir: Path) -> Path:
    """Beside the file; in the data directory where nothing may be written there."""
    name = f"{file.stem}.rejected.csv"
    beside = file.parent if os.access(file.parent, os.W_OK) else data_dir
    return beside / name
