"""The lines of the list: units with what ends, who covers them, what they cost, their deal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account, Site
from crm.deals.models import OPEN_STAGES, Deal, DealUnit, deal_number
from crm.expiry.candidates import Candidate
from crm.expiry.dates import CHECKS, Due, Expiry, Facts, Term, ending, expiries
from crm.expiry.proposing import Proposal, proposal
from crm.expiry.spans import ACTIVE
from crm.expiry.waiting import waiting
from crm.extensions import at_most, db
from crm.installed_base.covering import covered
from crm.installed_base.leases import lease_end
from crm.installed_base.models import ServiceContract, Unit, WorkOrder
from crm.installed_base.own_days import DAYS, ends
from crm.products.models import Product, ProductRelation

U, C, W = Unit.__table__.c, ServiceContract.__table__.c, WorkOrder.__table__.c
DUES = (*CHECKS, "recall")
MOST_NAMES = 500
"""Names of what is used up in the models of one read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in the list, with the day that put it there; amounts in yen without tax.

    `fee` is its share of a year of its contract. The shares of all units under a contract add up
    to the contract: the remainder of the division is the first unit's.
    """

    unit: sa.Row[Any]
    expiry: Expiry
    contract: Term | None = None
    fee: int = 0
    repairs: int = 0
    deal: sa.Row[Any] | None = None
    proposal: Proposal | None = None

    @property
    def month(self) -> date:
        """The first day of the month in which it stands."""
        return self.expiry.on.replace(day=1)

    @property
    def delivered_on(self) -> date | None:
        """The first day the unit was with the customer, as far as known."""
        return begun(self.unit)

    @property
    def lease_ends_on(self) -> date | None:
        """The end of the lease or of the re-lease that is to come."""
        if self.unit.ownership != "leased":
            return None
        end = lease_end(self.unit.lease_ends_on, self.unit.re_lease_ends_on, self.month)
        return end.on if end else None

    @property
    def deal_number(self) -> str:
        """D-2611-338, or nothing without an open deal."""
        return deal_number(self.deal.created_at, self.deal.id) if self.deal else ""


def begun(unit: Any) -> date | None:
    """The first day a unit was with the customer."""
    on: date | None = unit.delivered_on or unit.installed_on or unit.accepted_on
    return on


def years_in_tenths(since: date | None, on: date) -> int | None:
    """Years of 365.25 days from one day to another, in tenths, half up; None when not yet."""
    if since is None or since > on:
        return None
    return ((on - since).days * 80 + 1461) // 2922


COLUMNS = (
    U.id, U.account_id, U.product_id, U.site_id, U.serial_no, U.location, U.status, U.ownership,
    U.lease_ends_on, U.re_lease_ends_on, U.delivered_on, U.installed_on, U.accepted_on,
    U.lessor, U.warranty_ends_on, U.is_competitor, Product.code, Product.name.label("product"),
    *ends(), Product.inspection_interval_months, Product.consumable_cycle_days,
    Account.name.label("account"), Account.owner_id, Account.team_id,
    Account.fiscal_year_end_month, Site.name.label("site"),
)  # fmt: skip


def units(where: sa.ColumnElement[bool], limit: int) -> Sequence[sa.Row[Any]]:
    """Units with their product, account and site, in one statement."""
    return db.session.execute(
        sa.select(*COLUMNS)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .where(where)
        .order_by(U.id)
        .limit(at_most(limit))
    ).all()


def contracts(unit_ids: Sequence[int], since: date) -> dict[int, list[Term]]:
    """Unit → its contracts that end on a day or after it, in one statement."""
    found: dict[int, dict[int, Term]] = defaultdict(dict)
    rows = db.session.execute(
        sa.select(
            covered.c.unit_id, C.id, C.number, C.starts_on, C.ends_on, C.notice_days,
            C.auto_renew, C.cancelled_on, C.annual_amount,
        )
        .join(ServiceContract, C.id == covered.c.contract_id)
        .where(covered.c.unit_id.in_(unit_ids), C.ends_on >= since)
        .order_by(C.ends_on, C.id)
    )  # fmt: skip
    for unit_id, *term in rows:
        found[unit_id][term[0]] = Term(*term)
    return {unit_id: list(some.values()) for unit_id, some in found.items()}


def shares(contract_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Contract → how many units in use it covers, and the first of them; one statement."""
    keys = sorted(set(contract_ids))
    if not keys:
        return {}
    rows = db.session.execute(
        sa.select(
            covered.c.contract_id,
            sa.func.count(covered.c.unit_id.distinct()),
            sa.func.min(covered.c.unit_id),
        )
        .join(Unit, U.id == covered.c.unit_id)
        .where(covered.c.contract_id.in_(keys), U.status.in_(ACTIVE))
        .group_by(covered.c.contract_id)
    )
    return {contract: (number, first) for contract, number, first in rows}


def share(term: Term | None, unit_id: int, of: dict[int, tuple[int, int]]) -> int:
    """A unit's part of a year of its contract, in whole yen."""
    if term is None or term.id not in of:
        return 0
    number, first = of[term.id]
    whole, rest = divmod(term.annual_amount, number)
    return whole + (rest if unit_id == first else 0)


