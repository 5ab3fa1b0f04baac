"""Everything that is to come for the units of an account, or for one unit, in the order of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.expiry.dates import CHECKS, Expiry, Facts, expiries
from crm.expiry.lines import U, consumables, contracts, facts, units
from crm.expiry.proposing import Proposal, proposal
from crm.expiry.waiting import Some, waiting
from crm.extensions import at_most, db
from crm.installed_base.models import WorkOrder

MOST_UNITS = 500
"""Of an account that has more, the first ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One day with the units it concerns: a contract ends once, however many units it covers."""

    expiry: Expiry
    units: Sequence[sa.Row[Any]]

    @property
    def unit(self) -> sa.Row[Any]:
        """The first of its units."""
        return self.units[0]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is to come, when to propose for each unit, and whether there are more units."""

    entries: Sequence[Entry]
    proposals: Mapping[int, Proposal]
    more: bool = False


def of_account(
    account_id: int, since: date, until: date, today: date, most: int = MOST_UNITS
) -> Agenda:
    """The days of an account's first units that are not removed; six statements."""
    where = sa.and_(U.account_id == account_id, U.status != "removed")
    rows = units(where, most + 1)
    some = sa.select(U.id).where(where).order_by(U.id).limit(at_most(most))
    agenda = _agenda(rows[:most], some, since, until, today)
    return replace(agenda, more=len(rows) > most)


def of_units(unit_ids: Iterable[int], since: date, until: date, today: date) -> Agenda:
    """The days of some units; six statements."""
    keys = sorted(set(unit_ids))
    return _agenda(units(U.id.in_(keys), MOST_UNITS), keys, since, until, today)


def _agenda(
    rows: Sequence[sa.Row[Any]], some: Some, since: date, until: date, today: date
) -> Agenda:
    known = _known(rows, some, min(since, today))
    held: dict[tuple[Any, ...], list[sa.Row[Any]]] = defaultdict(list)
    first: dict[tuple[Any, ...], Expiry] = {}
    proposals: dict[int, Proposal] = {}
    for unit in rows:
        for one in expiries(known[unit.id], since):
            if one.on <= until:
                key = (one.kind, one.record, one.record_id, one.on, unit.account_id)
                held[key].append(unit)
                first.setdefault(key, one)
        found = proposal(known[unit.id], today)
        if found is not None:
            proposals[unit.id] = found
    entries = [Entry(first[key], held[key]) for key in held]
    entries.sort(key=lambda one: (one.expiry.on, one.expiry.kind, one.expiry.record_id))
    return Agenda(entries, proposals)


def _known(rows: Sequence[sa.Row[Any]], some: Some, since: date) -> dict[int, Facts]:
    """Unit → its facts, with visits, intervals, recalls and what is used up in it."""
    keys = [row.id for row in rows]
    if not keys:
        return {}
    terms, dues, checked = contracts(keys, since), waiting(some), _checked(some)
    names = consumables({row.product_id for row in rows})
    return {
        row.id: replace(
            facts(row, terms.get(row.id, ()), dues[row.id]),
            last_check_on=checked.get(row.id),
            inspection_interval_months=row.inspection_interval_months,
            consumables=names.get(row.product_id, ""),
        )
        for row in rows
    }


def _checked(keys: Some) -> dict[int, date]:
    """Unit → the day of its last inspection or calibration."""
    done = WorkOrder.done_on
    rows = db.session.execute(
        sa.select(WorkOrder.unit_id, sa.func.max(done))
        .where(WorkOrder.unit_id.in_(keys), WorkOrder.kind.in_(CHECKS), done.is_not(None))
        .group_by(WorkOrder.unit_id)
    )
    return {row[0]: row[1] for row in rows}
