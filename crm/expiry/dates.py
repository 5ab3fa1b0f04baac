"""What of a unit ends or falls due, and when: facts in, days out. Pure: no database, no clock.

A day is fixed when somebody wrote it down, computed when it follows from an interval, a cycle or
a month. Of what repeats only the next day is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.installed_base.leases import lease_end
from crm.installed_base.terms import budgets, months_after

KINDS = (
    "warranty", "contract", "notice", "lease", "support", "parts", "calibration", "inspection",
    "recall", "consumable", "budget",
)  # fmt: skip
"""In the order in which two that fall on one day are told."""

ON_PAPER = ("warranty", "contract", "lease", "support")
"""Those of which the earliest decides in which month a unit stands on the printed list."""

CHECKS = ("calibration", "inspection")
FIXED, COMPUTED = "fixed", "computed"
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A maintenance contract over the unit; both end days belong to it. `annual_amount` in yen."""

    id: int
    number: str
    starts_on: date
    ends_on: date
    notice_days: int = 90
    auto_renew: bool = False
    cancelled_on: date | None = None
    annual_amount: int = 0

    @property
    def last_on(self) -> date:
        """The last day on which it holds; a cancelled one holds to the day before."""
        if self.cancelled_on is None:
            return self.ends_on
        return min(self.ends_on, self.cancelled_on - ONE)

    def holds(self, on: date) -> bool:
        """Is the unit covered on a day?"""
        return self.starts_on <= on <= self.last_on


@dataclass(frozen=True, slots=True)
class Due:
    """A day that stands in another record: a visit, a plan or a recall, with its name."""

    record: str
    id: int
    on: date
    kind: str = "inspection"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is asked of a unit, its product, its contracts and its account.

    Support and parts end on its product's days; those of `own_ends` on days of its own.
    """

    unit_id: int
    product_id: int = 0
    account_id: int = 0
    begins_on: date | None = None
    in_use: bool = True
    warranty_ends_on: date | None = None
    leased: bool = False
    lease_ends_on: date | None = None
    lessor: str = ""
    re_lease_ends_on: date | None = None
    contracts: Sequence[Term] = ()
    visits: Sequence[Due] = ()
    last_check_on: date | None = None
    inspection_interval_months: int | None = None
    recalls: Sequence[Due] = ()
    consumable_cycle_days: int | None = None
    consumables: str = ""
    parts_supply_end_on: date | None = None
    end_of_support_on: date | None = None
    own_ends: Collection[str] = ()
    fiscal_year_end_month: int | None = None


@dataclass(frozen=True, slots=True)
class Expiry:
    """One day: what ends, whether it is fixed, and the record it can be read in."""

    kind: str
    on: date
    record: str
    record_id: int
    certainty: str = FIXED
    name: str = ""
    """A number or a name of its own: of the contract, the lessor, the visit, the consumable."""
    year: int = 0
    """Of a re-lease, counted from the end of the lease."""


def expiries(facts: Facts, since: date, kinds: Sequence[str] = KINDS) -> list[Expiry]:
    """What ends or falls due on a day or after it, the earliest first; of some kinds or of all."""
    wanted = set(kinds)
    found = [
        one
        for told, tell in _TELLERS
        if wanted & told
        for one in tell(facts, since)
        if one.on >= since and one.kind in wanted
    ]
    return sorted(found, key=lambda one: (one.on, KINDS.index(one.kind), one.record_id))


def _warranty(facts: Facts, _since: date) -> Iterator[Expiry]:
    if facts.warranty_ends_on is not None:
        yield Expiry("warranty", facts.warranty_ends_on, "unit", facts.unit_id)


def ending(contracts: Sequence[Term]) -> list[Term]:
    """The contracts after whose last day none covers the unit; a cancelled one was decided."""
    return [
        one
        for one in contracts
        if one.cancelled_on is None
        and not any(other.holds(one.ends_on + ONE) for other in contracts)
    ]


def _contracts(facts: Facts, _since: date) -> Iterator[Expiry]:
    """The end of what is not renewed yet, and the day until which the customer gives notice."""
    for one in ending(facts.contracts):
        yield Expiry("contract", one.ends_on, "contract", one.id, name=one.number)
        notice = one.ends_on - timedelta(days=one.notice_days)
        if one.notice_days and notice >= one.starts_on:
            yield Expiry("notice", notice, "contract", one.id, name=one.number)


def _lease(facts: Facts, since: date) -> Iterator[Expiry]:
    end = lease_end(facts.lease_ends_on, facts.re_lease_ends_on, since) if facts.leased else None
    if end is None:
        return
    if not end.fixed and not facts.in_use:
        return
    certainty = FIXED if end.fixed else COMPUTED
    yield Expiry("lease", end.on, "unit", facts.unit_id, certainty, facts.lessor, end.year)
    later = facts.re_lease_ends_on
    if not end.year and later is not None and later > end.on:
        after = lease_end(facts.lease_ends_on, later, end.on + ONE)
        if after is not None:
            yield Expiry("lease", after.on, "unit", facts.unit_id, FIXED, facts.lessor, after.year)


def _product(facts: Facts, _since: date) -> Iterator[Expiry]:
    """The manufacturer's days are facts of the product, unless the unit has its own; they touch
    what is in use."""
    if not facts.in_use:
        return
    for kind, on in (("support", facts.end_of_support_on), ("parts", facts.parts_supply_end_on)):
        if on is not None and kind in facts.own_ends:
            yield Expiry(kind, on, "unit", facts.unit_id)
        elif on is not None:
            yield Expiry(kind, on, "product", facts.product_id)


def _checks(facts: Facts, _since: date) -> Iterator[Expiry]:
    """The visits and due days of plans; without any, the product's interval after the last one."""
    for one in facts.visits:
        if one.kind in CHECKS:
            certainty = FIXED if one.record == "visit" else COMPUTED
            yield Expiry(one.kind, one.on, one.record, one.id, certainty, one.name)
    on = by_interval(facts.begins_on, facts.last_check_on, facts.inspection_interval_months)
    planned = any(one.kind in CHECKS for one in facts.visits)
    if on is not None and not planned and facts.in_use:
        yield Expiry("inspection", on, "unit", facts.unit_id, COMPUTED)


