"""What decides who pays for a unit: how it stood, its warranties, recalls and contracts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE = timedelta(days=1)
COSTS = ("labour", "travel", "parts")


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of each cost is borne for the customer, in percent."""

    labour: int = 0
    travel: int = 0
    parts: int = 0

    def of(self, cost: str) -> int:
        """The share of one of COSTS."""
        return int(getattr(self, cost))

    @property
    def total(self) -> int:
        """300 when everything is borne."""
        return self.labour + self.travel + self.parts

    @property
    def verdict(self) -> str:
        """free when everything is borne, chargeable when nothing is."""
        return "free" if self.total == 300 else "partly" if self.total else "chargeable"


ALL, NONE = Shares(100, 100, 100), Shares()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a unit was and where it stood from a day on."""

    from_on: date
    account_id: int
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class RecallTerms:
    """A campaign that names the unit; it bears until the unit's part of it is closed."""

    id: int
    number: str
    kind: str
    starts_on: date
    ends_on: date | None = None
    closed_on: date | None = None
    shares: Shares = ALL

    @property
    def last_on(self) -> date | None:
        """The last day on which it bears; None while no end is known."""
        return min((one for one in (self.ends_on, self.closed_on) if one), default=None)

    def holds(self, on: date) -> bool:
        """Does it bear on this day?"""
        last = self.last_on
        return self.starts_on <= on and (last is None or on <= last)


@dataclass(frozen=True, slots=True)
class WarrantyTerms:
    """A warranty; both days belong to it. `reached_on` is the day on which its meter stood above
    the limit first; one that is not transferable ends when the unit becomes another account's.
    `exchange` is how a defective unit is dealt with; empty when nothing is agreed."""

    id: int
    kind: str
    starts_on: date
    ends_on: date
    shares: Shares = ALL
    transferable: bool = True
    reached_on: date | None = None
    exchange: str = ""


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What of a contract decides. `response_hours` and `repair_hours` are what it promises, of
    working hours or around the clock; `width` is how wide it was written: 0 the unit itself, 1 its
    product, 2 its site, 3 the whole account.

    It covers what `account_id` has; a line on a site covers what stands at `site_id`.
    """

    id: int
    number: str
    starts_on: date
    ends_on: date
    cancelled_on: date | None = None
    response_hours: int | None = None
    width: int = 0
    shares: Shares = ALL
    account_id: int | None = None
    site_id: int | None = None
    repair_hours: int | None = None
    around_the_clock: bool = False

    @property
    def last_on(self) -> date:
        """The last day on which it holds."""
        if self.cancelled_on is None:
            return self.ends_on
        return min(self.ends_on, self.cancelled_on - ONE)

    def holds(self, on: date) -> bool:
        """Is it in force on this day?"""
        return self.starts_on <= on <= self.last_on


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """What of a unit decides; `begins_on` is the first day it was the customer's.

    A unit without rows of `warranties` has one warranty of the maker to `warranty_ends_on`.
    `standings` are in the order of their days.
    """

    begins_on: date | None = None
    warranty_ends_on: date | None = None
    removed_on: date | None = None
    is_competitor: bool = False
    standings: Sequence[Standing] = ()
    warranties: Sequence[WarrantyTerms] = ()
    recalls: Sequence[RecallTerms] = ()

    def stood(self, on: date) -> Standing | None:
        """How it stood at the end of a day; before its first day as on that."""
        past = [one for one in self.standings if one.from_on <= on]
        return past[-1] if past else next(iter(self.standings), None)

    def left_on(self, since: date) -> date | None:
        """The first day after `since` on which it was another account's than on `since`."""
        then = self.stood(since)
        if then is None:
            return None
        later = (one for one in self.standings if one.from_on > since)
        return next((one.from_on for one in later if one.account_id != then.account_id), None)

    def all_warranties(self) -> Sequence[WarrantyTerms]:
        """Its warranties, or the one that its last day stands for."""
        if self.warranties or self.warranty_ends_on is None:
            return self.warranties
        begins = self.begins_on or date.min
        return (WarrantyTerms(0, "maker", begins, self.warranty_ends_on),)

    def warranty_end(self, warranty: WarrantyTerms) -> tuple[date, str]:
        """The last day of a warranty, and why: `over`, `metered` or `moved`."""
        ends = [(warranty.ends_on, "over")]
        if warranty.reached_on is not None:
            ends.append((warranty.reached_on - ONE, "metered"))
        left = None if warranty.transferable else self.left_on(warranty.starts_on)
        if left is not None:
            ends.append((left - ONE, "moved"))
        return min(ends, key=lambda end: end[0])

    def covered_by(self, contract: ContractTerms, on: date) -> bool:
        """Was it, on this day, the contract's account's, and at the site that the line names?"""
        then = self.stood(on)
        if then is None:
            return True
        if contract.account_id not in (None, then.account_id):
            return False
        return contract.site_id in (None, then.site_id)
