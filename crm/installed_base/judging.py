"""Judge who pays for units on a day, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm.clock import local
from crm.extensions import db
from crm.installed_base.cover_terms import (
    ContractTerms,
    RecallTerms,
    Shares,
    Standing,
    UnitTerms,
    WarrantyTerms,
)
from crm.installed_base.entitlement import Verdict, entitlement
from crm.installed_base.gathering import rows_about
from crm.installed_base.models import Unit


def verdicts(units: Iterable[Any], on: date) -> dict[int, Verdict]:
    """Key → verdict on a day, for many units at once: one statement for keys, one for the rest.

    `units` are records or rows of units, or keys.
    """
    some = list(units)
    keys = [one for one in some if isinstance(one, int)]
    rows = [one for one in some if not isinstance(one, int)]
    if keys:
        rows += db.session.execute(sa.select(Unit.__table__).where(Unit.id.in_(keys))).all()
    held = _held(row.id for row in rows) if rows else {}
    return {
        row.id: entitlement(_terms(row, held[row.id]), held[row.id].contracts, on) for row in rows
    }


def unit_terms(units: Sequence[Any]) -> dict[int, UnitTerms]:
    """Key → what of a unit decides, for records or rows of units, in one statement."""
    held = _held(one.id for one in units)
    return {one.id: _terms(one, held[one.id]) for one in units}


def contracts_over(units: Sequence[Any], on: date) -> dict[int, list[ContractTerms]]:
    """Key → the contracts, past and to come, over what a unit is on a day, in one statement."""
    held = _held(one.id for one in units)
    found = {}
    for one in units:
        terms = _terms(one, held[one.id])
        found[one.id] = [c for c in held[one.id].contracts if terms.covered_by(c, on)]
    return found


@dataclass(slots=True)
class _Held:
    """What is known of one unit."""

    standings: list[Standing] = field(default_factory=list)
    warranties: list[WarrantyTerms] = field(default_factory=list)
    recalls: list[RecallTerms] = field(default_factory=list)
    contracts: list[ContractTerms] = field(default_factory=list)


def _held(unit_ids: Iterable[int]) -> dict[int, _Held]:
    held: dict[int, _Held] = defaultdict(_Held)
    for row in rows_about(unit_ids):
        what, one = row.what, held[row.unit_id]
        if what == "standing":
            one.standings.append(Standing(row.starts_on, row.account_id, row.site_id))
        elif what == "warranty":
            one.warranties.append(_warranty(row))
        elif what == "recall":
            one.recalls.append(_recall(row))
        else:
            one.contracts.append(_contract(row))
    return held


def _shares(row: Any) -> Shares:
    return _percents(row.labour, row.travel, row.parts)


@lru_cache(maxsize=1000)
def _percents(labour: int, travel: int, parts: int) -> Shares:
    return Shares(labour, travel, parts)


def _warranty(row: Any) -> WarrantyTerms:
    reached = local(row.reached_at).date() if row.reached_at else None
    return WarrantyTerms(
        row.id, row.kind, row.starts_on, row.ends_on, _shares(row), row.transferable, reached,
        row.exchange,
    )  # fmt: skip


def _recall(row: Any) -> RecallTerms:
    return RecallTerms(
        row.id, row.number, row.kind, row.starts_on, row.ends_on, row.closed_on, _shares(row)
    )


def _contract(row: Any) -> ContractTerms:
    return ContractTerms(
        row.id, row.number, row.starts_on, row.ends_on, row.closed_on, row.hours, row.width,
        _shares(row), row.account_id, row.site_id, row.repair, bool(row.clock),
    )  # fmt: skip


def _terms(unit: Any, held: _Held) -> UnitTerms:
    days = (unit.delivered_on, unit.installed_on, unit.accepted_on)
    return UnitTerms(
        begins_on=min((day for day in days if day), default=None),
        warranty_ends_on=unit.warranty_ends_on, removed_on=unit.removed_on,
        is_competitor=unit.is_competitor, warranties=held.warranties, recalls=held.recalls,
        standings=held.standings or [Standing(date.min, unit.account_id, unit.site_id)],
    )  # fmt: skip