def by_interval(begins_on: date | None, last_on: date | None, months: int | None) -> date | None:
    """When a unit without a plan is inspected: so many months after the last time, or the first
    day; None when either is not known."""
    last = last_on or begins_on
    return months_after(last, months) if months and last is not None else None


def _recalls(facts: Facts, _since: date) -> Iterator[Expiry]:
    """Recalls and field campaigns that wait for this unit."""
    for one in facts.recalls:
        yield Expiry("recall", one.on, one.record, one.id, FIXED, one.name)


def _consumables(facts: Facts, since: date) -> Iterator[Expiry]:
    """What is used up is bought again after each cycle, counted from the first day."""
    cycle = facts.consumable_cycle_days
    first = first_need(facts.begins_on, cycle)
    if first is not None and cycle and facts.in_use:
        on = next_need(first, cycle, since)
        yield Expiry("consumable", on, "unit", facts.unit_id, COMPUTED, facts.consumables)


def first_need(begins_on: date | None, cycle_days: int | None) -> date | None:
    """When what is used up in a unit is bought again for the first time."""
    return begins_on + timedelta(days=cycle_days) if cycle_days and begins_on is not None else None


def next_need(first: date, cycle_days: int, since: date) -> date:
    """The first day of a cycle that is not before a day."""
    behind = max(0, (since - first).days)
    return first + timedelta(days=-(-behind // cycle_days) * cycle_days)


def _budget(facts: Facts, since: date) -> Iterator[Expiry]:
    """The first day of the months in which the customer next asks for money."""
    first = since.replace(day=1)
    for start, _end in budgets(facts.fiscal_year_end_month, first, 25):
        if start >= since:
            yield Expiry("budget", start, "account", facts.account_id, COMPUTED)
            return


_TELLERS = (
    ({"warranty"}, _warranty), ({"contract", "notice"}, _contracts), ({"lease"}, _lease),
    ({"support", "parts"}, _product), (set(CHECKS), _checks), ({"recall"}, _recalls),
    ({"consumable"}, _consumables), ({"budget"}, _budget),
)  # fmt: skip
"""Which kinds of days each of them tells."""
