"""What a dry run has seen in the rows before: they are taken back, part by part, and later rows may
speak of them. It lies beside the file, so that it takes no memory and outlives a halt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crm.transfers.directories import parts

_TABLES = """
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS seen (key TEXT, line INTEGER, row TEXT);
CREATE INDEX IF NOT EXISTS seen_key ON seen (key);
CREATE TABLE IF NOT EXISTS links (line INTEGER, what TEXT, text TEXT);
"""
Link = tuple[int, str, str]


class Earlier:
    """Rows under the keys by which later ones look for them, and references left to the end."""

    def __init__(self, path: Path, line: int) -> None:
        """`line` is the last that was gone through: what was noted of others counts no more."""
        self._path = path
        if not line:
            path.unlink(missing_ok=True)
        self._held = sqlite3.connect(path, isolation_level=None)
        self._held.executescript(_TABLES)
        for table in ("seen", "links"):
            self._held.execute(f"DELETE FROM {table} WHERE line > ?", (line,))  # noqa: S608  # ours

    def remember(self, rows: Iterable[tuple[str, int, Any]]) -> None:
        """Key, line and what is to be known of the row, as JSON holds it."""
        said = [(key, line, json.dumps(row)) for key, line, row in rows]
        self._all("INSERT INTO seen VALUES (?, ?, ?)", said)

    def under(self, keys: Iterable[str]) -> Iterator[tuple[str, int, Any]]:
        """The rows under any of some keys; a row under two of them comes twice."""
        for some in parts(sorted(set(keys))):
            marks = ", ".join("?" * len(some))
            asked = f"SELECT key, line, row FROM seen WHERE key IN ({marks})"  # noqa: S608  # marks
            for key, line, row in self._held.execute(asked, some):
                yield key, line, json.loads(row)

    def leave(self, links: Iterable[Link]) -> None:
        """A reference that is looked at when every row was seen: line, verdict and text."""
        self._all("INSERT INTO links VALUES (?, ?, ?)", list(links))

    def left(self) -> Iterator[Link]:
        """The references that were left, in the order of their lines."""
        yield from self._held.execute("SELECT line, what, text FROM links ORDER BY line")

    def _all(self, statement: str, rows: list[Any]) -> None:
        if rows:
            self._held.execute("BEGIN")
            self._held.executemany(statement, rows)
            self._held.execute("COMMIT")

    def forget(self) -> None:
        """The dry run is over."""
        self._held.close()
        self._path.unlink(missing_ok=True)
