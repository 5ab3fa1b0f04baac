"""The units whose contract ends: the contracts by their days, and only then what they cover.

A join that PostgreSQL may turn round reads every unit that is under a contract before it cuts the
list: with 167,000 contracts that takes 0.2 s. There the units are read contract by contract in a
LATERAL that the planner cannot take apart (its OFFSET), so the walk over the days stops at the
limit. SQLite walks a join of this order by itself, and has no LATERAL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from crm.expiry.renewed import renewed
from crm.expiry.spans import Branches, Reading
from crm.extensions import db
from crm.installed_base.models import ContractScope, ContractUnit, ServiceContract, Unit

CONTRACTS, UNITS, SCOPES = ServiceContract.__table__, Unit.__table__, ContractScope.__table__
U, C, S, L = UNITS.c, CONTRACTS.c, SCOPES.c, ContractUnit.__table__.c
SAME = U.account_id == C.account_id
NAMED = ContractUnit.__table__.join(UNITS, U.id == L.unit_id)
WIDE = SCOPES.join(
    UNITS,
    sa.or_(
        S.product_id == U.product_id,
        S.site_id == U.site_id,
        sa.and_(S.product_id.is_(None), S.site_id.is_(None)),
    ),
)


def over_units(reading: Reading, kind: str, notice_days: int = 0) -> Branches:
    """Units with the last day of a contract after which nothing covers them.

    With the days of a notice only contracts that have just so many, that much earlier.
    """
    one_by_one = db.engine.dialect.name == "postgresql"
    for units, tied, contracts, on in _covered(reading):
        contracts += [C.cancelled_on.is_(None), *reading.accounts(C.account_id)]
        contracts += [C.notice_days == notice_days] if notice_days else []
        known = [*tied, *reading.wanted(), sa.not_(renewed(reading.any_wide))]
        if one_by_one:
            held = sa.select(U.id).select_from(units).where(*known).correlate(CONTRACTS)
            found = held.offset(0).lateral("held")
            read, unit = CONTRACTS.join(found, sa.true()), found.c.id
        else:
            read, unit = CONTRACTS.join(units, sa.and_(*tied)), U.id
            contracts += known
        days = reading.span(on, days=notice_days, unit=unit)
        yield reading.branch(read, on, unit, kind, shift=notice_days).where(*contracts, *days)


def _covered(reading: Reading) -> Iterator[tuple[Any, list[Any], list[Any], Any]]:
    """Units that are named, and those of a contract's account: a join, what ties it to the
    contract, what is asked of the contract, and its last day.

    A walk over the days stops early where many contracts are wide. Where few are it would look at
    all for nothing: there the wide ones are taken by their keys, and the day is written so that no
    index is taken for it.
    """
    yield NAMED, [L.contract_id == C.id, SAME], [], C.ends_on
    if not reading.any_wide:
        return
    some = [C.id.in_(sa.select(S.contract_id))] if reading.few_wide else []
    on = sa.func.coalesce(C.ends_on, C.ends_on) if reading.few_wide else C.ends_on
    yield WIDE, [S.contract_id == C.id, SAME], some, on
