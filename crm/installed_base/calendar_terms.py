"""What a unit's calendar and the sentence under it are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Contract:
    """A term of a maintenance contract."""

    number: str
    starts_on: date
    ends_on: date
    notice_days: int
    auto_renew: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a unit's calendar is made of; support and parts end on its product's days, those of
    `own_ends` on days of its own."""

    begins_on: date | None = None
    warranty_ends_on: date | None = None
    contracts: Sequence[Contract] = ()
    lease_ends_on: date | None = None
    re_lease_ends_on: date | None = None
    checks: Sequence[date] = ()
    next_check_on: date | None = None
    checks_called: str = ""
    parts_supply_end_on: date | None = None
    end_of_support_on: date | None = None
    own_ends: Collection[str] = ()
    fiscal_year_end_month: int | None = None
