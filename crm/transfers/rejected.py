"""The rows that were not taken, as a file: line and reason, then the columns as they stood."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import pgettext

from crm.text.cells import harmless
from crm.transfers.outcome import Outcome
from crm.transfers.refusals import Refusal


@contextmanager
def writable(path: Path | None) -> Iterator[None]:
    """See that the file can be written before anything is imported; without rows there is none.

    Raises Refusal.
    """
    if path is None:
        yield
        return
    there = path.exists()
    try:
        path.open("a").close()
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}.") from error
    try:
        yield
    finally:
        if not there and not path.stat().st_size:
            path.unlink()


def write_rejected(path: Path | None, outcome: Outcome) -> None:
    """Write the file, UTF-8 with a mark so that a spreadsheet opens it rightly."""
    if path is None or not outcome.refused:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        head = [pgettext("import", "Line"), pgettext("import", "Reason")]
        out.writerow([*head, *map(harmless, outcome.header)])
        for one in outcome.refused:
            out.writerow([one.line, *map(harmless, (one.reason, *one.cells))])


def rejected_path(file: Path, data_dir: Path) -> Path:
    """Beside the file; in the data directory where nothing may be written there."""
    name = f"{file.stem}.rejected.csv"
    beside = file.parent if os.access(file.parent, os.W_OK) else data_dir
    return beside / name
