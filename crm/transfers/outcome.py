"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from crm.transfers.refusals import Refused


@dataclass(slots=True)
class Outcome:
    """new + changed + same + refused = rows of the file under its header."""

    kind: str
    file: str
    mapping: str
    encoding: str
    header: list[str]
    rows: int
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    """Rows that were taken, but not quite as they stand: line and what was done."""
    blanks: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Column and what was put where it was blank, with the number of rows."""
    likenesses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What stood there and what it was taken for, with the number of rows."""
    along: Counter[str] = field(default_factory=Counter)
    """Records of other kinds that came along."""
    titles: list[int] = field(default_factory=list)
    blank_lines: int = 0
    seconds: float = 0.0
