"""How likely two units are one machine, and which pairs of a million are worth a look.

All serial numbers are read once, in the order of a key that whatever may be one number shares: no
unit is compared with any that does not stand beside it there, and nothing is kept in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import sqlalchemy as sa

from crm.doubles.catalogue import Model
from crm.doubles.comparing import AT_ONCE, LARGE, Found
from crm.doubles.likeness import WEIGHTS, WORTH_A_LOOK, Judged
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.text.serial_alike import differences, loosest

U = Unit.__table__.c
ALIKE = (("-", ""), ("O", "0"), ("I", "1"), ("B", "8"), ("0", ""))
"""What is taken out of a serial key so that its likes stand beside it, in this order."""
WORDS = {"gap": "serial_gap", "zeros": "serial_zeros", "letters": "serial_letters",
         "worse": "serial_worse"}  # fmt: skip
NEXT = 8
"""Each further difference speaks against it by so much."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A unit as the comparison sees it."""

    id: int
    account_id: int
    site_id: int | None
    product_id: int
    serial: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which products may be one, and which stand for those that nobody knows."""

    pairs: frozenset[tuple[int, int]] = frozenset()
    unknown: frozenset[int] = frozenset()

    def said(self, a: int, b: int) -> str:
        """What two units' products say: the same, alike, not known, or nothing."""
        if a == b:
            return "same_product"
        if (min(a, b), max(a, b)) in self.pairs:
            return "product_alike"
        return "product_unknown" if {a, b} & self.unknown else ""


def catalogue(every: Iterable[Model], found: Iterable[Found]) -> Catalogue:
    """What the comparison of units asks of the products."""
    return Catalogue(
        frozenset((one.left_id, one.right_id) for one in found),
        frozenset(one.id for one in every if one.unknown),
    )


def read_units() -> Iterator[list[Machine]]:
    """Units whose serial numbers may be one, group by group; one statement, sorted."""
    key: Any = U.serial_key
    for sign, instead in ALIKE:
        key = sa.func.replace(key, sign, instead)
    columns = U.id, U.account_id, U.site_id, U.product_id, U.serial_key
    rows = db.session.execute(
        sa.select(*columns, key.label("beside"))
        .where(U.serial_key.is_not(None))
        .order_by("beside", U.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for beside, some in groupby(rows, key=lambda row: row.beside):
        group = list(some)
        if beside and len(group) > 1:
            yield [Machine(*row[:5]) for row in group]


def doubles_of_units(groups: Iterable[list[Machine]], known: Catalogue) -> Iterator[Found]:
    """Pairs of units that are worth a person's look."""
    for group in groups:
        laid: dict[str, list[Machine]] = defaultdict(list)
        for one in group:
            laid[loosest(one.serial)].append(one)
        for some in laid.values():
            yield from _pairs(some, known)


CUTS: tuple[Callable[[Machine], Hashable], ...] = (
    lambda one: one.account_id, lambda one: one.product_id,
)  # fmt: skip


def _pairs(some: Sequence[Machine], known: Catalogue) -> Iterator[Found]:
    """A number that very many products have is compared within an account and within a product."""
    seen: set[tuple[int, int]] = set()
    for part in [some] if len(some) <= LARGE else _cut(some):
        for a, b in combinations(part, 2):
            judged = None if (a.id, b.id) in seen else units(a, b, known)
            if judged is not None:
                seen.add((a.id, b.id))
                (left, one), (right, other) = sorted(
                    [(a.id, a.account_id), (b.id, b.account_id)]
                )  # fmt: skip
                yield Found("unit", left, right, one, other, judged)


def _cut(some: Sequence[Machine]) -> Iterator[list[Machine]]:
    for cut in CUTS:
        parts: dict[Hashable, list[Machine]] = defaultdict(list)
        for one in some:
            parts[cut(one)].append(one)
        yield from (part[: LARGE * 5] for part in parts.values())


def units(a: Machine, b: Machine, known: Catalogue) -> Judged | None:
    """Judge two units; nothing when they have two numbers, or too little says that they are one."""
    differ = differences(a.serial, b.serial)
    if differ is None:
        return None
    reasons = [WORDS[one] for one in differ] or ["serial"]
    score = min(WEIGHTS[one] for one in reasons) - NEXT * (len(reasons) - 1)
    said = known.said(a.product_id, b.product_id)
    beside = [said] if said else []
    beside += ["same_account"] if a.account_id == b.account_id else []
    if a.site_id is not None and a.site_id == b.site_id:
        beside.append("same_site")
    score = min(100, score + sum(WEIGHTS[one] for one in beside))
    return Judged(score, (*reasons, *beside)) if score >= WORTH_A_LOOK else None
