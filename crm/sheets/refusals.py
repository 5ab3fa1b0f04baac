"""What reading a table says no to: a whole file, or one row of it."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """The file cannot be used; the message is for who brought it."""


class TooMuch(Refusal):
    """It is more than a table should be: nobody looks at it a second time in another way."""


class EncodingAsked(Refusal):
    """It may be a table, once somebody says how it is encoded."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: where it begins in the file, why, and what stood there."""

    line: int
    reason: str
    cells: tuple[str, ...]
