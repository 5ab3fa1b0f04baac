"""What became of some rows: the counts, and what is to be said of single ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.sheets.rows import Row

Fields = dict[str, Any]
EXAMPLES = {"new": 20, "changed": 500}
"""So many rows are kept to be looked at; of those that are not taken all are."""
COUNTED = ("new", "changed", "same", "conflict", "refused", "junk")


@dataclass(slots=True)
class Note:
    """What is to be said of one row; `address` is the record that is spoken of."""

    line: int
    verdict: str
    reason: str = ""
    cells: Sequence[str] | None = None
    label: str = ""
    changes: Fields | None = None
    address: str = ""


@dataclass(slots=True)
class Tally:
    """new + changed + same + conflict + refused = rows. `blanks` are column and what was put where
    it was blank, `likenesses` what stood there and what it was taken for, `along` records of other
    kinds that came along; each with how often."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    blanks: Counter[tuple[str, str]] = field(default_factory=Counter)
    likenesses: Counter[tuple[str, str]] = field(default_factory=Counter)
    along: Counter[str] = field(default_factory=Counter)
    blank_lines: int = 0

    def refuse(self, row: Row, why: str, verdict: str = "refused") -> None:
        """A row is not taken."""
        self.counts[verdict] += 1
        self.notes.append(Note(row.line, verdict, why, row.cells))

    def remark(self, line: int, verdict: str, why: str) -> None:
        """A row is taken, but not quite as it stands."""
        self.notes.append(Note(line, verdict, why))

    def findings(self) -> Fields:
        """The counters beside the rows, as JSON holds them."""
        return {
            "blanks": [[*at, number] for at, number in self.blanks.items()],
            "likenesses": [[*at, number] for at, number in self.likenesses.items()],
            "along": dict(self.along),
            "blank_lines": self.blank_lines,
            "remarks": sum(bool(note.reason and note.cells is None) for note in self.notes),
        }


def merged(before: Fields, more: Fields) -> Fields:
    """The findings of all rows so far."""
    done: Fields = dict(before)
    for name in ("blanks", "likenesses"):
        counter = Counter({(a, b): n for a, b, n in before.get(name, ())})
        counter.update({(a, b): n for a, b, n in more[name]})
        done[name] = [[*at, number] for at, number in counter.items()]
    done["along"] = dict(Counter(before.get("along", {})) + Counter(more["along"]))
    for name in ("blank_lines", "remarks"):
        done[name] = before.get(name, 0) + more[name]
    return done
