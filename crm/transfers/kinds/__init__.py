"""What the importer must know of a kind of record to write many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

if TYPE_CHECKING:
    from crm.transfers.finding import Finder

Fields = dict[str, Any]


class Told(NamedTuple):
    """One event of the history that comes with a record."""

    kind: str
    at: datetime | None
    facts: Fields


@dataclass(slots=True)
class Item:
    """A row on its way: what the file said (`fields`), and what will stand in the table."""

    line: int
    key: str
    digest: str
    said: Fields
    fields: Fields
    columns: Fields
    id: int = 0
    changed: tuple[str, ...] = ()
    before: Fields = field(default_factory=dict)
    """What stood in the changed columns of the record until now."""
    said_before: Fields | None = None
    """What the same source said of it before; None where it speaks of it for the first time."""
    text: str = ""
    """`said` as JSON."""


Beside = Callable[[list[Item], "Finder", datetime], dict[sa.Table, list[Fields]]]


def nothing(_items: list[Item], _finder: Finder, _at: datetime) -> dict[sa.Table, list[Fields]]:
    """Nothing beside the record itself."""
    return {}


Followed = Callable[[Sequence[Item], "Finder"], None]


def nothing_follows(_items: Sequence[Item], _finder: Finder) -> None:
    """No other record changes with these."""


Judge = Callable[[list[tuple[int, int]], "Finder"], dict[int, str]]


def any_link(_links: list[tuple[int, int]], _finder: Finder) -> dict[int, str]:
    """Every reference of a kind to itself can be."""
    return {}


def no_link(_links: list[tuple[int, int]]) -> None:
    """Nothing follows from a reference of a kind to itself."""


def not_held_back(_items: Sequence[Item]) -> dict[int, str]:
    """Every change of a record is made."""
    return {}


def no_question(_fields: Fields, _columns: Fields, _finder: Finder) -> None:
    """Nothing is asked before a row is taken."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What a record names in tables of their own, as if these were columns: a contract its units.

    `nothing` are the fields with what stands there when none is named; `read` makes them of what a
    row says (raises Unreadable), `before` of what a file said earlier, `held` reads what is named
    now, `shown` puts it into words. The kind's `beside` and `beside_changed` write them.
    """

    nothing: Mapping[str, Any]
    read: Callable[[Fields, Finder], Fields]
    before: Callable[[Fields, Finder], Fields]
    held: Callable[[Sequence[int]], dict[int, Fields]]
    shown: Callable[[str, Any, Finder], Any]

    def of(self, columns: Fields) -> Fields:
        """Of columns those that are lines."""
        return {name: columns[name] for name in self.nothing if name in columns}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    `fields` may be set by a mapping; `references` are those that name another record. `derive`
    makes the columns of the table from them (raises Unreadable). `identity` names the columns that
    two records of this kind may not share: a second row is refused, or kept without the column
    `shared` names. `tell` is its history.
    """

    name: str
    record: str
    table: sa.Table
    fields: frozenset[str]
    required: tuple[str, ...]
    derive: Callable[[Fields, Finder], Fields]
    tell: Callable[[Item, Finder], list[Told]]
    references: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    shared: str = ""
    days: tuple[str, ...] = ()
    instants: tuple[str, ...] = ()
    beside: Beside = nothing
    beside_changed: Beside = nothing
    fixed: frozenset[str] = frozenset()
    """Fields kept beside the record, which a later file cannot change."""
    followed: Followed = nothing_follows
    """What new and changed records change of others; it notes these in the journal."""
    lines: Lines | None = None
    """Fields kept beside the record, which a later file changes as it does columns."""
    question: Callable[[Fields, Fields, Finder], None] = no_question
    """What is asked before a row is taken (raises Unreadable); it sees the columns."""
    later: str = ""
    """A reference to its own kind, filled when every row of the file is in."""
    judge_links: Judge = any_link
    """Which of these references cannot be, with the reason: they are left out."""
    linked: Callable[[list[tuple[int, int]]], None] = no_link
    """What follows from references that were filled."""
    held_back: Callable[[Sequence[Item]], dict[int, str]] = not_held_back
    """Which changes of records are not made, with the reason."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    """Tables whose rows belong to a record and go with it when its import is undone."""
    readers: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of fields that an administrator made: how they are read, and what they are called, the first
    of it to the reader."""
    of_one_customer: bool = False
    """What is here already under its identity must be the customer's that a row names."""
    several: bool = False
    """A row may hold several of them, and they are told apart by what they are, without keys."""

    def told(self, before: Fields, finder: Finder) -> Fields:
        """The columns and lines of what a file said earlier."""
        lines = self.lines.before(before, finder) if self.lines else {}
        return self.derive(before, finder) | lines