def deals(unit_ids: Sequence[int]) -> dict[int, sa.Row[Any]]:
    """Unit → the newest open deal about it, in one statement."""
    rows = db.session.execute(
        sa.select(DealUnit.unit_id, Deal.id, Deal.title, Deal.created_at)
        .join(Deal, Deal.id == DealUnit.deal_id)
        .where(DealUnit.unit_id.in_(unit_ids), Deal.stage.in_(OPEN_STAGES))
        .order_by(Deal.id)
    )
    return {row.unit_id: row for row in rows}


def repairs(unit_ids: Sequence[int]) -> dict[int, int]:
    """Unit → what was charged for repairs since its delivery, in yen; one statement."""
    paid = sa.func.sum(W.labour_amount + W.travel_amount + W.parts_amount)
    begins = sa.func.coalesce(U.delivered_on, U.installed_on, U.accepted_on)
    rows = db.session.execute(
        sa.select(W.unit_id, paid)
        .join(Unit, U.id == W.unit_id)
        .where(
            W.unit_id.in_(unit_ids), W.kind == "repair", W.chargeable.is_(True),
            sa.or_(begins.is_(None), W.opened_on >= begins),
        )
        .group_by(W.unit_id)
    )  # fmt: skip
    return {unit_id: int(amount) for unit_id, amount in rows}


def facts(unit: Any, terms: Sequence[Term], dues: Sequence[Due] = ()) -> Facts:
    """What is known of a unit, for the days and for when to propose; `dues` stand in other
    records."""
    return Facts(
        unit_id=unit.id, product_id=unit.product_id, account_id=unit.account_id,
        begins_on=begun(unit), in_use=unit.status in ACTIVE,
        warranty_ends_on=unit.warranty_ends_on, leased=unit.ownership == "leased",
        lease_ends_on=unit.lease_ends_on, re_lease_ends_on=unit.re_lease_ends_on,
        lessor=unit.lessor,
        contracts=terms, visits=[one for one in dues if one.record != "campaign"],
        recalls=[one for one in dues if one.record == "campaign"],
        consumable_cycle_days=unit.consumable_cycle_days,
        parts_supply_end_on=unit.parts_supply_end_on,
        end_of_support_on=unit.end_of_support_on,
        own_ends=[kind for kind in DAYS if unit._mapping[f"own_{kind}"] is not None],
        fiscal_year_end_month=unit.fiscal_year_end_month,
    )  # fmt: skip


def lines(
    some: Sequence[Candidate],
    kinds: Sequence[str],
    first: date,
    last: date,
    today: date,
    every: bool = True,
) -> list[Line]:
    """The lines of candidates, each unit once, on the earliest of its days; five statements, and
    one for the names of what is used up.

    Unless the candidates are `every` one of the units from the first day on, what came before them
    is read as well.
    """
    keys = sorted({one.unit_id for one in some})
    if not keys:
        return []
    dues = _dues(some) if every or not set(DUES) & set(kinds) else waiting(keys, intervals=True)
    terms, open_deals, paid = contracts(keys, min(first, today)), deals(keys), repairs(keys)
    rows = units(U.id.in_(keys), len(keys))
    used = consumables({row.product_id for row in rows}) if "consumable" in kinds else {}
    found: list[Line] = []
    for unit in rows:
        known = replace(
            facts(unit, terms.get(unit.id, ()), dues[unit.id]),
            consumables=used.get(unit.product_id, ""),
        )
        days = [one for one in expiries(known, first, kinds) if one.on <= last]
        if days:
            term = next((t for t in ending(known.contracts) if t.ends_on >= first), None)
            found.append(
                Line(unit, days[0], term, 0, paid.get(unit.id, 0), open_deals.get(unit.id),
                     proposal(known, today))
            )  # fmt: skip
    return _with_fees(found)


def _dues(some: Sequence[Candidate]) -> dict[int, list[Due]]:
    """Unit → its days that stand in other records, or follow from its product's interval."""
    found: dict[int, list[Due]] = defaultdict(list)
    for one in some:
        if one.kind in DUES:
            key = one.record_id or one.unit_id
            found[one.unit_id].append(Due(one.record, key, one.on, one.kind, one.name))
    return found


def consumables(product_ids: Iterable[int]) -> dict[int, str]:
    """Product → the names of what is used up in it, in one statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(ProductRelation.product_id, Product.name)
        .join(Product, Product.id == ProductRelation.other_id)
        .where(
            ProductRelation.product_id.in_(list(product_ids)),
            ProductRelation.kind == "consumable",
        )
        .order_by(ProductRelation.product_id, Product.id)
        .limit(at_most(MOST_NAMES))
    )
    for row in rows:
        found[row.product_id].append(row.name)
    return {key: ", ".join(names) for key, names in found.items()}


def _with_fees(found: Sequence[Line]) -> list[Line]:
    of = shares(line.contract.id for line in found if line.contract)
    return [
        Line(
            line.unit, line.expiry, line.contract, share(line.contract, line.unit.id, of),
            line.repairs, line.deal, line.proposal,
        )
        for line in found
    ]  # fmt: skip
