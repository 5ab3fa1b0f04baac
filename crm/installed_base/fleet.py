"""All units of a product: how old they are, whose they are, and who looks after the owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.terms import months_after
from crm.paging import Page, Sort, page
from crm.staff.models import Staff

BAND_YEARS = (2, 4, 6, 8, 10)
UNKNOWN = len(BAND_YEARS) + 1
"""The band of units whose age nobody knows; the one before it is open to above."""
OWNERS = 30


@dataclass(frozen=True, slots=True)
class Band:
    """Units of an age, and at how many customers they stand."""

    units: int = 0
    accounts: int = 0


def _standing(product_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Unit.product_id == product_id, Unit.status != "removed")


def _begun() -> sa.ColumnElement[date | None]:
    return sa.func.coalesce(Unit.installed_on, Unit.accepted_on, Unit.delivered_on)


def totals(product_id: int) -> Band:
    """All units of a product that were not taken out, and their customers."""
    units, accounts = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(Unit.account_id.distinct())).where(
            _standing(product_id)
        )
    ).one()
    return Band(units, accounts)


def ages(product_id: int, today: date) -> list[Band]:
    """Units in bands of two years, then ten years and more, then of unknown age."""
    begun = _begun()
    band = sa.case(
        (begun.is_(None), UNKNOWN),
        *((begun > months_after(today, -12 * years), n) for n, years in enumerate(BAND_YEARS)),
        else_=len(BAND_YEARS),
    ).label("band")
    counted = sa.select(band, Unit.account_id).where(_standing(product_id)).subquery()
    rows = db.session.execute(
        sa.select(
            counted.c.band, sa.func.count(), sa.func.count(counted.c.account_id.distinct())
        ).group_by(counted.c.band)
    )
    found = {number: Band(units, accounts) for number, units, accounts in rows}
    return [found.get(n, Band()) for n in range(UNKNOWN + 1)]


def owners(product_id: int, cursor: str | None) -> tuple[Page, dict[int, sa.Row[Any]]]:
    """Customers that have the product with their reps, and of each its units and the oldest."""
    key = Account.__table__.c.id
    mine = sa.select(Unit.account_id).where(_standing(product_id))
    found = page(
        [key.label("id"), Account.name, Staff.name.label("owner")], key, [sa.true()],
        [key.in_(mine)], Sort("id", key), cursor, OWNERS,
        sa.join(Account, Staff, Staff.id == Account.owner_id, isouter=True),
    )  # fmt: skip
    return found, _counts(product_id, [row.id for row in found.rows])


def _counts(product_id: int, account_ids: Sequence[int]) -> dict[int, sa.Row[Any]]:
    rows = db.session.execute(
        sa.select(
            Unit.account_id, sa.func.count().label("units"), sa.func.min(_begun()).label("oldest")
        )
        .where(_standing(product_id), Unit.account_id.in_(account_ids))
        .group_by(Unit.account_id)
    )
    return {row.account_id: row for row in rows}
