"""When to propose: the budget month of the customer before what ends first. Pure.

A company asks for next year's money in two months about half a year before its year ends
(`crm/installed_base/expiry.py` `budgets`). What is not asked for then is not bought in that year.
So the last request that begins before the end counts, and the last one while parts and support
last is the last chance to replace the unit in peace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.expiry.dates import Expiry, Facts, expiries
from crm.installed_base.approvals import approved_by
from crm.installed_base.terms import budgets, months_after, months_between

MONTHS_AHEAD = 6
"""Without a known fiscal year: as long before the end as an approval usually takes."""

OCCASIONS = ("warranty", "contract", "lease", "support", "parts")

PLANNED, LAST_CHANCE, NO_REQUEST, ENDED, NO_YEAR = (
    "planned", "last_chance", "no_request", "ended", "no_year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """Propose from `first` to `last`, because of `before`; `why` is the case.

    planned: the last request before the end. last_chance: also the last while there are parts and
    support, which end on `limit`. no_request: none is left before the end, so now. ended: parts or
    support are over. no_year: nobody knows the customer's fiscal year.
    """

    why: str
    first: date
    last: date
    before: Expiry | None = None
    limit: date | None = None
    next_request: date | None = None
    request_ends: date | None = None
    """The last day of the request, where the customer's approval passes before the end."""

    def now(self, today: date) -> bool:
        """Is it time?"""
        return self.first <= today


def proposal(facts: Facts, today: date) -> Proposal | None:
    """When to propose a replacement or a renewal, or None where nothing ends."""
    over = [d for d in (facts.parts_supply_end_on, facts.end_of_support_on) if d and d < today]
    if over and facts.in_use:
        return Proposal(ENDED, today, today, limit=min(over))
    some = expiries(facts, today, OCCASIONS)
    if not some or not facts.in_use:
        return None
    return _before(some[0], facts, today, _limit(some))


def _before(end: Expiry, facts: Facts, today: date, limit: Expiry | None) -> Proposal:
    last_month = months_after(end.on.replace(day=1), -MONTHS_AHEAD)
    if facts.fiscal_year_end_month is None:
        first = max(last_month, today)
        return Proposal(NO_YEAR, first, max(first, end.on), end, limit.on if limit else None)
    windows = requests(facts.fiscal_year_end_month, today, end.on)
    fitting = [one for one in windows if one[0] <= end.on]
    if not fitting:
        return Proposal(NO_REQUEST, today, end.on, end, next_request=windows[0][0])
    chosen = fitting[-1]
    after = windows[len(fitting)][0] if len(windows) > len(fitting) else None
    begins, ends = max(chosen[0], today), min(chosen[1], max(end.on, today))
    is_last = limit is not None and after is not None and after > limit.on
    why = LAST_CHANCE if is_last else PLANNED
    in_time = chosen[1] if approved_by(chosen[1]) <= end.on else None
    return Proposal(why, begins, ends, end, limit.on if limit else None, after, in_time)


def requests(fiscal_year_end_month: int, today: date, until: date) -> list[tuple[date, date]]:
    """The budget requests that are not over up to a day, and the first one after it."""
    since = months_after(today.replace(day=1), -1)
    found = budgets(fiscal_year_end_month, since, months_between(since, until) + 15)
    return [one for one in found if one[1] >= today]


def _limit(some: Sequence[Expiry]) -> Expiry | None:
    """What ends parts or support first."""
    return next((one for one in some if one.kind in ("support", "parts")), None)
