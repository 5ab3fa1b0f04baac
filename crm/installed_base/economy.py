"""What a unit brings in and what it costs to serve, in yen without tax.

Costs are all work on the unit at our own prices (labour, travel, parts), whoever paid. Revenue is
what the customer paid for work, and the unit's share of its contracts: the price of a year by the
days of the year, divided evenly among the units that a contract covers today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, WorkOrder
from crm.installed_base.queries import contracts_of
from crm.installed_base.terms import months_after

MONTHS = 24
DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class Term:
    """A contract's term: both days belong to it; `annual` yen a year for so many `units`."""

    first: date
    last: date
    annual: int
    units: int = 1


@dataclass(frozen=True, slots=True)
class Economy:
    """Yen of one span of time."""

    cost: int = 0
    paid_work: int = 0
    contracts: int = 0
    paid_repairs: int = 0

    @property
    def revenue(self) -> int:
        """What the customer paid."""
        return self.paid_work + self.contracts

    @property
    def result(self) -> int:
        """Revenue less cost."""
        return self.revenue - self.cost


def contract_share(terms: Iterable[Term], first: date | None, last: date) -> int:
    """A unit's share of its contracts between two days, both counted; fractions of a yen fall."""
    total = Fraction(0)
    for term in terms:
        begins = term.first if first is None else max(first, term.first)
        days = (min(last, term.last) - begins).days + 1
        if days > 0:
            total += Fraction(term.annual * days, DAYS_OF_YEAR * max(1, term.units))
    return int(total)


def economy_of(unit_id: int, on: date) -> tuple[Economy, Economy]:
    """The last 24 months, and all time to a day; three statements."""
    since = months_after(on, -MONTHS) + timedelta(days=1)
    terms = _terms(contracts_of(unit_id))
    row = _work(unit_id, since, on)
    shares = contract_share(terms, since, on), contract_share(terms, None, on)
    return (
        Economy(int(row.late or 0), int(row.late_paid or 0), shares[0], int(row.repairs or 0)),
        Economy(int(row.cost or 0), int(row.paid or 0), shares[1]),
    )


def _work(unit_id: int, since: date, on: date) -> sa.Row[Any]:
    work = WorkOrder.__table__.c
    cost = work.labour_amount + work.travel_amount + work.parts_amount
    paid = sa.case((work.chargeable, sa.func.coalesce(work.invoice_amount, cost)), else_=0)
    late = work.opened_on >= since
    return db.session.execute(
        sa.select(
            sa.func.sum(cost).label("cost"), sa.func.sum(paid).label("paid"),
            sa.func.sum(sa.case((late, cost), else_=0)).label("late"),
            sa.func.sum(sa.case((late, paid), else_=0)).label("late_paid"),
            sa.func.sum(
                sa.case((sa.and_(late, work.kind == "repair"), paid), else_=0)
            ).label("repairs"),
        ).where(work.unit_id == unit_id, work.opened_on <= on)
    ).one()  # fmt: skip


def _terms(contracts: Sequence[ServiceContract]) -> list[Term]:
    if not contracts:
        return []
    number = sa.func.count(covered.c.unit_id.distinct())
    rows = db.session.execute(
        sa.select(covered.c.contract_id, number.label("number"))
        .where(covered.c.contract_id.in_([one.id for one in contracts]))
        .group_by(covered.c.contract_id)
    )
    counted = {row.contract_id: row.number for row in rows}
    return [
        Term(one.starts_on, _last(one), one.annual_amount, counted.get(one.id, 1))
        for one in contracts
    ]


def _last(contract: ServiceContract) -> date:
    if contract.cancelled_on is None:
        return contract.ends_on
    return min(contract.ends_on, contract.cancelled_on - timedelta(days=1))
