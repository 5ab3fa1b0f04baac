"""What an import says no to: a whole file, or one row of it."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """The file or its mapping cannot be used; the message is for who started the import."""


class Unreadable(ValueError):
    """One row cannot be taken; the message names the column."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: where it begins in the file, why, and what stood there."""

    line: int
    reason: str
    cells: tuple[str, ...]
